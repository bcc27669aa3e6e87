"""Kept answers as clients see them: never another's, never older than they say, told where they come from."""

import gzip
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connections
from django.test import RequestFactory

from bigpandamon_core.sections.types import Access
from bigpandamon_core.web import kept
from bigpandamon_core.web.access import caller_of
from bigpandamon_core.web.asked import read
from bigpandamon_core.web.loading import registry

pytestmark = pytest.mark.once

FORMATS = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson; charset=utf-8",
    "text": "text/plain; charset=utf-8",
}
GZIP = {"accept-encoding": "br, gzip;q=0.8"}


@pytest.fixture
def jobs(panda, keeping):
    for site in ("QUEUE_ONE", "QUEUE_ONE", "QUEUE_TWO"):
        panda.job(computingsite=site)
    return panda


def outcome(client, url, **more):
    return client.get(url, **more)["X-Cache"]


def body(response):
    return (
        gzip.decompress(response.content) if response.get("Content-Encoding") == "gzip" else response.content
    )


@pytest.mark.parametrize("order", [FORMATS, list(FORMATS)[::-1]])
def test_no_form_is_served_as_another(jobs, client, order):
    for name in (*order, *order):
        response = client.get(f"/jobs/?format={name}", headers=GZIP)
        assert response["Content-Type"] == FORMATS[name]
        assert body(response).lstrip()[:1] == {"html": b"<", "json": b"{", "ndjson": b"{"}.get(name, b"p")
    assert outcome(client, "/jobs/", headers={"accept": "application/json"}) == "hit"


URLS = (
    "/jobs/?json",
    "/jobs/?json&computingsite=QUEUE_ONE",
    "/jobs/?format=csv&hours=1",
    "/jobs/?format=ndjson",
    "/api/v1/jobs?computingsite=QUEUE_TWO&format=csv",
    "/jobs/?json&sync=1",
)


@pytest.mark.parametrize("url", URLS)
def test_a_kept_answer_is_the_one_that_would_be_made(jobs, client, url):
    made = client.get(f"{url}&timestamp=1")
    assert outcome(client, url) == "miss"
    hit = client.get(url)
    assert hit["X-Cache"] == "hit"
    assert hit.content == made.content
    for name in ("Content-Type", "Content-Disposition", "X-Ignored-Parameters"):
        assert hit.get(name) == made.get(name)


def test_a_window_is_made_as_it_is_keyed(jobs, client, keeping):
    keeping.forward(50)
    jobs.job(computingsite="QUEUE_NEW")
    keeping.forward(5)
    first = client.get("/api/v1/jobs").json()
    assert first["meta"]["window"]["to"] == "2026-03-01T12:01:00"
    assert first["meta"]["as_of"] == "2026-03-01T12:00:55"
    assert first["meta"]["cached"] is True
    now = client.get("/jobs/?json&timestamp=1").json()
    assert len(first["data"]) == len(now["jobs"])
    assert client.get("/api/v1/jobs?timestamp=1").json()["meta"]["window"]["to"] == "2026-03-01T12:00:55"


def test_a_new_grain_brings_a_new_answer(jobs, client, keeping):
    assert len(client.get("/jobs/?json").json()["jobs"]) == 3
    jobs.job()
    keeping.forward(59)
    assert len(client.get("/jobs/?json").json()["jobs"]) == 3
    keeping.forward(1)
    assert len(client.get("/jobs/?json").json()["jobs"]) == 4


def test_a_hit_asks_no_database(jobs, client):
    client.get("/jobs/")
    client.get("/jobs/?json")
    for connection in connections.all(initialized_only=True):
        connection.force_debug_cursor = True
        connection.queries_log.clear()
    assert {outcome(client, "/jobs/"), outcome(client, "/jobs/?json")} == {"hit"}
    asked_for = [connection.queries_log for connection in connections.all(initialized_only=True)]
    for connection in connections.all(initialized_only=True):
        connection.force_debug_cursor = False
    assert not any(asked_for)


