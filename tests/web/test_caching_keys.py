"""Which requests share a kept answer, and which must not."""

from dataclasses import replace
from itertools import combinations

import pytest
from django.test import RequestFactory

from bigpandamon_core.domain.conditions import equal
from bigpandamon_core.web import kept
from bigpandamon_core.web.asked import read
from bigpandamon_core.web.loading import registry

pytestmark = pytest.mark.once

FORMATS = ("html", "json", "csv", "ndjson", "text")


def asked(url, cookie="", resource="jobs", **headers):
    request = RequestFactory(headers={"host": "localhost"}).get(url, headers=headers)
    if cookie:
        request.COOKIES["bigpandamon_theme"] = cookie
    return read(request, registry().mounted[resource], {}, registry())


def key(one, plugins=""):
    """Where an answer is kept, and of which content."""
    question = kept.question_of(one, plugins)
    return question.key(b"secret"), question.edition


def different():
    """Requests of which no two may share an answer."""
    plain = asked("/jobs/")
    yield from (asked(f"/jobs/?format={name}") for name in FORMATS if name != "html")
    yield from (asked("/jobs/", cookie=theme) for theme in ("", "light", "dark"))
    yield from (
        asked(f"/jobs/?{query}")
        for query in (
            "computingsite=A",
            "computingsite=a",
            "computingsite=A&jobstatus=failed",
            "computingsite.is=A",
            "hours=12",
            "hours=1",
            "days=1",
            "hours=24",
            "date_from=2026-02-28T12:00:01",
            "date_from=2026-02-28T12:00:31",
            "date_from=2026-02-28&date_to=2026-03-01",
            "limit=5",
            "sort=-pandaid",
            "sortby=alpha",
            "fields=pandaid",
            "active=all",
            "mode=nodrop",
            "unheard=1",
            "unheard=1&of=2",
        )
    )
    yield asked("/jobs/", resource="v1-jobs")
    yield asked("/old/jobs/")
    yield replace(plain, caller=replace(plain.caller, audience="staff"))
    yield replace(plain, mounted=replace(plain.mounted, prefix="demo/"))
    for site in ("A", "B"):
        scope = {"jobs": equal("computingsite", site)}
        yield replace(
            plain, mounted=replace(plain.mounted, scope=scope), call=replace(plain.call, scope=scope)
        )


def test_what_differs_is_kept_apart(panda, keeping):
    keys = [key(one) for one in different()]
    shared = [(a, b) for (a, one), (b, other) in combinations(enumerate(keys), 2) if one == other]
    assert shared == []


@pytest.mark.parametrize("resource", ["jobs", "job", "start", "v1-jobs-summary"])
def test_each_point_of_view_has_its_own_answers(panda, keeping, resource):
    plain = asked("/somewhere/", resource=resource)
    scoped = [
        replace(plain, mounted=replace(plain.mounted, scope={"jobs": equal("computingsite", site)}))
        for site in ("A", "B")
    ]
    prefixed = replace(plain, mounted=replace(plain.mounted, prefix="demo/"))
    assert len({key(one)[0] for one in (plain, *scoped, prefixed)}) == 4


def test_other_plugins_or_settings_make_other_answers(panda, keeping, configured):
    before = key(asked("/jobs/")), key(asked("/jobs/"), "plugins")
    configured('[jobs]\nwindow_hours = 12\npage_rows = 7\n[cache]\nkind = "memory"\ndefault_seconds = 60')
    assert len({*before, key(asked("/jobs/"))}) == 3


def test_another_release_has_its_own_answers(panda, keeping, monkeypatch):
    before = key(asked("/jobs/"))
    monkeypatch.setattr(kept, "__version__", "99")
    assert key(asked("/jobs/")) != before


@pytest.mark.parametrize(
    "url",
    [
        "/jobs/?jobstatus=failed&computingsite=A&json",
        "/jobs/?JSON=1&ComputingSite=A&JobStatus=failed",
        "/jobs/?format=json&computingsite=A&jobstatus=failed",
        "/jobs/?computingsite=%41&jobstatus=%66ailed&json=true",
    ],
)
def test_what_means_the_same_is_kept_once(panda, keeping, url):
    assert key(asked(url)) == key(asked("/jobs/?computingsite=A&jobstatus=failed&json"))


def test_an_answer_that_names_what_had_no_effect_is_another(panda, keeping):
    twice = key(asked("/jobs/?json&computingsite=B&computingsite=A&jobstatus=failed"))
    assert twice != key(asked("/jobs/?json&computingsite=A&jobstatus=failed"))
    assert twice == key(asked("/jobs/?json&computingsite=C&computingsite=A&jobstatus=failed"))


def test_the_accept_header_counts_by_what_it_chooses(panda, keeping):
    chosen = asked("/jobs/", accept="application/json")
    assert key(chosen) == key(asked("/jobs/?json"))
    assert key(asked("/jobs/", accept="text/html,*/*;q=0.8")) == key(asked("/jobs/"))


def test_requests_within_a_grain_share_an_answer(panda, keeping):
    first = key(asked("/jobs/?hours=1"))
    keeping.forward(59.9)
    assert key(asked("/jobs/?hours=1")) == first
    keeping.forward(0.1)
    later = key(asked("/jobs/?hours=1"))
    assert later != first
    assert later[0] == first[0]


def test_a_window_that_was_named_does_not_move(panda, keeping):
    url = "/jobs/?date_from=2026-02-28T10:00:07&date_to=2026-02-28T11:00:09"
    first = key(asked(url))
    keeping.forward(3600)
    assert key(asked(url)) == first


@pytest.mark.parametrize(
    ("resource", "url"),
    [
        ("errors", "/errors/"),
        ("regions", "/dash/region/"),
        ("world", "/dash/world/"),
        ("users", "/users/"),
        ("pilots", "/harvester/pilots/"),
        ("statistics", "/statistics/"),
    ],
)
def test_pages_that_ask_for_jobs_in_their_own_words_are_known_by_the_request(keeping, resource, url):
    """Whatever it says and whenever its window ends, though the jobs asked for may be the same."""
    plain = asked(url, resource=resource)
    assert key(plain)[1], "the window moves with the clock"
    words = ("sortby=alpha", "view=wn", "unheard=1", "limit=5", "fields=errsBySite")
    found = [plain, *(asked(f"{url}?{word}", resource=resource) for word in words)]
    assert len({key(one) for one in found}) == len(found)
