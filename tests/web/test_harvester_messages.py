"""What harvester services said: which messages are meant, what links open, what is hidden."""

import html
import re

import pytest

from tests.web.asking_harvester import HOUR, INSTANCE, messages, page, services
from tests.web.conftest import NOON

__all__ = ["messages", "services"]
pytestmark = pytest.mark.usefixtures("own", "clock")


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("", lambda row: True),
        ("harvesterid=South*", lambda row: row["harvesterid"] == "South_B"),
        ("instance=North_A", lambda row: row["harvesterid"] == "North_A"),
        ("messagelevel=ERROR", lambda row: row["messagelevel"] == "ERROR"),
        (
            "messagelevel.is=INFO&modulename=monitor",
            lambda row: (row["messagelevel"], row["modulename"]) == ("INFO", "monitor"),
        ),
        ("hours=3", lambda row: row["creationtime"] >= NOON - 3 * HOUR),
    ],
)  # fmt: skip
def test_which_messages_are_meant(client, messages, query, meant):
    expected = [row["diagid"] for row in messages if row["creationtime"] >= NOON - 12 * HOUR and meant(row)]
    for path in ("/harvester/diagnostics/?json&", "/api/v1/diagnostics?"):
        answer = client.get(f"{path}{query}").json()
        assert [row["diagid"] for row in answer["data"]] == expected
        assert answer["meta"]["total"] == len(expected)
    text = page(client, f"/harvester/diagnostics/?{query}")
    assert f"<h1>{len(expected)} message" in text


def test_messages_by_level_open_what_they_count(client, messages):
    text = page(client, "/harvester/diagnostics/")
    levels = re.findall(
        r'<li[^>]*><a href="(/harvester/diagnostics/[^"]+)" class="\w+">.*?<b>(\d+)</b>', text
    )
    assert len(levels) == 3
    for link, count in levels:
        assert client.get(html.unescape(link) + "&json").json()["meta"]["total"] == int(count)


@pytest.mark.parametrize(
    "path",
    [
        "/harvester/diagnostics/",
        "/harvester/diagnostics/?json",
        "/api/v1/diagnostics",
        "/harvester/diagnostics/?format=csv",
        INSTANCE,
        "/api/v1/instances/North_A",
        "/harvester/instances/?json",
        "/harvester/instances/",
        "/api/v1/instances",
    ],
)
def test_what_may_name_somebody_is_hidden_with_the_names(client, configured, services, messages, path):
    assert "Secret" in client.get(path).getvalue().decode() or path == "/harvester/instances/"
    configured('[cache]\nkind = "none"\n[privacy]\nanonymous = "pseudonyms"')
    answer = client.get(path)
    assert answer.status_code == 200
    assert "Secret" not in answer.getvalue().decode()
