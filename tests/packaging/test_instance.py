"""The life of an instance from RPMs: installed, extended, changed, upgraded, shrunk, and what it stands."""

import gzip
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.packaging.later import later_release
from tests.packaging.root import CLEAN, Root
from tests.packaging.rpms import build
from tests.packaging.service import USER, Service, load, running
from tests.packaging.static_files import (
    FOR_NOW,
    assert_held_for_good,
    assert_no_other_is_given_for_good,
    statics,
)
from tests.services import namespaces
from tests.waiting import until

RELOADED = "--no-block try-reload-or-restart bigpandamon.service"
RESTARTED = "--no-block try-restart bigpandamon.service"
CONFIGURATION = "etc/bigpandamon/bigpandamon.toml"
PROGRAM = "demo_vo-watch"
LSST = "/lsst/jobs/?timestamp=1"
"""As who wants an answer of this moment asks: nginx does not keep it."""


pytestmark = [
    pytest.mark.packaging,
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (namespaces.allowed() and Path("/etc/debian_version").exists()),
        reason="a root is made of a Debian system's packages, by root who may have namespaces",
    ),
]


@pytest.fixture(scope="module")
def repo(rpms, tmp_path_factory) -> Path:
    """A repository of all packages, and of core in a later version with another default and another table."""
    folder: Path = tmp_path_factory.mktemp("repo")
    for rpm in rpms.values():
        (folder / rpm.name).hardlink_to(rpm)
    later = later_release(tmp_path_factory.mktemp("later"))
    build(later, folder, "core", "1.2.4")
    return folder


@pytest.fixture(scope="module")
def root(rpms, repo, tmp_path_factory) -> Iterator[Root]:
    """core is installed and has its one file edited; PanDA is a file of the service."""
    made = Root(tmp_path_factory.mktemp("host") / "root")
    made.make()
    made.shim(rpms.values(), repo)
    made.dnf(repo, "install", "bigpandamon-core-1.2.3")
    file = made.folder / CONFIGURATION
    file.write_text(file.read_text().replace('#kind = "memory"', 'kind = "memcached"'))
    with made.network():
        yield made


@pytest.fixture(scope="module")
def service(root, tmp_path_factory) -> Iterator[Service]:
    alone = Service(root)
    alone.command("demo", "schema")
    alone.command("migrate")
    with running(root, tmp_path_factory.mktemp("logs")) as started:
        yield started


def test_installing_starts_nothing(root):
    """What does not run is not restarted either."""
    assert root.asked_of_systemd() == [RESTARTED]


def test_it_answers_behind_nginx(service):
    status, headers, body = service.ask("/")
    assert (status, headers["server"]) == (200, "nginx")
    assert b"PanDA monitor" in body
    assert service.health()["status"] == "well"
    assert {name: state for name, (state, _) in service.status().items()} == dict.fromkeys(
        ("web", "follow", "facets", "schedule"), "RUNNING"
    )


def test_static_files_come_from_nginx_for_good_and_compressed(root, service):
    """Those of the page, by the digest that the web process made of its own copies."""
    assert statics(service, "/")
    assert_held_for_good(root, service, statics(service, "/"))


def test_every_static_file_lies_under_its_digest(root, service):
    folders = [*(root.folder / "usr/share/bigpandamon/static").glob("*/*")]
    assert folders
    assert all(re.fullmatch("[0-9a-f]{16}", folder.name) for folder in folders)
    for packed in (path for folder in folders for path in folder.rglob("*.gz")):
        assert gzip.decompress(packed.read_bytes()) == packed.with_suffix("").read_bytes()


def test_a_name_of_another_release_is_not_kept_for_good(service):
    """As an old page asks after an upgrade, or one of a host that has been upgraded asks one that has not."""
    status, headers, body = service.ask("/static/bigpandamon/0123456789abcdef/bigpandamon.css")
    assert (status, headers["cache-control"], b"@layer" in body) == (200, FOR_NOW, True)
    status, headers, _ = service.ask("/static/bigpandamon/0123456789abcdef/nothing.css")
    assert (status, headers["cache-control"]) == (404, FOR_NOW)


