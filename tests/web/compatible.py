"""BigPanDA-compatible answers as programs read them."""

import json
from typing import Any
from urllib.parse import urlencode

from django.test import Client


def ask(client: Client, path: str = "/jobs/", /, **parameters: object) -> Any:
    """The JSON of an answer that must be there."""
    response = client.get(f"{path}?{urlencode({'json': '', **parameters})}")
    content = response.getvalue()
    assert response.status_code == 200, (path, parameters, content[:500])
    assert response.headers["Content-Type"] == "application/json"
    return json.loads(content)


def jobs(client: Client, **parameters: object) -> list[dict[str, Any]]:
    """The job objects, in their order."""
    found: list[dict[str, Any]] = ask(client, **parameters)["jobs"]
    return found


def numbers(client: Client, **parameters: object) -> list[int]:
    return [job["pandaid"] for job in jobs(client, **parameters)]


def refused(client: Client, path: str, **headers: str) -> tuple[int, Any]:
    """Status and JSON body of an answer that says no."""
    response = client.get(path, headers=headers)
    assert response.headers["Content-Type"] == "application/json"
    return response.status_code, json.loads(response.content)
