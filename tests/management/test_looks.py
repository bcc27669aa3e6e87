"""The looks of `bigpandamon doctor`, each with a fault put in its way."""

import os
import pwd
from datetime import timedelta

import pytest

from bigpandamon_core import config
from bigpandamon_core.config import loading
from bigpandamon_core.domain import window
from bigpandamon_core.management.inspection import (
    Level,
    clock,
    disk,
    folders,
    grants,
    leftovers,
    permissions,
    web,
)
from bigpandamon_core.panda.families import FAMILIES, Presence
from bigpandamon_core.queries.rights import Rights
from bigpandamon_core.sources.dialects import noted
from bigpandamon_core.sources.failures import failure
from tests.management.conftest import saying

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
NOBODY = "nobody"


@pytest.fixture
def configuration(file, folder):
    """The configuration of a text; its state is the folder `state`, which is there."""
    (folder / "state").mkdir()

    def read(text=""):
        file.write_text(f'[paths]\nstate = "state"\n{text}')
        file.chmod(0o644)
        return config.examine(file, environ={})[0]

    return read


def bad(found):
    """(level, text, remedy) of what is not well."""
    return [(one.level, one.text, one.remedy) for one in found if one.level is not Level.OK]


@pytest.fixture
def packaged(monkeypatch, folder):
    """The files lie as the packages put them."""
    monkeypatch.setattr(loading, "ETC", folder)
    monkeypatch.setattr(folders, "LOGS", folder / "log")
    (folder / "log").mkdir()


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


GB = 1 << 30


def disk_of(monkeypatch, whole, left, files=1_000_000, files_left=900_000):
    block = 4096
    numbers = (
        block,
        block,
        whole // block,
        left // block,
        left // block,
        files,
        files_left,
        files_left,
        0,
        255,
    )
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(numbers))


@pytest.mark.parametrize(
    ("whole", "left", "level"),
    [
        (100 * GB, 50 * GB, Level.OK),
        (100 * GB, 4 * GB, Level.WARN),
        (10_000 * GB, 100 * GB, Level.OK),
        (10_000 * GB, 19 * GB, Level.WARN),
        (8 * GB, GB - 4096, Level.WARN),
        (8 * GB, GB, Level.OK),
        (8 * GB, 99 << 20, Level.TROUBLE),
        (8 * GB, 0, Level.TROUBLE),
    ],
)
def test_room(configuration, monkeypatch, folder, whole, left, level):
    disk_of(monkeypatch, whole, left)
    (found,) = disk.findings(configuration())
    assert found.level is level
    assert found.text.endswith(f"left in {folder}/state for state, facets, kept answers")
    assert bool(found.remedy) == (level is not Level.OK)


@pytest.mark.parametrize(
    ("files", "left", "level"),
    [
        (1_000_000, 10_000, Level.OK),
        (1_000_000, 9_999, Level.WARN),
        (1_000_000, 0, Level.TROUBLE),
        (0, 0, Level.OK),
    ],
)
def test_files_that_can_be_made(configuration, monkeypatch, files, left, level):
    disk_of(monkeypatch, 100 * GB, 50 * GB, files, left)
    (found,) = disk.findings(configuration())
    assert found.level is level


def test_an_own_database_on_another_host(configuration, monkeypatch, folder, tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "21 1 0:20 / / rw - ext4 /dev/sda1 rw\n"
        f"22 21 0:21 / {folder}/state rw,nosuid shared:1 master:2 - nfs4 host:/state rw\n"
        "23 21 0:22 / /with\\040blank rw - xfs /dev/sdb rw\n"
    )
    monkeypatch.setattr(disk, "MOUNTS", mounts)
    ((level, text, remedy),) = bad(disk.findings(configuration()))
    assert (level, "lies on nfs4" in text) == (Level.WARN, True)
    assert "PostgreSQL" in remedy
    assert disk.file_system_of(tmp_path) == "ext4"
    assert disk.file_system_of(type(tmp_path)("/with blank/x")) == "xfs"
    monkeypatch.setattr(disk, "MOUNTS", tmp_path / "none")
    assert disk.file_system_of(tmp_path) == ""


@pytest.fixture
def theirs(monkeypatch):
    """Sets what the PanDA database's clock says, as a function."""
    return lambda says: monkeypatch.setattr(clock, "of_panda", says)


