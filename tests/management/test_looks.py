"""The looks of `bigpandamon doctor`, each with a fault put in its way."""

import os
from datetime import timedelta

import pytest

from bigpandamon_core import config
from bigpandamon_core.domain import window
from bigpandamon_core.management.inspection import (
    Level,
    clock,
    disk,
    grants,
    web,
)
from bigpandamon_core.panda.families import FAMILIES, Presence
from bigpandamon_core.queries.rights import Rights
from bigpandamon_core.sources.dialects import noted
from bigpandamon_core.sources.failures import failure
from tests.management.conftest import bad, saying

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
    ((level, text, remedy),) = bad(clock.of_theirs(config.current()))
    direction = "61 s ahead of" if seconds > 0 else "61 s behind"
    assert (level, text) == (Level.TROUBLE, f"{direction} that of the PanDA database")
    assert "chronyd" in remedy


def test_a_slow_way_to_the_database_is_no_difference(theirs):
    ticks = iter(range(0, 60, 20))
    begun = window.now()
    window.set_clock(lambda: begun + timedelta(seconds=next(ticks)))
    try:
        theirs(window.now)
        assert bad(clock.of_theirs(config.current())) == []
    finally:
        window.set_clock(None)


def test_a_clock_that_is_not_told(theirs):
    from django.db import OperationalError

    def lost():
        raise failure("panda", OperationalError("gone"))

    theirs(lost)
    ((level, text, _),) = bad(clock.of_theirs(config.current()))
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
