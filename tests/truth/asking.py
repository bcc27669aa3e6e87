"""Asks the monitor as programs and people do."""

import json
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.truth.pages import JobsPage, jobs_page


class Asking:
    """Every answer must be there: AssertionError for any other status than 200."""

    def __init__(self) -> None:
        self.client = Client(headers={"host": "localhost"})

    def json(self, path: str, /, **parameters: object) -> Any:
        """A BigPanDA-compatible answer."""
        return json.loads(self.bytes(path, json="", **parameters))

    def v1(self, path: str, /, **parameters: object) -> Any:
        return json.loads(self.bytes(f"/api/v1/{path}", **parameters))

    def page(self, path: str = "/jobs/", /, **parameters: object) -> JobsPage:
        return jobs_page(self.bytes(path, **parameters).decode())

    def bytes(self, path: str, /, **parameters: object) -> bytes:
        url = f"{path}?{urlencode(parameters)}" if parameters else path
        response = self.client.get(url)
        content: bytes = response.getvalue()
        assert response.status_code == 200, (url, response.status_code, content[:500])
        return content