def test_each_line_of_each_log_is_an_object(root, service):
    """The sample of the option is switched to it; processes that run go on with what they began with."""
    file = root.folder / CONFIGURATION
    file.write_text(file.read_text().replace('#format = "plain"', 'format = "json"'))
    programs = ("web", "follow", "facets", "schedule")
    for name in programs:
        service.control("stop", name)
        (root.log / "bigpandamon" / f"{name}.log").write_text("")
        service.control("start", name)
    service.await_status("/health", 200)
    service.ask("/jobs/?timestamp=1")
    service.control("signal", "HUP", "web")
    for name in programs:
        service.control("restart", name)
    service.await_status("/health", 200)
    for name in programs:
        told = [
            json.loads(line) for line in (root.log / "bigpandamon" / f"{name}.log").read_text().splitlines()
        ]
        assert all(one.keys() >= {"time", "level", "logger", "message"} for one in told), name
        assert told or name != "web"


def test_a_request_has_one_id_in_all_logs(service):
    identity = service.ask("/jobs/?json&days=x", **{"X-Request-Id": "of-the-client"})[1]["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", identity)
    for log in ("nginx/bigpandamon.log", "bigpandamon/web.log"):
        service.await_line(log, identity)


def test_what_is_kept_for_all_is_kept_by_nginx(service):
    outcomes = [service.ask("/jobs/?json&limit=2")[1]["x-cache"] for _ in range(2)]
    assert outcomes[1] == "hit"


