"""Every count of a page opens exactly the jobs it counted, whatever was asked for before.

The records of a real server and invented ones on the edges of every rule stand still; hypothesis draws
selections and walks from page to page by their own links.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.campaigns import examples
from tests.instance.factory import Panda
from tests.truth import awkward
from tests.truth.importing import importing
from tests.truth.pages import Element, jobs_page, number, read
from tests.web.following import Browser, address, counts_of, with_parameters
from tests.web.selections import MOMENTS, NOW, selections

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
EXAMPLES = int(os.environ.get("LINK_EXAMPLES", 600 if SOAK else examples(10)))
FOLLOWED = 10
"""Links followed of each page; of a page there may be three hundred."""


@pytest.fixture(scope="module")
def still(
    panda_tables: None, own_tables: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """The databases filled once and a browser on them."""
    columns = Path(__file__).resolve().parents[1] / "panda" / "columns.csv"
    server = Path(os.environ.get("BIGPANDAMON_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    tables = ("jobsdefined4", "jobsactive4", "jobsarchived4", "jobs_statuslog", "schedconfig_json")
    real = [server / "data" / "panda" / "server" / f"{name}.csv" for name in tables]
    with importing() as take:
        take(NOW, awkward.written(tmp_path_factory.mktemp("awkward"), columns))
        take(NOW, [path for path in real if path.exists()])
        _more(Panda())
        yield Browser()


def _more(panda: Panda) -> None:
    """What files cannot tell: texts that are empty instead of NULL, and nothing but blanks."""
    for text in ("", " ", "  ", None):
        panda.job(modificationtime=NOW, jeditaskid=awkward.TASK, gshare=text, cloud=text, produsername=text,
                  computingsite=text, pilotid=text, schedulerid=text, transformation=text)  # fmt: skip


PROPERTY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not SOAK,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@PROPERTY
@given(selection=selections(), data=st.data())
def test_each_count_is_that_of_the_rows_behind_its_link(
    still: Browser, selection: dict[str, str], data: st.DataObject
) -> None:
    url = address(selection)
    for step in range(3):
        page = still.page(url)
        listed = still.numbers(url)
        assert page.total == len(listed) == len(set(listed)), unquote(url)
        counted = counts_of(page)
        if not counted:
            return
        followed = data.draw(
            st.lists(st.sampled_from(counted), max_size=FOLLOWED, unique=True), label=f"step {step}"
        )
        for one in followed:
            found = still.numbers(one.url)
            assert len(found) == one.count, (one, unquote(url), unquote(one.url))
            assert set(found) <= set(listed), (one, unquote(url), unquote(one.url))
        chosen = data.draw(st.sampled_from(counted), label="next")
        assert still.total(chosen.url) == still.page(chosen.url).total == chosen.count, unquote(chosen.url)
        url = chosen.url


@pytest.mark.once
@pytest.mark.parametrize(
    "selection",
    [
        {},
        pytest.param({"date_from": MOMENTS[4]}, marks=pytest.mark.slow),
        pytest.param({"jobstatus": "failed,holding", "hours": "12"}, marks=pytest.mark.slow),
        {"jeditaskid": str(awkward.RETRIED)},
        {"jeditaskid": str(awkward.RETRIED), "mode": "nodrop"},
        pytest.param({"computingsite": "*a*"}, marks=pytest.mark.slow),
    ],
)
def test_every_count_of_a_page(still: Browser, selection: dict[str, str]) -> None:
    counted = counts_of(still.page(address(selection)))
    assert len(counted) > 10
    for one in counted:
        assert still.total(one.url) == one.count, (one, unquote(one.url))


@PROPERTY
@given(selection=selections())
def test_a_page_s_other_forms_list_its_jobs(still: Browser, selection: dict[str, str]) -> None:
    """Its JSON, its lines, its table and the link that stays."""
    page = still.page(address(selection))
    listed = still.numbers(address(selection))
    links = {element.text.strip(): element.href for element in page.element.one(klass="actions").all("a")}
    assert sorted(still.numbers(links["Copy link"])) == sorted(listed)
    asked = int(selection.get("limit", len(listed)))
    answer = json.loads(still.get(links["JSON"]))
    assert len(answer["jobs"]) == min(asked, len(listed))
    lines = [json.loads(line) for line in still.get(links["NDJSON"]).splitlines()]
    assert lines[-1]["_rows"] == len(lines) - 1 == min(asked, len(listed))
    assert len(page.rows) == min(asked, len(listed), 100)


@PROPERTY
@given(selection=selections())
def test_removing_a_condition_gives_the_selection_without_it(
    still: Browser, selection: dict[str, str]
) -> None:
    page = still.page(address(selection))
    for tag in page.element.all("span", klass="tag"):
        field, link = tag.one("span").text, next(tag.all("a"), None)
        if link is None or field not in selection:
            continue
        without = {name: value for name, value in selection.items() if name != field}
        assert sorted(still.numbers(link.href)) == sorted(still.numbers(address(without))), (field, selection)


@pytest.mark.slow
@PROPERTY
@given(hours=st.sampled_from(["1", "12", "168"]), selection=selections())
def test_all_pages_of_a_list_tell_each_job_once(
    still: Browser, hours: str, selection: dict[str, str]
) -> None:
    asked = {name: value for name, value in selection.items() if name not in ("limit", "sortby")}
    url, seen = address(asked | {"hours": hours, "limit": "7"}), list[int]()
    listed = still.numbers(url)
    for _page in range(12):
        page = still.page(url)
        seen += page.rows
        following = [link.href for link in page.element.all("a") if "after=" in link.href]
        if not following:
            break
        url = following[-1]
    assert len(seen) == len(set(seen))
    assert seen == listed[: len(seen)]
    assert len(seen) == min(len(listed), 84)


@pytest.mark.slow
@pytest.mark.once
def test_rates_around_a_job_are_those_behind_their_links(still: Browser) -> None:
    for job in still.numbers("/jobs/?jobstatus=failed,finished&hours=12")[::9]:
        for rate in read(still.get(f"/job/{job}/")).all("table", klass="rates"):
            for row in rate.one("tbody").all("tr"):
                _check_rate(still, row)


def _check_rate(still: Browser, row: Element) -> None:
    url = row.one("a").href
    failed, ended = (number(part) for part in row.one("td", klass="soft").text.split(" of "))
    assert len(still.numbers(url)) == ended, unquote(url)
    assert len(still.numbers(with_parameters(url, **{"jobstatus.is": "failed"}))) == failed


def test_the_overview_s_counts_are_those_behind_their_links(still: Browser) -> None:
    page = read(still.get("/"))
    total = next(link for link in page.all("a", klass="button") if link.text.strip().startswith("All "))
    assert len(still.numbers(total.href)) == number(total.text.split()[1]) == still.page("/jobs/").total
    items = [item for item in page.one("ul", klass="groups").all("li") if not any(item.all("li"))]
    assert items
    for item in items:
        link = item.one("a")
        told = link.text if link.text.replace(",", "").isdigit() else item.one("span", klass="n").text
        assert len(still.numbers(link.href)) == number(told), link.href
    errors = jobs_page("<h1>1</h1>" + still.get("/")).errors
    assert errors
    for error in errors:
        assert len(still.numbers(error.url)) == error.count


@pytest.mark.once
@pytest.mark.parametrize("order", ["count", "alpha", "failing"])
def test_orders_of_values_change_no_count(still: Browser, order: str) -> None:
    counted: dict[str, Any] = {
        field: {
            value.value: value.count
            for value in still.page(f"/jobs/?view={field}&order={order}").attributes[field]
        }
        for field in ("computingsite", "gshare", "jobsubstatus")
    }
    assert counted == {
        field: {value.value: value.count for value in still.page(f"/jobs/?view={field}").attributes[field]}
        for field in counted
    }
