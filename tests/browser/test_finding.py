"""The box that finds everything: a number, a name, an error, and a clear word when there is nothing."""

import json
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from tests.browser.instance import Instance

pytestmark = pytest.mark.browser


def find(start: Page, text: str) -> Page:
    start.locator("#find").fill(text)
    with start.expect_navigation():
        start.locator("#find").press("Enter")
    return start


@pytest.fixture
def job(instance: Instance) -> dict[str, Any]:
    """A job that failed."""
    with urlopen(f"{instance.url}/jobs/?json&jobstatus=failed&limit=1") as answer:
        found: dict[str, Any] = json.load(answer)["jobs"][0]
    return found


@pytest.fixture
def start(page) -> Page:
    opened: Page = page("/", java_script_enabled=False)
    return opened


def test_the_number_of_a_job_opens_it(start, job):
    assert find(start, str(job["pandaid"])).locator("h1").inner_text().startswith(f"Job {job['pandaid']}")


def test_the_number_of_a_task_opens_it(start, job):
    page = find(start, str(job["jeditaskid"]))
    assert f"/task/{job['jeditaskid']}/" in page.url
    assert page.locator("h1").inner_text().startswith(f"Task {job['jeditaskid']}")


def test_the_name_of_a_user_in_any_case_opens_the_page(start, job):
    assert find(start, f" {job['produsername'].upper()} ").locator("h1").inner_text() == job["produsername"]


def test_the_name_of_a_queue_in_any_case_leads_to_its_page(start, job):
    found = find(start, f" {job['computingsite'].upper()} ")
    if "/site/" not in found.url:  # a site may be called the same
        found.locator(".meanings a").first.click()
    assert found.locator("h1").inner_text().startswith(job["computingsite"])


def test_part_of_a_name_tells_what_it_may_be(start, job):
    part = job["produsername"][:-1]
    meanings = find(start, part).locator(".meanings a")
    assert job["produsername"] in meanings.all_inner_texts()
    assert start.locator("#find").input_value() == part


def test_the_name_of_a_job_opens_it(start, job):
    assert f"/job/{job['pandaid']}/" in find(start, job["jobname"]).url


def test_an_error_opens_the_jobs_that_had_it(start):
    jobs = find(start, "pilot:1099")
    assert jobs.locator(".tag").first.inner_text().split()[:2] == ["piloterrorcode", "1099"]
    assert set(jobs.locator("#rows tbody td:nth-child(4)").all_inner_texts()) <= {"failed", "holding"}


@pytest.mark.parametrize("text", ["no-such-thing", "99999999999999", "nowhere:17", "<b>'\"%_*", "日本", "'"])
def test_what_is_unknown_is_said_to_be(start, text):
    nothing = find(start, text)
    assert nothing.locator("h1").inner_text().startswith("Nothing is known as")
    assert nothing.get_by_text("pilot:1099").is_visible()


def test_a_key_leads_to_the_box_and_enter_to_the_answer(page, job):
    start = page("/")
    start.keyboard.press("/")
    start.wait_for_selector("#find:focus")
    start.keyboard.type(str(job["pandaid"]))
    start.keyboard.press("Enter")
    start.wait_for_url(f"**/job/{job['pandaid']}/")
    start.keyboard.press("?")
    start.wait_for_selector("#help[open]")
