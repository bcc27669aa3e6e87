"""Answers made anew before they expire, for who has the key of the instance."""

import pytest
from django.conf import settings

from bigpandamon_core.caching.warming import HEADER, asking

pytestmark = pytest.mark.once

URLS = ("/jobs/", "/jobs/?json", "/")


def warm(client, url, seconds=30):
    return client.get(url, headers={HEADER: asking(seconds, settings.SECRET_KEY)})


@pytest.mark.parametrize("url", URLS)
def test_what_would_expire_before_the_next_time_is_made_anew(panda, keeping, client, url):
    assert warm(client, url)["X-Cache"] == "miss"
    assert client.get(url)["X-Cache"] == "hit"
    keeping.forward(29)
    assert warm(client, url)["X-Cache"] == "hit"
    keeping.forward(2)
    panda.job()
    assert client.get(url)["Age"] == "31"
    warmed = warm(client, url)
    assert (warmed["X-Cache"], "Age" in warmed) == ("miss", False)
    after = client.get(url)
    assert (after["X-Cache"], after["Age"]) == ("hit", "0")
    assert after.content == warmed.content


def test_nobody_waits_while_it_is_done_in_time(panda, keeping, client):
    """Every 30 s, answers that are kept for 60 s and have no window: none is ever missing."""
    for second in range(0, 600, 10):
        if second % 30 == 0:
            warm(client, "/")
        assert client.get("/")["X-Cache"] == "hit"
        keeping.forward(10)


@pytest.mark.parametrize("value", ["30", "30 ", f"30 {'0' * 64}", asking(30, "another key" * 5), "é 30"])
def test_without_the_key_nothing_is_made_anew(panda, keeping, client, value):
    client.get("/jobs/?json")
    keeping.forward(59)
    response = client.get("/jobs/?json", headers={HEADER: value})
    assert (response["X-Cache"], response["Age"]) == ("hit", "59")


def test_the_answer_tells_nothing_of_it(panda, keeping, client):
    warmed = warm(client, "/jobs/?json")
    keeping.forward(60)
    usual = client.get("/jobs/?json")
    names = {"X-Request-Id", "ETag", "Expires", "X-Accel-Expires"}
    assert {name: value for name, value in warmed.items() if name not in names} == {
        name: value for name, value in usual.items() if name not in names
    }
