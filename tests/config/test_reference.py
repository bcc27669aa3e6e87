"""The generated files are those of the options, and the sample says what is in force without it."""

import re
import tomllib
from pathlib import Path

import pytest

from bigpandamon_core import config
from bigpandamon_core.config import OPTIONS, Option, reference
from bigpandamon_core.config.kinds import Place, convert
from bigpandamon_core.config.toml import written

ROOT = Path(__file__).parents[2]
GENERATED = {
    "sample": (ROOT / "etc/bigpandamon.toml", reference.sample),
    "page": (ROOT / "docs/configuration.md", reference.page),
}


@pytest.mark.parametrize("what", GENERATED)
def test_generated_files_are_up_to_date(what):
    path, generate = GENERATED[what]
    shown = path.relative_to(ROOT)
    command = f"python -m bigpandamon_core.config.reference {what} > {shown}"
    assert path.read_text() == generate(), f"{shown} is old; write it anew: {command}"


def test_the_sample_sets_nothing(read):
    found = read(reference.sample())
    assert {found.origin(option.key) for option in OPTIONS} == {"default"}


def test_the_sample_with_every_mark_removed_gives_the_defaults(read):
    plain = read("")
    found = read(re.sub(r"^#(?=\w)", "", reference.sample(), flags=re.MULTILINE))
    assert {option.key for option in OPTIONS if found.origin(option.key) == "default"} == set()
    assert {option.key: found.get(option.key) for option in OPTIONS} == {
        option.key: plain.get(option.key) for option in OPTIONS
    }


def test_every_option_is_on_the_page_with_its_help():
    page = reference.page()
    assert [option.key for option in OPTIONS if f"| `{option.key}` |" not in page] == []
    assert [option.key for option in OPTIONS if option.help.replace("|", "\\|") not in page] == []


def test_options_are_declared_soundly():
    keys = [option.key for option in OPTIONS]
    assert len(keys) == len(set(keys))
    assert [key for key in keys if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", key)] == []
    assert [option.key for option in OPTIONS if not option.help.endswith(".")] == []
    assert [key for key in keys for other in keys if other.startswith(f"{key}.")] == []


@pytest.mark.parametrize(
    "option", [option for option in OPTIONS if option.key != "paths.state"], ids=lambda option: option.key
)
def test_a_default_is_allowed(option):
    _, mistakes = convert(option, option.default, Place(Path("/etc"), Path("/srv")), "file")
    assert mistakes == []


def test_options_of_a_plugin_have_a_sample_too():
    options = [Option("colour", str, "green", "A colour."), Option("broker.token", str, "", "A token.")]
    text = reference.sample(options, "# The demo plugin.")
    assert text.splitlines() == [
        "# The demo plugin.",
        "",
        "# A colour.",
        '#colour = "green"',
        "",
        "[broker]",
        "# A token.",
        '#token = ""',
    ]


@pytest.mark.parametrize(
    "value", [True, False, 0, -5, 1.5, "", 'a "b" \\ \n é ☃', [], ["a", "b"], {}, {"a": 1, "b c": 2}]
)
def test_written_values_read_back(value):
    assert tomllib.loads(f"x = {written(value)}")["x"] == value


def test_the_folder_of_switches_lies_beside_the_installed_file():
    """What the packages install is found by the defaults."""
    found, _ = config.examine(None, environ={"XDG_STATE_HOME": "/srv/state"})
    assert found.get("plugins.folder") == Path("/etc/bigpandamon/plugins.d")
