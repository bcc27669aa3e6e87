"""Who may read and write what, as `bigpandamon doctor` sees it, and what a package manager leaves behind."""

import os
import pwd

import pytest

from bigpandamon_core.management.inspection import Level, folders, leftovers, permissions
from tests.management.conftest import bad

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
NOBODY = "nobody"


@pytest.fixture
def nobody(folder, configuration):
    """State that belongs to another user, whom root then looks for; everybody gets to the folder."""
    for place in (folder, *folder.parents):
        if place.stat().st_uid == os.geteuid() and place.parts[1:2] == ("tmp",):
            place.chmod(place.stat().st_mode | 0o011)
    user = pwd.getpwnam(NOBODY)
    os.chown(folder / "state", user.pw_uid, user.pw_gid)
    return user


def test_permissions_that_are_well(configuration):
    assert bad(permissions.findings(configuration())) == []


@needs_root
def test_a_configuration_that_the_service_may_not_read(configuration, nobody, file):
    found = configuration()
    file.chmod(0o600)
    ((level, text, remedy),) = bad(permissions.findings(found))
    assert (level, text) == (Level.TROUBLE, f"nobody may not read {file}")
    assert remedy.endswith(f"{file} && chmod 0640 {file}")
    os.chown(file, 0, nobody.pw_gid)
    file.chmod(0o640)
    assert bad(permissions.findings(found)) == []


@needs_root
def test_what_the_service_may_write_to_but_should_not(configuration, nobody, packaged, file, folder):
    os.chown(folder / "log", nobody.pw_uid, nobody.pw_gid)
    found = configuration()
    assert bad(permissions.findings(found)) == []
    os.chown(file, nobody.pw_uid, 0)
    ((level, text, remedy),) = bad(permissions.findings(found))
    assert level is Level.WARN
    assert text == f"nobody may write to {file}, which only an administrator should"
    assert remedy == f"chown root {file} && chmod g-w {file}"


def test_what_everybody_may_write_to(configuration, folder):
    switch = folder / "plugins.d/one.toml"
    switch.write_text("enabled = false\n")
    found = configuration()
    switch.chmod(0o646)
    assert bad(permissions.findings(found)) == [
        (Level.TROUBLE, f"everybody may write to {switch}", f"chmod o-w {switch}")
    ]


def test_a_key_that_others_may_use(configuration, folder):
    key = folder / "state/secret_key"
    key.write_text("x" * 50)
    key.chmod(0o640)
    assert bad(permissions.findings(configuration())) == [
        (Level.TROUBLE, f"others than its owner may use the key in {key}", f"chmod 0600 {key}")
    ]


@needs_root
def test_a_key_of_somebody_else(configuration, nobody, folder):
    key = folder / "state/secret_key"
    key.write_text("x" * 50)
    key.chmod(0o600)
    assert bad(permissions.findings(configuration())) == [
        (Level.TROUBLE, f"{key} belongs to root, not to nobody", f"chown nobody {key}")
    ]


@needs_root
@pytest.mark.parametrize("there", [True, False])
def test_a_folder_that_cannot_be_written(configuration, nobody, folder, there):
    if there:
        (folder / "facets").mkdir()
    found = configuration(f'[facets]\nfolder = "{folder}/facets"\n')
    ((level, text, remedy),) = bad(permissions.findings(found))
    assert (level, text) == (Level.TROUBLE, f"nobody may not write facets to {folder}/facets")
    begun = "chown -R nobody:" if there else "install -d -o nobody -g "
    assert remedy.startswith(begun)


@pytest.mark.parametrize("shade", ["facets", "state"])
def test_a_file_where_a_folder_should_be(configuration, folder, shade):
    found = configuration(f'[facets]\nfolder = "{folder}/plain/facets"\n')
    (folder / "plain").write_text("")
    assert bad(permissions.findings(found)) == [
        (
            Level.TROUBLE,
            f"{folders.person(os.geteuid()).name} may not write facets to {folder}/plain/facets: "
            f"{folder}/plain is no folder",
            f"move {folder}/plain away",
        )
    ]


@needs_root
def test_root_is_told_to_be_the_service(configuration, packaged):
    ((level, text, remedy),) = bad(permissions.findings(configuration()))
    assert (level, text) == (Level.WARN, "looked at as root, who may do everything")
    assert "runuser -u bigpandamon -- bigpandamon doctor" in remedy


def test_somebody_else_than_the_service(configuration, monkeypatch, folder):
    found = configuration()
    stranger = folders.Person("stranger", 54321, frozenset())
    monkeypatch.setattr(folders, "service", lambda _: stranger)
    ((level, text, remedy), *_) = bad(permissions.findings(found))
    owner = folders.person(os.geteuid()).name
    assert (level, text) == (Level.WARN, f"looked at as stranger, but {folder}/state belongs to {owner}")
    assert remedy == f"run it as {owner}: `runuser -u {owner} -- bigpandamon doctor`"


def test_leftovers_of_a_package_manager(configuration, file, folder):
    for name in ("bigpandamon.toml.rpmnew", "plugins.d/one.toml.rpmsave", "plugins.d/one.rpm"):
        (folder / name).write_text("")
    new, saved = bad(leftovers.findings(configuration()))
    assert new[0] is saved[0] is Level.WARN
    assert f"`diff {file} {file}.rpmnew`" in new[2]
    assert saved[1] == f"{folder}/plugins.d/one.toml.rpmsave was edited and is no longer in force"