def test_timestamp_neither_reads_nor_stores(jobs, client):
    fresh = client.get("/jobs/?json&timestamp=5")
    assert (fresh["X-Cache"], fresh["Cache-Control"]) == ("bypass", "max-age=0, no-store")
    assert "Expires" not in fresh
    assert outcome(client, "/jobs/?json") == "miss"
    jobs.job()
    assert len(client.get("/jobs/?json&TimeStamp=6").json()["jobs"]) == 4
    assert len(client.get("/jobs/?json").json()["jobs"]) == 3


def test_answers_to_post_are_nobody_elses(jobs, client):
    pandaid = jobs.job()
    for _ in range(2):
        response = client.post("/job/", {"pandaid": pandaid, "json": ""})
        assert response.status_code == 200
        assert (response["X-Cache"], response["Cache-Control"]) == ("bypass", "private, no-store")
    assert outcome(client, f"/job/?pandaid={pandaid}&json") == "miss"


def test_personal_answers_are_never_kept(jobs, client, monkeypatch):
    mounted = registry().mounted["jobs"]
    personal = replace(mounted.resource, access=Access.PERSONAL)
    request = RequestFactory(headers={"host": "localhost"}).get("/jobs/?json")
    rights = frozenset({Access.READ, Access.PERSONAL})
    caller = replace(caller_of(request), rights=rights, audience="staff")
    monkeypatch.setattr("bigpandamon_core.web.asked.caller_of", lambda _request: caller)
    for resource in (personal, mounted.resource):
        found = kept.served(read(request, replace(mounted, resource=resource), {}, registry()), registry())
        assert found.terms.cache_control == "private, no-store"
    monkeypatch.undo()
    assert outcome(client, "/jobs/?json") == "miss"


def test_long_answers_are_streamed_and_not_kept(jobs, client, monkeypatch):
    monkeypatch.setattr("bigpandamon_core.web.answers.WHOLE_BYTES", 1000)
    for _ in range(2):
        response = client.get("/jobs/?json")
        assert response.streaming
        assert (response["X-Cache"], response["Cache-Control"]) == ("bypass", "max-age=0, no-store")
        assert len(json.loads(response.getvalue())["jobs"]) == 3


def test_problems_are_not_kept(jobs, client):
    assert client.get("/job/99999/?json").status_code == 404
    jobs.job(pandaid=99999)
    assert client.get("/job/99999/?json").status_code == 200
    bad = client.get("/jobs/?json&days=x")
    assert (bad.status_code, bad["Cache-Control"]) == (400, "no-store")


def test_a_redirect_of_the_search_box_is_not_kept(jobs, client):
    pandaid = jobs.job()
    for _ in range(2):
        found = client.get(f"/find/?q={pandaid}")
        assert (found.status_code, found["X-Cache"]) == (302, "bypass")


def test_headers_of_a_kept_answer(jobs, client, keeping):
    client.get("/jobs/?json")
    keeping.forward(17.5)
    hit = client.get("/jobs/?json")
    assert hit["Cache-Control"] == "public, max-age=60"
    assert hit["Age"] == "17"
    assert hit["Expires"] == "Sun, 01 Mar 2026 12:01:00 GMT"
    assert set(hit["Vary"].split(", ")) == {
        "Accept", "Accept-Encoding", "Authorization", "Content-Type", "Cookie",
    }  # fmt: skip


def test_a_lifetime_may_be_set_for_each_point(panda, clock, client, configured):
    configured('[cache]\nkind = "memory"\nstale_seconds = 0\n[cache.points]\njobs = 600\nstart = 0')
    assert client.get("/jobs/")["Cache-Control"] == "public, max-age=600"
    assert client.get("/")["Cache-Control"] == "max-age=0, no-store"


