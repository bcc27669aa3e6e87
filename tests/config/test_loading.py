"""Which file is read, what relative paths mean, and what is in force without any file."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bigpandamon_core import config
from bigpandamon_core.config import OPTIONS, ConfigurationErrors, loading


def mistakes_of(path, environ=None):
    with pytest.raises(ConfigurationErrors) as caught:
        config.load(path, environ=environ or {})
    return [str(mistake) for mistake in caught.value.mistakes]


@pytest.fixture
def no_file(monkeypatch, tmp_path):
    """A machine on which nothing lies in /etc/bigpandamon."""
    monkeypatch.setattr(loading, "ETC", tmp_path / "etc")
    monkeypatch.setattr(loading, "FILE", tmp_path / "etc/bigpandamon.toml")


@pytest.mark.usefixtures("no_file")
def test_without_a_file_the_defaults_are_in_force():
    found = config.load(environ={"XDG_STATE_HOME": "/srv/state"})
    assert found.file is None
    assert found.get("paths.state") == Path("/srv/state/bigpandamon")
    assert str(found.get("database.url")) == "sqlite:////srv/state/bigpandamon/bigpandamon.sqlite3"
    assert {found.origin(option.key) for option in OPTIONS} == {"default"}


@pytest.mark.usefixtures("no_file")
def test_the_state_folder_follows_the_xdg_rules(monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    expected = Path("/home/someone/.local/state/bigpandamon")
    for environ in ({}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative"}):
        assert config.load(environ=environ).get("paths.state") == expected


def test_an_installed_file_keeps_its_state_in_var_lib(monkeypatch, file):
    monkeypatch.setattr(loading, "ETC", file.parent)
    monkeypatch.setattr(loading, "FILE", file)
    file.write_text("")
    found = config.load(environ={"XDG_STATE_HOME": "/srv/state"})
    assert found.get("paths.state") == Path("/var/lib/bigpandamon")


def test_the_environment_names_the_file(file):
    file.write_text('[instance]\ntitle = "Ours"')
    found = config.load(environ={"BIGPANDAMON_CONFIG": str(file)})
    assert found.get("instance.title") == "Ours"
    assert found.origin("instance.title") == str(file)
    assert found.origin("instance.name") == "default"


def test_a_path_given_comes_before_the_environment(file):
    file.write_text('[instance]\ntitle = "Ours"')
    found = config.load(file, environ={"BIGPANDAMON_CONFIG": "/nowhere/at/all.toml"})
    assert found.get("instance.title") == "Ours"


def test_a_file_named_by_the_environment_must_exist(folder):
    absent = folder / "absent.toml"
    assert mistakes_of(None, {"BIGPANDAMON_CONFIG": str(absent)}) == [
        f"{absent}: expected a configuration file, found none; correct or unset BIGPANDAMON_CONFIG"
    ]


def test_a_path_given_must_exist(folder):
    absent = folder / "absent.toml"
    assert mistakes_of(absent) == [f"{absent}: expected a configuration file, found none"]


def test_a_folder_is_not_a_file(folder):
    assert mistakes_of(folder) == [f"{folder}: expected a readable file, found is a directory"]


READ_AS_NOBODY = """
import os, sys
from bigpandamon_core import config
from pathlib import Path
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
_, mistakes = config.examine(Path(sys.argv[1]))
print(*mistakes)
"""


def test_a_file_one_may_not_read(file, folder):
    file.write_text("")
    file.chmod(0)
    for place in (folder, *folder.parents):
        if place.stat().st_uid == os.getuid() and place != Path("/tmp"):
            place.chmod(place.stat().st_mode | 0o011)
    words = [sys.executable, "-c", READ_AS_NOBODY, str(file)]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    assert told == f"{file}: expected a readable file, found permission denied"


def test_a_syntax_error_tells_its_line(file):
    file.write_text('[instance]\ntitle = "a"\nname = unquoted\n')
    (told,) = mistakes_of(file)
    assert told.startswith(f"{file}: expected TOML, found ")
    assert "line 3" in told


def test_a_byte_order_mark_is_passed_over(file):
    file.write_bytes(b"\xef\xbb\xbf[jobs]\nlimit = 7\n")
    assert config.load(file).get("jobs.limit") == 7


def test_bytes_that_are_not_utf_8_tell_their_line(file):
    file.write_bytes(b'[instance]\n# caf\xc3\xa9\ntitle = "caf\xe9"\n')
    assert mistakes_of(file) == [f"{file}: expected text in UTF-8, found other bytes at line 3"]


def test_relative_paths_begin_at_the_file(read, folder):
    found = read('[paths]\nstate = "var"\n[cache]\nfolder = "kept"\n[panda]\nurl = "sqlite:///p.sqlite3"')
    assert found.get("paths.state") == folder / "var"
    assert found.get("cache.folder") == folder / "kept"
    assert found.get("panda.url").name == str(folder / "p.sqlite3")
    assert found.get("database.url").name == str(folder / "var/bigpandamon.sqlite3")


def test_the_state_folder_can_be_named_in_paths_and_urls(read):
    state = "/srv/a b%20c?d#e@f"
    found = read(f'[paths]\nstate = "{state}"\n[cache]\nfolder = "{{state}}/kept"')
    assert found.get("cache.folder") == Path(state) / "kept"
    assert found.get("database.url").name == f"{state}/bigpandamon.sqlite3"


def test_home_is_expanded(read, monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    assert read('[paths]\nstate = "~/state"').get("paths.state") == Path("/home/someone/state")


def test_the_digest_follows_values_and_nothing_else(read):
    plain = read("").digest()
    assert read("# a comment").digest() == plain
    assert read('[instance]\nname = "panda"').digest() == plain
    assert read('[instance]\nname = "other"').digest() != plain
    assert read("[cache.points]\njobs = 60").digest() != plain


def test_hosts_of_one_instance_may_differ_in_places_and_processes(read):
    one = '[database]\nurl = "mariadb://a:b@db.example.org/own"\n[panda]\nurl = "mariadb://a:b@db.example.org/panda"\n'
    other = (
        '[web]\nbind = "10.0.0.2:80"\nworkers = 9\n[paths]\nstate = "/elsewhere"\n[cache]\nfolder = "/fast"\n'
    )
    assert read(one + other).digest() == read(one).digest()


def test_an_unknown_key_is_no_value_to_get(read):
    with pytest.raises(KeyError, match=r"cache\.kind"):
        read("").get("cache.knd")


def test_names_in_open_options_are_compared_with_what_exists(read, file):
    found = read('[sections]\noff = ["jobs", "erors"]')
    (mistake,) = found.strangers("sections.off", ["jobs", "errors"], "section")
    assert str(mistake) == (
        f'{file}: sections.off: expected a known section, found "erors"; did you mean errors?'
    )


def test_a_faulty_file_can_still_be_looked_at(file):
    file.write_text('[instance]\ntitle = "Ours"\n[jobs]\nlimit = "many"\n[paths]\nstate = 5\n')
    found, mistakes = config.examine(file, environ={"XDG_STATE_HOME": "/srv/state"})
    assert found.get("instance.title") == "Ours"
    assert found.get("jobs.limit") == 20_000
    assert {mistake.key for mistake in mistakes} == {"jobs.limit", "paths.state"}
