"""Every kind of page of a running instance: policy, accessibility, size, phone, paper, without scripts."""

import re
from typing import Any

import pytest

from tests.browser.chromium import PHONE
from tests.browser.views import NAMES
from tests.browser.watching import CONTRAST, EVERY_RULE, gzipped_bytes

pytestmark = pytest.mark.browser
MOST_BYTES = 30_000
MOST_ELEMENTS = 5_000
MOST_REQUESTS = 4
"""The page, the style sheet, the script, the icon."""
LONG = "x" * 220
OF_PLOTS = r"/(vendor/.*|plot\.js)$"
"""What only a page with a figure in view loads."""
ZOOMED: Any = {"width": 720, "height": 450}
"""What is left of a screen at twice the size."""
PAPER: Any = {"width": 794, "height": 1123}
"""A4 without margins, at 96 dots per inch."""
DIFFERENT = (
    "start", "columns", "empty", "failed", "incomplete", "tasks", "task", "dataset", "file", "regions",
    "errors-page", "node", "user", "queue", "instance", "diagnostics", "find", "nothing-found", "log", "api",
    "problem-404",
)  # fmt: skip
"""Pages that differ in more than their numbers, none with hundreds of rows: axe looks at each element."""


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_small_keeps_to_the_policy_and_can_be_zoomed(watched, addresses, name):
    view = watched(addresses[name])
    view.page.wait_for_load_state("networkidle")
    assert len([url for url in view.requests if not re.search(OF_PLOTS, url)]) <= MOST_REQUESTS
    assert gzipped_bytes(view.page.content()) <= MOST_BYTES
    assert view.page.evaluate("document.querySelectorAll('*').length") <= MOST_ELEMENTS
    view.page.set_viewport_size(ZOOMED)
    view.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    view.page.wait_for_load_state("networkidle")
    assert not view.is_too_wide
    assert (view.refused, view.errors, view.foreign) == ([], [], [])


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_page_is_accessible_by_day_and_by_night(watched, addresses, name):
    view = watched(addresses[name], color_scheme="light")
    assert view.faults(EVERY_RULE) == []
    view.page.emulate_media(color_scheme="dark")
    assert view.faults(CONTRAST) == []


@pytest.mark.parametrize("name", NAMES)
def test_on_a_phone_without_scripts_nothing_is_lost_and_only_tables_scroll(watched, addresses, name):
    view = watched(addresses[name], java_script_enabled=False, **PHONE)
    assert not view.is_too_wide
    assert view.page.locator("h1").is_visible()
    assert view.page.locator("#find").is_visible()
    assert view.page.locator(".scripted-only:visible").count() == 0


@pytest.mark.parametrize(
    "path",
    [
        "/find/?q=wn101.elder.example.org",
        f"/jobs/?{LONG}=1",
        f"/wn/Aster/{LONG}/",
        f"/jobs/?jobstatus={LONG}",
    ],
)
def test_long_words_stay_on_a_phone(watched, path):
    assert not watched(path, **PHONE).is_too_wide


@pytest.mark.parametrize("width", [1024, 1230, 1290, 1366, 1440])
def test_every_entry_of_the_navigation_is_seen(watched, width):
    view = watched("/tasks/", viewport={"width": width, "height": 800})
    wide = view.page.evaluate("(nav => [nav.scrollWidth, nav.clientWidth])(document.querySelector('.nav'))")
    assert wide[0] <= wide[1]


@pytest.mark.parametrize("name", ["users", "regions", "nodes", "world", "errors-page", "pilots", "instance"])
def test_on_a_phone_how_often_jobs_fail_is_seen_before_their_states(watched, addresses, name):
    """Nobody scrolls to the side for what is looked for first."""
    view = watched(addresses[name], **PHONE)
    heads = view.page.locator("th", has_text="Failing")
    assert heads.count()
    for head in heads.all():
        box = head.bounding_box()
        assert box is None or box["x"] + box["width"] <= PHONE["viewport"]["width"], head.inner_text()


def test_the_number_of_the_highest_bar_lies_above_it(watched, addresses):
    figures = watched(addresses["task"]).page.locator(".stack .high")
    assert figures.count()
    for figure in figures.all():
        number, bars = figure.locator("span").bounding_box(), figure.locator("svg").first.bounding_box()
        assert number["y"] + number["height"] <= bars["y"] + 1


@pytest.mark.parametrize("name", ["start", "jobs", "failed"])
def test_paper_shows_all_rows_and_no_buttons(watched, addresses, name):
    view = watched(addresses[name], viewport=PAPER)
    paper = view.page
    paper.emulate_media(media="print")
    assert not view.is_too_wide
    assert paper.locator(".top, .actions, .foot, button, summary.button").locator("visible=true").count() == 0
    cut = "[...document.querySelectorAll('.rows')].some(rows => rows.scrollHeight > rows.clientHeight + 1)"
    assert not paper.evaluate(cut)


def test_the_measured_memory_of_a_simulated_job_is_drawn_with_its_limit(page, addresses):
    job = page(addresses["series"], java_script_enabled=False)
    figure = job.get_by_role("region", name="Memory").locator("figure")
    assert figure.locator("path.line").first.is_visible()
    assert figure.locator("line.limit").count() == 1
    assert figure.locator("tbody tr").count() > 5


def test_an_incomplete_record_says_so_and_guesses_nothing(page, addresses):
    job = page(addresses["incomplete"])
    assert job.get_by_text("An incomplete record").is_visible()
    assert job.locator("h1 .state").inner_text() == "unknown"