def test_verification_finds_only_what_was_edited(root, service):
    done = subprocess.run(
        ("rpm", f"--root={root.folder}", "-V", "bigpandamon-core", "bigpandamon-runtime"),
        env=CLEAN, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert [line.split(maxsplit=1)[1] for line in done.stdout.splitlines()] == [f"c /{CONFIGURATION}"]


def test_the_service_can_write_neither_code_nor_configuration(root, service):
    folders = " ".join(f"{root.folder}/{name}" for name in ("usr", "etc"))
    uid, gid = root.ids(USER)
    writable = subprocess.run(
        f"setpriv --reuid={uid} --regid={gid} --clear-groups find {folders} -writable ! -type l -print",
        shell=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert writable.stdout == ""


def test_a_plugin_comes_without_a_lost_request(root, repo, service):
    """Web processes follow one another; the other programs are started anew, with the plugin's code."""
    assert service.ask(LSST)[0] == 404
    before = {name: pid for name, (_, pid) in service.status().items()}
    with load(service) as counts:
        root.dnf(repo, "install", "bigpandamon-lsst")
        service.await_status(LSST, 200)
    assert set(counts) == {200}
    assert counts[200] > 20
    assert root.asked_of_systemd()[-1] == RELOADED
    assert service.health()["plugins"] == ["lsst"]
    until(lambda: {state for state, _ in service.status().values()} == {"RUNNING"})
    assert [name for name, (_, pid) in service.status().items() if pid == before[name]] == ["web"]


def test_a_plugin_that_cannot_be_active_changes_nothing_until_it_can(root, repo, service):
    """demo_vo needs quiet_vo: a reload that would fail does not begin."""
    root.dnf(repo, "install", "bigpandamon-demo-vo")
    assert root.asked_of_systemd()[-2:] == [RELOADED, "reload failed"]
    assert service.health()["plugins"] == ["lsst"]
    root.dnf(repo, "install", "bigpandamon-quiet-vo")
    service.await_status("/demo_vo/shift/?timestamp=1", 503)
    assert b"run `bigpandamon migrate`" in service.ask("/demo_vo/shift/?json&timestamp=1")[2]
    assert service.ask("/demo_vo/jobs/?timestamp=1")[0] == 200
    assert "bigpandamon_demo_vo.0001_notes" in service.health()["databases"]["default"]["lacks"]
    service.command("migrate")
    until(lambda: {service.ask("/demo_vo/shift/?timestamp=1")[0] for _ in range(20)} == {200})
    assert sorted(service.health()["plugins"]) == ["demo_vo", "lsst", "quiet_vo"]
    own = [address for address in statics(service, "/demo_vo/shift/") if "/demo_vo/" in address]
    assert own
    assert_held_for_good(root, service, own)
    until(lambda: service.status()[PROGRAM][0] == "RUNNING")


def test_its_switch_turns_it_off_and_on(root, service):
    switch = root.folder / "etc" / "bigpandamon" / "plugins.d" / "lsst.toml"
    for text, wanted in (("enabled = false\n", 404), ("enabled = true\n", 200)):
        switch.write_text(text)
        service.control("signal", "HUP", "web")
        service.await_status(LSST, wanted)
        assert service.ask("/jobs/")[0] == 200


def test_memcached_may_go(service):
    assert service.health()["cache"]["servers"] == {"127.0.0.1:11211": True}
    with load(service) as counts:
        service.processes["memcached"].kill()
        time.sleep(1)
    assert set(counts) == {200}
    service.processes["memcached"].start(lambda: True)


@pytest.mark.parametrize("program", ["follow", "facets", "schedule"])
def test_a_program_that_is_killed_comes_again(root, service, program):
    _, before = service.status()[program]
    os.kill(root.outer(before), signal.SIGKILL)

    def is_there() -> bool:
        assert service.ask("/jobs/?json&limit=1")[0] == 200
        return service.status()[program][1] not in (0, before)

    until(is_there)


def test_a_worker_that_is_killed_takes_no_page_with_it(root, service):
    _, web = service.status()["web"]
    workers = Path(f"/proc/{root.outer(web)}/task/{root.outer(web)}/children").read_text().split()
    with load(service) as counts:
        os.kill(int(workers[0]), signal.SIGKILL)
        time.sleep(2)
    assert counts[200] > 10
    assert sum(count for status, count in counts.items() if status != 200) <= 1
    assert service.health()["status"] == "well"


def test_an_upgrade_keeps_what_was_edited(root, repo, service):
    file = root.folder / CONFIGURATION
    edited = file.read_text().replace('#title = "PanDA monitor"', 'title = "Ours"')
    file.write_text(edited)
    before = {address: service.ask(address)[2] for address in statics(service, "/")}
    seen = len(root.asked_of_systemd())
    root.dnf(repo, "upgrade", "bigpandamon-core")
    assert_no_other_is_given_for_good(service, before)
    assert file.read_text() == edited
    assert "# A line of the later release." in file.with_name("bigpandamon.toml.rpmnew").read_text()
    assert root.asked_of_systemd()[seen:].count(RESTARTED) == 1
    assert "1.2.4" in service.command("--version")
    service.control("restart", "web")
    service.await_status("/health", 200)
    assert service.health()["version"] == "1.2.4"
    assert b"Ours" in service.ask("/?timestamp=1")[2]
    assert not set(before) & set(statics(service, "/"))
    assert_held_for_good(root, service, statics(service, "/"))
    assert_no_other_is_given_for_good(service, before)


def test_a_release_works_on_the_tables_of_the_one_before(root, service):
    told = service.health()
    assert (told["status"], told["databases"]["default"]["lacks"]) == ("well", ["state.9999_later"])
    assert "state.9999_later" in root.told("/usr/bin/bigpandamon", "check", user=USER, well=False)
    service.command("migrate")
    until(lambda: bool(service.health()["databases"]["default"]["migrated"]))


def test_a_downgrade_goes_as_well(root, repo, service):
    """On the tables of the later release."""
    root.dnf(repo, "downgrade", "bigpandamon-core-1.2.3")
    service.control("restart", "web")
    service.await_status("/health", 200)
    told = service.health()
    assert (told["status"], told["version"]) == ("well", "1.2.3")
    assert service.ask("/jobs/?timestamp=1")[0] == 200


def test_a_plugin_goes_and_core_stays(root, repo, service):
    switch = root.folder / "etc" / "bigpandamon" / "plugins.d" / "lsst.toml"
    switch.write_text("enabled = true\n# ours\n")
    root.dnf(repo, "remove", "bigpandamon-lsst")
    service.await_status(LSST, 404)
    assert service.health()["plugins"] == ["demo_vo", "quiet_vo"]
    assert switch.with_name("lsst.toml.rpmsave").read_text() == "enabled = true\n# ours\n"
    assert not [*root.folder.glob("usr/lib/bigpandamon/lib/python*/site-packages/bigpandamon_lsst*")]


def test_its_programs_go_and_its_tables_stay(root, repo, service):
    root.dnf(repo, "remove", "bigpandamon-demo-vo")
    service.await_status("/demo_vo/jobs/?timestamp=1", 404)
    until(lambda: PROGRAM not in service.status())
    assert service.health()["status"] == "well"
    assert "2 tables of demo_vo are dropped." in service.command("plugins", "purge", "demo_vo", "--yes")
