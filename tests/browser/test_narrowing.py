"""From a count to its jobs and back: every step a link, the numbers on both sides the same."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.watching import follow

pytestmark = pytest.mark.browser


def number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def total(jobs: Page) -> int:
    """The number of jobs in the heading."""
    found = re.match(r"[\d,]+", jobs.locator("h1").inner_text())
    assert found is not None
    return number(found.group())


def column(jobs: Page, title: str) -> list[str]:
    """The cells of a column of the table."""
    heads = [head.strip(" ↓↑") for head in jobs.locator("#rows thead th").all_inner_texts()]
    return jobs.locator(f"#rows tbody td:nth-child({heads.index(title) + 1})").all_inner_texts()


@pytest.mark.parametrize(
    "attribute", ["computingsite", "jobstatus", "durationmin", "pilotversion", "jeditaskid"]
)
def test_a_value_narrows_to_as_many_jobs_as_were_counted(page, attribute):
    jobs = page("/jobs/?limit=5", java_script_enabled=False)
    everything = total(jobs)
    value = jobs.locator(f"#attribute-{attribute} li").first
    counted = number(value.locator(".n").first.inner_text())
    follow(value.locator("a"))
    assert total(jobs) == counted < everything
    follow(jobs.get_by_label(f"Remove the condition {attribute} "))
    assert total(jobs) == everything


@pytest.mark.parametrize("place", [".legend a", ".errors .what a", ".errors .top-values a"])
def test_other_counts_open_their_jobs_too(page, place):
    jobs = page("/jobs/?hours=6&limit=5", java_script_enabled=False)
    link = jobs.locator(place).first
    row = jobs.locator(".errors tbody tr").first
    counts = {
        ".legend a": link.locator("b"),
        ".errors .what a": row.locator("td").first,
        ".errors .top-values a": row.locator(".top-values .n").first,
    }
    counted = number(counts[place].inner_text())
    follow(link)
    assert total(jobs) == counted


def test_the_start_page_leads_to_what_it_counts(page):
    start = page("/", java_script_enabled=False)
    assert start.locator("h1").inner_text().strip()
    link = start.locator(".findings td:nth-child(3) a, .groups b a").first
    counted = number(link.inner_text())
    follow(link)
    assert total(start) == counted


def test_a_heading_sorts_and_sorts_back(page):
    jobs = page("/jobs/?limit=20", java_script_enabled=False)
    for way, falling in (("descending", True), ("ascending", False)):
        follow(jobs.locator("#rows thead").get_by_role("link", name="Priority"))
        assert jobs.locator("#rows th[aria-sort]").get_attribute("aria-sort") == way
        priorities = [number(text) for text in column(jobs, "Priority")]
        assert priorities == sorted(priorities, reverse=falling)


def test_pages_of_the_table_follow_each_other(page):
    jobs = page("/jobs/?limit=20", java_script_enabled=False)
    first, everything = column(jobs, "PanDA id"), total(jobs)
    follow(jobs.get_by_role("link", name="Next"))
    second = column(jobs, "PanDA id")
    assert len(second) == 20
    assert not set(first) & set(second)
    assert total(jobs) == everything
    follow(jobs.get_by_role("link", name="Previous"))
    assert column(jobs, "PanDA id") == first


def test_all_values_of_an_attribute_are_one_link_away(page):
    jobs = page("/jobs/?limit=5", java_script_enabled=False)
    attribute = jobs.locator("#attribute-jeditaskid")
    values = number(attribute.locator("h3 span").inner_text())
    follow(attribute.get_by_role("link", name="more"))
    assert attribute.locator("li").count() == values
    assert sum(number(text) for text in attribute.locator("a + .n").all_inner_texts()) == total(jobs)


def test_columns_are_chosen_without_a_script_and_stay_chosen(page):
    jobs = page("/jobs/?hours=6&limit=10", java_script_enabled=False)
    jobs.locator("summary", has_text="columns").click()
    for title in ("User", "Priority", "Error"):
        jobs.get_by_label(title, exact=True).uncheck()
    jobs.get_by_label("Payload", exact=True).check()
    follow(jobs.get_by_role("button", name="Show these"))
    assert all(value for _, value in parse_qsl(urlsplit(jobs.url).query, keep_blank_values=True))
    assert all(column(jobs, "Payload"))
    follow(jobs.locator("#attribute-computingsite li a").first)
    assert "Payload" in jobs.locator("#rows thead").inner_text()
    assert "User" not in jobs.locator("#rows thead").inner_text()
    jobs.locator("summary", has_text="columns").click()
    follow(jobs.get_by_role("link", name="the usual ones"))
    assert "User" in jobs.locator("#rows thead").inner_text()


def test_a_condition_is_added_to_those_there_are(page):
    jobs = page("/jobs/?hours=6&jobstatus=finished&limit=5")
    jobs.get_by_text("+ condition").click()
    jobs.get_by_label("Field").select_option("computingsite")
    jobs.get_by_label("Value").fill("*er*")
    follow(jobs.get_by_role("button", name="Narrow"))
    assert set(jobs.locator(".tag b").all_inner_texts()) == {"*er*", "finished"}
    assert all("er" in name.lower() for name in column(jobs, "Queue"))


def test_what_dropped_down_goes_away(page):
    jobs = page("/jobs/?limit=5")
    jobs.get_by_text("+ condition").click()
    assert jobs.get_by_label("Field").is_visible()
    jobs.locator("h1").click()
    assert not jobs.get_by_label("Field").is_visible()


def test_signs_of_addresses_are_typed_as_they_are(page):
    jobs = page("/jobs/?limit=5")
    jobs.get_by_text("+ condition").click()
    jobs.get_by_label("Field").select_option("jobname")
    jobs.get_by_label("Value").fill("mu+ off")
    follow(jobs.get_by_role("button", name="Narrow"))
    assert "mu+ off" in jobs.locator("main").inner_text()
