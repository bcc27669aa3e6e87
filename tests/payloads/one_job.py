"""A job's page asked for without a web server."""

from typing import Any

from django.conf import settings

from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads import job_page
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.job import OneJob


def one_job(pandaid: int) -> OneJob:
    return OneJob(Call((), now(), settings.BIGPANDAMON.get, path={"pandaid": str(pandaid)}))


def page(pandaid: int) -> dict[str, Any]:
    return job_page.shape(one_job(pandaid))


def facts(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every fact of a page by its label."""
    return {fact["label"]: fact for group in found["facts"] for fact in group["rows"]}
