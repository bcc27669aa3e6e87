"""The start page: is the system well? Jobs by state and why they fail, in the instance's usual window."""

from dataclasses import replace
from typing import Any

from bigpandamon_core.payloads import jobs_page
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs


def build(call: Call) -> Jobs:
    """The jobs of the usual window."""
    return Jobs(replace(call, parameters=(), url=f"{call.root}jobs/", strict=False))


def shape(jobs: Jobs) -> dict[str, Any]:
    page = jobs_page.shape(jobs)
    return page | {
        "title": "Overview",
        "heading": page["heading"],
        "all_jobs_url": page["links"]["lasting"],
        "links": {"api": page["links"]["api"]},
        "rows": [],
        "columns": [],
    }


def compatible(_jobs: Jobs) -> dict[str, Any]:
    """The start page has no JSON of its own in the BigPanDA API."""
    return {}
