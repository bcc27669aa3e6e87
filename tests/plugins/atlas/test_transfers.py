"""Transfers say what the saved documents say, counted here with json and collections."""

import csv
import io
import json
import re
from collections import Counter

import pytest

from bigpandamon_atlas.flows import KIND, FlowWriter, records
from bigpandamon_atlas.models import Flow, Interval
from bigpandamon_core.plugin import Record, Unreadable

FILES = {"12hours": "2019-02-23T19:00:00", "week": "2019-02-23T00:00:00"}


@pytest.fixture
def handed_in(imported, shared):
    """handed_in("week"): the saved document as json reads it, imported."""

    def run(name):
        path = f"transfers/{name}_sites.json"
        document = json.loads((shared / "data" / "panda" / path).read_text(encoding="utf-8"))
        many = sum(len(document[part]["rows"]) for part in ("transfers", "deletions", "stagings"))
        report = imported(KIND, path)
        assert (report.added, report.refused) == (many, 0)
        return document

    return run


def test_the_same_file_again_changes_nothing(handed_in, imported):
    handed_in("12hours")
    before = Flow.objects.count()
    report = imported(KIND, "transfers/12hours_sites.json")
    assert (report.added, report.unchanged, report.refused) == (0, report.records, 0)
    assert Flow.objects.count() == before


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_told(atlas, handed_in, name):
    document, found = handed_in(name), atlas.json("/atlas/transfers/")
    links(document, found)
    at_sites(document, found)
    assert found["interval"]["activities"] == document["params"]["activity"]
    assert found["interval"]["end"] == FILES[name]
    for total in found["totals"]:
        assert total["rows"] == len(document[total["kind"]]["rows"])


def test_links_as_csv(atlas, handed_in):
    document = handed_in("12hours")
    lines = atlas.get("/atlas/transfers/", format="csv").getvalue().decode()
    rows = {(row["source"], row["destination"]): row for row in csv.DictReader(io.StringIO(lines))}
    assert {pair: (row["size"], row["files"], row["failed"]) for pair, row in rows.items()} == {
        (row[0], row[1]): tuple(map(str, row[2:])) for row in document["transfers"]["rows"]
    }
    heads = re.findall(r"<th[^>]*><span>([^<]+)", atlas.get("/atlas/transfers/").content.decode())
    assert "Failed files" in heads
    assert "Failed share" in heads
    assert "Failed" not in heads


def links(document, found):
    rows = document["transfers"]["rows"]
    assert {(one["source"], one["destination"]): (one["size"], one["files"], one["failed"])
            for one in found["links"]} == {(row[0], row[1]): tuple(row[2:]) for row in rows}  # fmt: skip
    link, minutes = found["links"][0], document["params"]["interval"]
    assert link["rate"] == pytest.approx(link["size"] / (minutes * 60))
    assert link["percent"] == pytest.approx(100 * link["failed"] / (link["files"] + link["failed"]))


def at_sites(document, found):
    names = ("planned_size", "planned", "size", "files", "failed_size", "failed")
    assert {one["destination"]: tuple(one[name] for name in names) for one in found["deletions"]} == {
        row[0]: tuple(row[1:]) for row in document["deletions"]["rows"]
    }
    assert {one["destination"]: (one["size"], one["files"], one["failed"]) for one in found["stagings"]} == {
        row[0]: tuple(row[1:]) for row in document["stagings"]["rows"]
    }


def test_the_busiest_and_their_links(atlas, handed_in):
    document = handed_in("12hours")
    rows, volume = document["transfers"]["rows"], Counter[str]()
    for source, destination, size, *_ in rows:
        for site in {source, destination}:
            volume[site] += size
    found = atlas.json("/atlas/transfers/", sites=5)
    assert found["busiest"] == [site for site, _ in volume.most_common(5)]
    site = found["busiest"][0]
    own = atlas.json(f"/atlas/transfers/site/{site}/")
    assert len(own["out"]) == sum(row[0] == site for row in rows)
    assert sum(one["files"] for one in own["in"]) == sum(row[3] for row in rows if row[1] == site)
    assert [one["files"] for one in own["deletions"]] == [
        row[4] for row in document["deletions"]["rows"] if row[0] == site
    ]


def test_the_newest_interval_is_shown_and_others_are_a_link_away(atlas, own):
    writer = FlowWriter()
    writer.write([flow(), flow(to_date="2026-05-03T00:00:00", source="C")])
    assert [one["source"] for one in atlas.json("/atlas/transfers/")["links"]] == ["C"]
    page = atlas.get("/atlas/transfers/").content.decode()
    for one in Interval.objects.all():
        assert f"?interval={one.pk}" in page
        assert len(atlas.json("/atlas/transfers/", interval=one.pk)["links"]) == 1


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("?interval=999", 400),
        ("?interval=x", 400),
        ("?sites=0", 400),
        ("?show=x", 400),
        ("site/NOWHERE/", 404),
    ],
)
def test_what_is_not_there_is_refused(atlas, own, asked, status):
    assert atlas.get(f"/atlas/transfers/{asked}").status_code == status


def test_nothing_handed_in_is_said(atlas, own):
    assert "Nothing was handed in" in atlas.get("/atlas/transfers/").content.decode()
    assert atlas.json("/atlas/transfers/")["links"] == []


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"params": {}}', '{"params": [], "transfers": 1}', "[" * 5000],
    ids=range(7),
)
def test_a_document_of_another_kind_is_refused(text):
    [refusal] = records(io.BytesIO(text.encode()))
    assert isinstance(refusal, Unreadable)


def flow(**changes):
    values = {
        "kind": "transfers", "source": "A", "destination": "B", "size": 1, "files": 2, "failed": 3,
        "from_date": "2026-05-01T00:00:00", "to_date": "2026-05-02T00:00:00", "activity": ["Staging"],
    }  # fmt: skip
    return Record("row 1", values | changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"from_date": "yesterday"}, {"from_date": "2026-05-03T00:00:00"},
        {"to_date": "2026-05-02T00:00:00+02:00"},
        {"source": None}, {"destination": "x" * 81}, {"destination": "a\0b"},
        {"size": "1"}, {"files": -1}, {"failed": 2**63},
    ],
    ids=range(9),
)  # fmt: skip
def test_rows_that_cannot_be_stored_are_refused(own, changes):
    outcome = FlowWriter().write([flow(**changes), flow(source="C")])
    assert ([one.place for one in outcome.refused], outcome.added) == (["row 1"], 1)


def test_names_that_addresses_mark_lead_to_their_page(atlas, own):
    FlowWriter().write([flow(source="A ?#%&", destination="B/C")])
    page = atlas.get("/atlas/transfers/").content.decode()
    assert 'href="/atlas/transfers/site/A%20%3F%23%25%26/?interval=' in page
    assert "site/B" not in page
    assert atlas.json("/atlas/transfers/site/A%20%3F%23%25%26/")["out"][0]["destination"] == "B/C"
