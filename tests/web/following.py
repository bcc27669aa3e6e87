"""Follows addresses as they stand on pages, and counts what is behind them."""

import json
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.test import Client

from tests.truth.pages import Counted, JobsPage, jobs_page


class Browser:
    """Follows addresses as they stand on pages."""

    def __init__(self) -> None:
        self.client = Client(headers={"host": "localhost"})

    def get(self, url: str) -> str:
        response = self.client.get(url)
        text: str = response.getvalue().decode()
        assert response.status_code == 200, (unquote(url), text[:1000])
        return text

    def page(self, url: str) -> JobsPage:
        return jobs_page(self.get(url))

    def numbers(self, url: str) -> list[int]:
        """The jobs behind an address, as its JSON lists them all."""
        asked = with_parameters(url, json="", outputs="jobs", fields="pandaid", limit="100000")
        return [job["pandaid"] for job in json.loads(self.get(asked))["jobs"]]

    def total(self, url: str) -> int:
        """How many jobs `/api/v1` says are behind an address."""
        found: int = json.loads(self.get("/api/v1" + with_parameters(url, limit="0").replace("/?", "?")))[
            "meta"
        ]["total"]
        return found


def with_parameters(url: str, **more: str) -> str:
    parts = urlsplit(url)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in more
    ]
    return f"{parts.path}?{urlencode([*kept, *more.items()])}"


def address(selection: dict[str, str]) -> str:
    """The parameters as a person's address has them: decoded once more on arrival."""
    quoted = {name: value.replace("%", "%25").replace("+", "%2B") for name, value in selection.items()}
    return f"/jobs/?{urlencode(quoted)}"


def counts_of(page: JobsPage) -> list[Counted]:
    """Every count of a page that has a link."""
    counted = [*page.states, *(value for values in page.attributes.values() for value in values)]
    for error in page.errors:
        counted += [error, *error.sites, *error.tasks, *error.users]
    return [one for one in counted if one.url]
