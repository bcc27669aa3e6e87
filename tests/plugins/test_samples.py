"""Switch files are those that plugins declare: on, and every option at its default."""

import re
from pathlib import Path

import pytest

from bigpandamon_core.config import Option
from bigpandamon_core.config.installed import declared
from bigpandamon_core.config.switches import read_switches, settings
from bigpandamon_core.plugin import Plugin
from bigpandamon_core.plugin.loading import scope_options
from bigpandamon_core.plugin.samples import sample
from tests.architecture.repository import ROOT

SWITCHES = ROOT / "etc/plugins.d"
OURS = sorted(path.stem for path in SWITCHES.glob("*.toml"))


def plugin(name):
    (point,) = (point for point in declared() if point.name == name)
    return point.load()()


def test_every_plugin_of_ours_has_one():
    assert set(OURS) <= {point.name for point in declared()}
    assert OURS


@pytest.mark.parametrize("name", OURS)
def test_the_file_is_what_the_plugin_declares(name):
    path = SWITCHES / f"{name}.toml"
    command = f"bigpandamon plugins --sample {name} > etc/plugins.d/{name}.toml"
    assert path.read_text() == sample(plugin(name)), f"{path.name} is old; write it anew: {command}"


@pytest.fixture
def chatty():
    """A plugin with options of every kind, those of tables between those of none."""

    class Chatty(Plugin):
        name = "chatty"
        title = "Chatty"
        scope = {"jobs": "vo=one|other"}
        options = (
            Option("broker.token", str, "", "A token.", secret=True),
            Option("colour", str, "green", "A colour.", choices=("green", "blue")),
            Option("broker.hosts", list[str], ("a", "b"), "Where it is."),
            Option("days", int, 3, "How long.", "days"),
        )

    return Chatty()


def test_options_with_what_they_are_for_and_what_is_allowed(chatty):
    text = sample(chatty)
    assert '# A colour. One of green, blue.\n#colour = "green"\n' in text
    assert "# How long. Unit: days.\n#days = 3\n" in text
    assert text.count("[broker]") == 1
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("marks", [True, False])
def test_it_switches_on_and_says_the_defaults(chatty, tmp_path, marks):
    """Also with every mark removed."""
    text = sample(chatty)
    (tmp_path / "chatty.toml").write_text(
        text if marks else re.sub(r"^#(?=\w)", "", text, flags=re.MULTILINE)
    )
    switch = read_switches(tmp_path)["chatty"]
    assert (switch.enabled, switch.mistakes) == (True, ())
    values, mistakes = settings(switch, (*chatty.options, *scope_options(chatty)), Path("/srv"))
    assert mistakes == ()
    assert values["colour"] == "green"
    assert values["broker.hosts"] == ("a", "b")
    assert values["scope.jobs"] == chatty.scope["jobs"]
    assert len(dict(switch.settings)) == (2 if marks else 4)
