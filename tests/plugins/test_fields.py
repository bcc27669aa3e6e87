"""A plugin's fields filter, count and show on its own pages, and nobody else knows them."""

import re
from urllib.parse import urlsplit

import pytest

FIELDS = ("demo_vo_ring", "demo_vo_size", "demo_vo_campaign")


@pytest.fixture
def demo(community, monitor):
    return monitor("demo_vo", "quiet_vo")


def ids(rows) -> set[int]:
    return {row["pandaid"] for row in rows}


def counts(monitor, field: str) -> dict[str, int]:
    summary = monitor.json("/demo_vo/jobs/")["selectionsummary"]
    (found,) = (one["list"] for one in summary if one["field"] == field)
    return {one["kname"]: one["kvalue"] for one in found}


def test_they_are_counted_from_one_column(demo):
    assert counts(demo, "demo_vo_ring") == {"inner": 2, "outer": 1, "Not specified": 1}
    assert counts(demo, "demo_vo_size") == {"small": 3, "large": 1}
    assert counts(demo, "demo_vo_campaign") == {"Not specified": 3, "spring": 1}


def test_they_filter(community, demo):
    def found(**asked):
        return ids(demo.json("/demo_vo/jobs/", **asked)["jobs"])

    assert found(demo_vo_ring="inner") == set(community.inner)
    assert found(demo_vo_size="large", demo_vo_ring="outer") == set(community.outer)
    assert found(demo_vo_campaign="spring|autumn") == set(community.outer)
    assert found(demo_vo_ring="nowhere") == set()
    assert ids(demo.get("/api/v1/demo_vo/jobs?demo_vo_ring=inner").json()["data"]) == set(community.inner)


@pytest.mark.parametrize("field", FIELDS)
def test_each_count_is_the_number_of_rows_behind_its_link(field, demo):
    attributes = demo.get("/api/v1/demo_vo/jobs/summary").json()["data"]["attributes"]
    (values,) = (one["values"] for one in attributes if one["field"] == field)
    assert values
    for value in values:
        link = urlsplit(value["link"]).query
        assert len(demo.client.get(f"/api/v1/demo_vo/jobs?{link}").json()["data"]) == value["count"], value


def test_columns_are_shown_with_links(community, demo):
    page = demo.get("/demo_vo/jobs/").content.decode()
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>|<span>)([^<]*)<', page)
    assert heads[-2:] == ["Ring", "Campaign"]
    assert re.search(r'<a href="/demo_vo/jobs/\?[^"]*demo_vo_ring.is=inner[^"]*">inner</a>', page)
    assert "sort=-workinggroup" in page


def test_what_is_personal_is_for_nobody(demo):
    page = demo.get("/demo_vo/jobs/").content.decode()
    assert "demo_vo_operator" not in page
    assert "Operator" not in page
    assert demo.get("/demo_vo/jobs/?json&demo_vo_operator=x")["X-Ignored-Parameters"] == "demo_vo_operator"
    assert demo.get("/api/v1/demo_vo/jobs?demo_vo_operator=x").status_code == 400


@pytest.mark.parametrize("prefix", ["", "quiet_vo/"])
def test_elsewhere_nobody_knows_them(prefix, demo):
    response = demo.get(f"/{prefix}jobs/?json&demo_vo_ring=inner")
    assert response["X-Ignored-Parameters"] == "demo_vo_ring"
    assert demo.get(f"/api/v1/{prefix}jobs?demo_vo_ring=inner").status_code == 400
    assert "demo_vo_" not in response.getvalue().decode()


@pytest.mark.parametrize("field", FIELDS)
def test_they_are_no_order(field, demo):
    """No column of the database holds them, so rows cannot be put in their order."""
    assert demo.get(f"/demo_vo/jobs/?sort={field}").status_code == 400


def test_meanings_and_advice_are_told_on_its_pages_only(community, demo):
    job = community.inner[0]
    page = demo.get(f"/demo_vo/job/{job}/").content.decode()
    assert "The sails saw no wind" in page
    assert "Wait for wind, then retry." in page
    [error] = demo.json("/demo_vo/jobs/")["errsByCount"]
    assert (error["error"], error["desc"]) == ("transform:77", "the sails saw no wind")
    for page in (
        demo.get(f"/job/{job}/"),
        demo.get("/jobs/?json"),
        demo.get(f"/quiet_vo/job/{community.hush[0]}/"),
    ):
        assert (
            "wind" not in page.getvalue().decode() if page.streaming else "wind" not in page.content.decode()
        )