@pytest.mark.parametrize("given", ["{etag}", '"other", {etag}', "*", "{bare}"])
def test_what_a_client_has_is_not_sent_again(jobs, client, given):
    first = client.get("/jobs/?json")
    asked_with = given.format(etag=first["ETag"], bare=first["ETag"].removeprefix("W/"))
    known = client.get("/jobs/?json", headers={"if-none-match": asked_with})
    assert (known.status_code, known.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Expires"):
        assert known[name] == first[name]
    assert "Content-Type" not in known
    assert "Content-Length" not in known


def test_another_etag_brings_the_answer(jobs, client):
    first = client.get("/jobs/?json")
    html = client.get("/jobs/", headers={"if-none-match": first["ETag"]})
    assert html.status_code == 200


def test_etags_change_with_the_content_only(jobs, client, keeping):
    first = client.get("/jobs/?json&fields=pandaid&outputs=jobs")["ETag"]
    keeping.forward(120)
    assert client.get("/jobs/?json&fields=pandaid&outputs=jobs")["ETag"] == first
    jobs.job()
    keeping.forward(120)
    assert client.get("/jobs/?json&fields=pandaid&outputs=jobs")["ETag"] != first


def test_compressed_for_those_who_take_it(jobs, client):
    plain = client.get("/jobs/?json")
    smaller = client.get("/jobs/?json", headers=GZIP)
    assert "Content-Encoding" not in plain
    assert smaller["Content-Encoding"] == "gzip"
    assert gzip.decompress(smaller.content) == plain.content
    assert int(smaller["Content-Length"]) == len(smaller.content) < len(plain.content) / 3
    assert smaller["ETag"] == plain["ETag"]


@pytest.mark.parametrize("refused", ["", "br", "gzip;q=0", "gzip; q=0.0, *", "identity"])
def test_plain_for_those_who_do_not(jobs, client, refused):
    assert "Content-Encoding" not in client.get("/jobs/?json", headers={"accept-encoding": refused})


def test_a_page_says_of_when_it_is(jobs, client, keeping):
    keeping.forward(25)
    client.get("/jobs/")
    keeping.forward(30)
    page = client.get("/jobs/").content.decode()
    assert '<time datetime="2026-03-01T12:00:25Z">12:00:25</time>' in page
    assert '<time datetime="2026-03-01T12:00:25Z" data-ago></time>' in page


def test_a_page_of_this_moment_says_so(jobs, client):
    assert "data-ago>0\u00a0s\u00a0ago</time>" in client.get("/jobs/?timestamp=1").content.decode()


def test_links_of_a_kept_page_are_those_of_its_address(jobs, client):
    client.get("/jobs/?hours=24")
    page = client.get("/jobs/?days=1").content.decode()
    assert "days=1" in page
    assert "hours=24&amp;json" not in page


def test_many_at_once_are_one(jobs, client):
    gate = Barrier(6)

    def ask(_number):
        gate.wait()
        response = client.get("/jobs/?json")
        for connection in connections.all(initialized_only=True):
            connection.close()
        return response["X-Cache"], response.content

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    assert Counter(outcome for outcome, _ in answers) == {"miss": 1, "hit": 5}
    assert len({content for _, content in answers}) == 1


def test_without_a_cache_everything_is_made(panda, client):
    panda.job()
    for number in (1, 2):
        response = client.get("/jobs/?json")
        assert (len(response.json()["jobs"]), response["X-Cache"]) == (number, "bypass")
        assert response["Cache-Control"] == "max-age=0, no-store"
        panda.job()


# --- stores


def test_files_hold_what_a_client_sees(jobs, client, configured, tmp_path):
    configured(f'[cache]\nkind = "files"\nfolder = "{tmp_path}/kept"\ndefault_seconds = 60')
    answer = client.get("/jobs/?json&computingsite=QUEUE_ONE")
    (file,) = (path for path in (tmp_path / "kept" / "jobs").iterdir())
    assert file.name.startswith("jobs.json.computingsite=QUEUE_ONE.")
    assert file.read_bytes().partition(b"\n\n")[2] == answer.content
    assert outcome(client, "/jobs/?json&computingsite=QUEUE_ONE") == "hit"


@pytest.mark.services
def test_answers_are_right_with_memcached_down(jobs, client, configured, memcached_server):
    configured(f'[cache]\nkind = "memcached"\nservers = ["{memcached_server.address}"]\ndefault_seconds = 60')
    assert outcome(client, "/jobs/?json") == "miss"
    assert outcome(client, "/jobs/?json") == "hit"
    memcached_server.process.kill()
    try:
        for number in (4, 5):
            jobs.job()
            response = client.get("/jobs/?json")
            assert (len(response.json()["jobs"]), response["X-Cache"]) == (number, "miss")
    finally:
        memcached_server.start()