@pytest.mark.parametrize("seconds", [-61, 61])
def test_clocks_that_differ(theirs, seconds):
    theirs(lambda: window.now() - timedelta(seconds=seconds))
    ((level, text, remedy),) = bad(clock.of_theirs(None))
    direction = "61 s ahead of" if seconds > 0 else "61 s behind"
    assert (level, text) == (Level.TROUBLE, f"{direction} that of the PanDA database")
    assert "chronyd" in remedy


def test_a_slow_way_to_the_database_is_no_difference(theirs):
    ticks = iter(range(0, 60, 20))
    begun = window.now()
    window.set_clock(lambda: begun + timedelta(seconds=next(ticks)))
    try:
        theirs(window.now)
        assert bad(clock.of_theirs(None)) == []
    finally:
        window.set_clock(None)


def test_a_clock_that_is_not_told(theirs):
    from django.db import OperationalError

    def lost():
        raise failure("panda", OperationalError("gone"))

    theirs(lost)
    ((level, text, _),) = bad(clock.of_theirs(None))
    assert level is Level.TROUBLE
    assert text.startswith("the PanDA database does not tell its time: ")


def web_at(configuration, bind):
    (found,) = web.findings(configuration(f'[web]\nbind = "{bind}"\nbase_path = ""\n'))
    return found


def test_the_web_of_this_release(configuration, web_of_this_release):
    assert web_at(configuration, web_of_this_release).level is Level.OK


def test_the_web_of_another_release(configuration, answering):
    found = web_at(configuration, answering(saying({"version": "0.0.1"}, 503)))
    assert found.level is Level.WARN
    assert found.text.startswith("0.0.1 answers at 127.0.0.1:")
    assert found.remedy == "restart `bigpandamon serve`"


@pytest.mark.parametrize("told", ["nothing of ours", ["list"], {"status": "well"}])
def test_something_else_answers(configuration, answering, told):
    found = web_at(configuration, answering(saying(told)))
    assert (found.level, found.text[:14]) == (Level.TROUBLE, "something else")


def test_what_is_no_text_at_all(configuration, answering):
    found = web_at(configuration, answering(lambda handler: handler.reply(b"\xff\xfe\x00{")))
    assert found.level is Level.TROUBLE


def test_a_web_that_hangs(configuration, silent, monkeypatch):
    monkeypatch.setattr(web, "SECONDS", 0.2)
    found = web_at(configuration, f"127.0.0.1:{silent}")
    assert found.level is Level.TROUBLE
    assert "does not answer within 0.2 s" in found.text


def test_a_web_on_a_socket_that_is_not_there(configuration, folder, packaged):
    found = web_at(configuration, f"unix:{folder}/none")
    assert (found.level, found.remedy) == (Level.TROUBLE, "systemctl start bigpandamon")


def test_oracle_without_server_does_not_tell_absent_from_forbidden(panda_tables):
    schemas = {"panda": "OWNER_PANDA", "arch": "", "meta": "", "deft": ""}
    states = dict.fromkeys((table for tables in FAMILIES.values() for table in tables), Presence.PRESENT)
    states |= dict.fromkeys(FAMILIES["statuslog"], Presence.ABSENT)
    with noted("oracle", {}, schemas):
        ((level, text, remedy),) = bad(grants.told(states, Rights("READER"), "oracle"))
    assert (level, text) == (Level.WARN, "tables of statuslog that may not be read: jobs_statuslog")
    assert remedy.endswith("say: GRANT SELECT ON OWNER_PANDA.JOBS_STATUSLOG TO READER;")


def test_what_oracle_without_server_lets_be_revoked(panda_tables):
    states = dict.fromkeys((table for tables in FAMILIES.values() for table in tables), Presence.PRESENT)
    held = Rights("READER", (("UPDATE ANY TABLE", ""), ("INSERT", "OWNER.JOBSACTIVE4")))
    with noted("oracle", {}):
        ((_, text, remedy),) = bad(grants.told(states, held, "oracle"))
    assert text.startswith("READER may UPDATE ANY TABLE, INSERT on every table, OWNER.JOBSACTIVE4;")
    assert remedy.endswith(
        "say: REVOKE UPDATE ANY TABLE FROM READER; REVOKE INSERT ON OWNER.JOBSACTIVE4 FROM READER;"
    )
