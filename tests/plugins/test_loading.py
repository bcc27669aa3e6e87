"""Installed and enabled is active; either alone is harmless and told; settings come from the switch file."""

import pytest

from bigpandamon_core.config import ConfigurationErrors, Mistake
from bigpandamon_core.plugin.discovery import Installed
from bigpandamon_core.plugin.loading import examine, load
from bigpandamon_core.plugin.mounting import digest
from bigpandamon_core.web.loading import mistakes_in
from tests.plugins.monitors import NAMES, announced, configured, plugin

ON, OFF = "enabled = true\n", "enabled = false\n"


def both() -> list[Installed]:
    return [announced(plugin(name)) for name in NAMES]


def seen(tmp_path, found, **switches):
    return {one.name: one for one in examine(configured(tmp_path, switches), found)}


def told(tmp_path, found=None, **switches) -> list[str]:
    """The mistakes of a start, without their files."""
    with pytest.raises(ConfigurationErrors) as caught:
        load(configured(tmp_path, switches), both() if found is None else found)
    return [str(mistake).removeprefix(f"{mistake.file}: ") for mistake in caught.value.mistakes]


def test_each_half_alone_is_harmless(tmp_path):
    found = seen(tmp_path, both(), quiet_vo=ON, left_over=ON, left_off=OFF)
    assert {name: one.state for name, one in found.items()} == {
        "demo_vo": "installed, not enabled",
        "quiet_vo": "active",
        "left_over": "enabled but not installed",
        "left_off": "switched off and not installed",
    }
    assert [one.plugin.name for one in load(configured(tmp_path, {}), both())] == ["quiet_vo"]


def test_nothing_is_imported_that_is_not_enabled(tmp_path):
    def explode():
        raise AssertionError("imported")

    loud = Installed("loud", "bigpandamon-loud", "1", "bigpandamon_loud.plugin:Loud", explode)
    assert load(configured(tmp_path, {"loud": OFF}), [loud]) == ()
    assert told(tmp_path, [loud], loud=ON) == [
        "expected a module that can be imported, found AssertionError: imported"
    ]


def judged(tmp_path, found, **switches) -> list[str]:
    """The keys of what is wrong, with a section named that nothing declares."""
    configuration = configured(tmp_path, switches, '[sections]\noff = ["demo_vo", "shfits"]\n')
    return [mistake.key for mistake in mistakes_in(configuration, found)]


def test_what_a_switch_file_says_hides_no_name_that_nothing_declares(tmp_path):
    assert judged(tmp_path, both(), demo_vo=ON, quiet_vo=ON) == ["sections.off"]
    strange = f"{ON}strange = 1\n"
    assert judged(tmp_path, both(), demo_vo=strange, quiet_vo=ON) == ["strange", "sections.off"]
    (tmp_path / "plugins.d/quiet_vo.toml").unlink()
    assert judged(tmp_path, both(), demo_vo=ON) == ["requires", "sections.off"]


def test_names_are_not_judged_while_a_plugin_cannot_be_read(tmp_path):
    nothing = announced(object(), "nothing")
    assert "sections.off" not in judged(tmp_path, [*both(), nothing], demo_vo=ON, nothing=ON)


def test_two_distributions_with_one_plugin(tmp_path):
    twice = [announced(plugin("quiet_vo")), announced(plugin("quiet_vo"))]
    assert told(tmp_path, twice, quiet_vo=ON) == [
        "expected one distribution with the plugin quiet_vo, found 2"
    ]


def test_settings_are_the_files_or_the_defaults(tmp_path):
    text = ON + 'shift_hours = 12\n[logbook]\ntoken = "sesame"\n'
    one, _ = load(configured(tmp_path, {"demo_vo": text, "quiet_vo": ON}), both())
    assert dict(one.settings) == {"demo_vo.shift_hours": 12, "demo_vo.logbook.token": "sesame"}
    assert one.shown == {"shift_hours": 12, "logbook.token": "***"}
    with pytest.raises(TypeError):
        one.settings["demo_vo.shift_hours"] = 5  # type: ignore[index]  # that is what is tried


def test_wrong_settings_are_told_with_the_switch_file(tmp_path):
    text = ON + 'shift_hour = 12\nshift_hours = "long"\n[scope]\njob = "vo=one"\njobs = "hours=5"\n'
    with pytest.raises(ConfigurationErrors) as caught:
        load(configured(tmp_path, {"demo_vo": text, "quiet_vo": ON}), both())
    file = str(tmp_path / "plugins.d/demo_vo.toml")
    known, unknown = "a known key", "an unknown one"
    assert list(caught.value.mistakes) == [
        Mistake(file, "shift_hour", known, unknown, "did you mean shift_hours?"),
        Mistake(file, "scope.job", known, unknown, "did you mean scope.jobs?"),
        Mistake(file, "shift_hours", "a whole number", '"long"'),
        Mistake(
            file,
            "scope.jobs",
            "a condition in the request language",
            '"hours=5"',
            "hours is no condition. A scope only filters.",
        ),
    ]


def test_what_is_required_must_be_active(tmp_path):
    assert told(tmp_path, demo_vo=ON) == [
        "requires: expected the plugin quiet_vo to be active, found it is not"
    ]


def test_a_broken_plugin_breaks_those_that_require_it(tmp_path):
    broken = type("QuietVo", (plugin("quiet_vo"),), {"__doc__": "Broken.", "api": 9})
    lines = told(tmp_path, [announced(plugin("demo_vo")), announced(broken)], demo_vo=ON, quiet_vo=ON)
    assert lines == [
        "requires: expected the plugin quiet_vo to be active, found it is not",
        "api: expected 1, found 9; install the release of the plugin that fits this core",
    ]


def test_the_digest_changes_with_whatever_changes_answers(tmp_path):
    def of(found, **switches):
        return digest(load(configured(tmp_path, switches), found))

    quiet = plugin("quiet_vo")
    digests = [
        of([]),
        of([announced(quiet)], quiet_vo=ON),
        of([announced(quiet, version="1.1")], quiet_vo=ON),
        of([announced(quiet)], quiet_vo=ON + '[scope]\njobs = "vo=other"\n'),
        of(both(), quiet_vo=ON, demo_vo=ON),
        of(both(), quiet_vo=ON, demo_vo=ON + "shift_hours = 6\n"),
    ]
    assert len(set(digests)) == len(digests)
    assert digests[0] == ""
    assert of([announced(quiet)], quiet_vo=ON, demo_vo=OFF) == digests[1]
