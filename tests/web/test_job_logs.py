"""`/filebrowser/`: files of a job's log, from folders and from a stand-in for another server."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from bigpandamon_core.sections import catalogue
from bigpandamon_core.sources import connecting
from bigpandamon_core.web.loading import assembled
from tests.plugins.monitors import running
from tests.services.elsewhere import Doors, Server, redirect, serving
from tests.sources.test_archives import special, tar
from tests.web import compatible

USER = "Ada Byron"
HOSTILE = "<script>alert(1)</script>"
LOG = gzip.compress(
    tar(
        ("tarball/pilot.log", f"Hello Zürich {HOSTILE}, says {USER}".encode()),
        ("tarball/a b&c.txt", b"x"),
        ("other/pilot.log", b"second"),
        special("tarball/link", b"2", "/etc/passwd"),
        ("../up", b"x"),
        (f"{HOSTILE}", b"x"),
    )
)
KEYS = ["name", "dirname", "modification", "size", "media_link"]
pytestmark = pytest.mark.usefixtures("own", "clock")


def ask(client: Any, job: int) -> Any:
    return compatible.ask(client, "/filebrowser/", pandaid=job)


def refused(client: Any, query: str, expected: int) -> Any:
    status, told = compatible.refused(client, f"/filebrowser/?json&{query}")
    assert status == expected
    return told


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "logs"
    (made / "tests").mkdir(parents=True)
    (made / "tests" / "job.log.tgz").write_bytes(LOG)
    return made


@pytest.fixture
def job(panda: Any) -> int:
    number: int = panda.job(produsername=USER)
    panda.file(number, type="output", lfn="out.root", scope="tests")
    panda.file(number, type="log", lfn="job.log.tgz", scope="tests", guid="AB-12")
    return number


Start = Callable[..., None]


@pytest.fixture
def start(configured: Any, folder: Path) -> Start:
    def started(more: str = "", before: str = "", pattern: str = "{scope}/{lfn}") -> None:
        configured(f'[cache]\nkind = "memory"\n{before}[job_logs]\nfolders = ["{folder}/{pattern}"]\n{more}')

    return started


def test_the_list_that_programs_know(client: Any, job: int, start: Start):
    start()
    told = ask(client, job)
    assert told["error"] == ""
    assert [list(file) for file in told["files"]] == [KEYS] * 6
    assert told["files"][0] == {
        "name": "pilot.log",
        "dirname": "tarball",
        "modification": "2026-03-01 12:00:00",
        "size": len(f"Hello Zürich {HOSTILE}, says {USER}".encode()),
        "media_link": f"/filebrowser/?pandaid={job}&filename=tarball%2Fpilot.log",
    }
    assert [file["name"] for file in told["files"] if not file["media_link"]] == ["link", "up"]


def test_a_file_as_text(client: Any, job: int, start: Start):
    start()
    for link in (file["media_link"] for file in ask(client, job)["files"]):
        for form in ("", "&json") if link else ():
            answer = client.get(link + form)
            assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    answer = client.get(f"/filebrowser/?pandaid={job}&filename=pilot.log&json")
    assert answer.content.decode() == f"Hello Zürich {HOSTILE}, says {USER}"
    assert client.get(f"/filebrowser/?pandaid={job}&filename=other/pilot.log").content == b"second"


def test_what_cannot_be_had(client: Any, job: int, panda: Any, start: Start):
    start()
    told = refused(client, f"pandaid={job}&filename=absent", 404)
    assert told["error"] == "No such log file found in tarball"
    assert "a link" in refused(client, f"pandaid={job}&filename=link", 400)["error"]
    without = panda.job()
    assert "cannot be had" in refused(client, f"pandaid={without}", 400)["error"]
    assert refused(client, "", 400)["problem"]["parameter"] == "pandaid"
    assert refused(client, "pandaid=x", 400)["problem"]["parameter"] == "pandaid"
    refused(client, f"pandaid={job}&filename=%00", 400)
    refused(client, "pandaid=99999999", 404)


@pytest.mark.parametrize("lfn", ["../secret", "/etc/passwd", "..", "absent"])
def test_names_that_lead_out(client: Any, panda: Any, start: Start, folder: Path, lfn: str):
    (folder.parent / "secret").write_bytes(b"secret")
    start(pattern="{lfn}")
    number = panda.job()
    panda.file(number, type="log", lfn=lfn)
    refused(client, f"pandaid={number}", 400)


def test_the_page(client: Any, job: int, start: Start):
    start()
    page = client.get(f"/filebrowser/?pandaid={job}").content.decode()
    assert f"Log of job {job}" in page
    assert f'href="/filebrowser/?pandaid={job}&amp;filename=tarball%2Fa+b%26c.txt"' in page
    assert "a name that leads out" in page
    assert HOSTILE not in page
    assert f'href="/filebrowser/?pandaid={job}"' in client.get(f"/job/{job}/").content.decode()


def test_where_nobody_tells_where_logs_are(client: Any, job: int):
    assert "nobody has told" in refused(client, f"pandaid={job}", 400)["error"]
    assert "filebrowser" not in client.get(f"/job/{job}/").content.decode()


def test_only_for_those_who_are_signed_in(client: Any, job: int, start: Start, accounts: Any):
    start("signed_in = true")
    told = refused(client, f"pandaid={job}", 401)
    assert told["error"] == "No token provided"
    assert client.get(f"/filebrowser/?pandaid={job}").status_code == 401
    accounts.make("ada")
    answer = client.get(
        f"/filebrowser/?pandaid={job}&json", headers={"authorization": f"Token {accounts.token()}"}
    )
    assert len(answer.json()["files"]) == 6
    assert answer["Cache-Control"] == "private, no-store"
    refused(client, f"pandaid={job}", 401)


def test_names_that_are_hidden(client: Any, job: int, start: Start):
    start(before='[privacy]\nanonymous = "none"\n')
    text = client.get(f"/filebrowser/?pandaid={job}&filename=pilot.log").content.decode()
    assert "Hello Zürich" in text
    assert USER not in text


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    routes = {
        "/logs/tests/job.log.tgz": lambda handler: handler.reply(LOG, "application/gzip"),
        "/logs/tests/out.log": redirect("http://169.254.169.254/"),
        "/logs/tests/html.log": lambda handler: handler.reply(HOSTILE.encode()),
        "/logs/tests/large.log": lambda handler: handler.reply(b"x" * 2_000_000),
    }
    with serving(routes) as found:
        doors = Doors(found, {})
        monkeypatch.setattr(connecting, "connect", doors.connect)
        monkeypatch.setattr(connecting, "resolve", doors.resolve)
        yield found


def test_logs_of_another_server(client: Any, panda: Any, configured: Any, server: Server, tmp_path: Path):
    urls = f'urls = ["{server.url}logs/{{scope}}/{{lfn}}"]\narchive_mb = 1\n'
    configured(f'[cache]\nkind = "none"\n[job_logs]\nfolders = ["{tmp_path}/{{lfn}}"]\n{urls}')

    def numbered(lfn: str) -> int:
        number: int = panda.job()
        panda.file(number, type="log", lfn=lfn, scope="tests")
        return number

    job = numbered("job.log.tgz")
    assert len(ask(client, job)["files"]) == 6
    ((path, headers),) = server.asked
    assert path == "/logs/tests/job.log.tgz"
    assert set(headers) == {"host", "accept", "accept-encoding", "connection", "user-agent"}
    html = client.get(f"/filebrowser/?pandaid={numbered('html.log')}&filename=html.log")
    assert (html.content.decode(), html["Content-Type"]) == (HOSTILE, "text/plain; charset=utf-8")
    for lfn, words in {"out.log": "must not", "large.log": "more than 1 MB", "absent.log": "nothing"}.items():
        told = refused(client, f"pandaid={numbered(lfn)}", 400)["error"]
        assert words in told
        assert "it is not there" in told


def test_the_section_can_be_switched_off(client: Any, job: int, start: Start):
    start(before='[sections]\noff = ["joblogs"]\n')
    assert "joblogs" in {section.name for section in catalogue.CORE}
    with running(assembled(settings.BIGPANDAMON, ())):
        assert client.get(f"/filebrowser/?pandaid={job}").status_code == 404
