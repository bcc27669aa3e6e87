"""Plugin switch files."""

from pathlib import Path

import pytest

from bigpandamon_core.config import Option, read_switches
from bigpandamon_core.config.switches import settings

OPTIONS = (
    Option("colour", str, "green", "A colour.", choices=("green", "red")),
    Option("broker.token", str, "", "A token.", secret=True),
    Option("broker.ports", list[str], (), "Ports."),
    Option("folder", Path, "{state}/demo", "A folder."),
)


@pytest.fixture
def switch(folder):
    def write_and_read(text, name="demo"):
        (folder / f"plugins.d/{name}.toml").write_text(text)
        return read_switches(folder / "plugins.d")[name]

    return write_and_read


def told(switch):
    _, mistakes = settings(switch, OPTIONS, Path("/srv"))
    return [str(mistake).removeprefix(f"{switch.file}: ") for mistake in (*switch.mistakes, *mistakes)]


def test_a_switch_is_off_until_it_says_otherwise(switch):
    assert not switch("").enabled
    assert not switch("enabled = false").enabled
    assert switch("enabled = true").enabled


def test_a_switch_that_is_written_wrong_is_told(switch):
    wrong = "enabeld: expected a known key, found an unknown one; did you mean enabled?"
    found = switch("enabeld = true")
    assert (found.enabled, [str(one).removeprefix(f"{found.file}: ") for one in found.mistakes]) == (
        False,
        [wrong],
    )
    assert switch('enabled = false\nenable = "colour"').mistakes == ()
    assert switch('colour = "red"').mistakes == ()


def test_values_are_the_files_or_the_defaults(switch, folder):
    text = 'enabled = true\ncolour = "red"\nfolder = "here"\n[broker]\nports = ["a"]'
    values, mistakes = settings(switch(text), OPTIONS, Path("/srv"))
    expected = {
        "colour": "red",
        "broker.token": "",
        "broker.ports": ("a",),
        "folder": folder / "plugins.d/here",
    }
    assert (dict(values), mistakes) == (expected, ())
    values, _ = settings(switch("enabled = true"), OPTIONS, Path("/srv"))
    assert values["folder"] == Path("/srv/demo")


def test_mistakes_carry_file_and_key(switch):
    assert told(switch('colour = "blue"\ncolur = "red"\n[broker]\ntoken = 5')) == [
        "colur: expected a known key, found an unknown one; did you mean colour?",
        'colour: expected one of green, red, found "blue"',
        "broker.token: expected a text, found a number that is not shown",
    ]
    assert told(switch('enabled = "true"')) == ['enabled: expected true or false, found "true"']
    (line,) = told(switch("enabled =\ncolour = 1"))
    assert line.startswith("expected TOML, found ")
    assert "line 1" in line


def test_a_broken_file_switches_nothing_on(switch):
    assert not switch("enabled = true\nenabled = true").enabled


def test_a_file_is_named_after_its_plugin(switch):
    (line,) = told(switch("", name="My-Plugin"))
    assert line == (
        'expected a file named after its plugin: a-z, 0-9 and _, a letter first, found "My-Plugin.toml"'
    )


def test_only_toml_is_read(folder):
    for name in ("a.toml.rpmnew", "b.toml.rpmsave", "c.conf", "d.toml~", "e.toml"):
        (folder / "plugins.d" / name).write_text("enabled = true")
    assert list(read_switches(folder / "plugins.d")) == ["e"]


def test_a_switch_shows_no_settings(switch):
    assert "geheim" not in repr(switch('enabled = true\ntoken = "geheim"'))


def test_the_configuration_holds_the_switches(read, folder):
    (folder / "plugins.d/demo.toml").write_text("enabled = true")
    assert read("").switches["demo"].enabled


def test_no_folder_means_no_plugins(read, folder):
    (folder / "plugins.d").rmdir()
    assert dict(read("").switches) == {}
