"""Whether the service works, for people, load balancers and Prometheus."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from bigpandamon_core import __version__
from bigpandamon_core.domain.window import iso, now
from bigpandamon_core.sources.failures import answered, failing_since, failure
from bigpandamon_core.web.render import encode

DATABASES = ("default", "panda")


def health(_request: HttpRequest) -> HttpResponse:
    """200 if the databases answer, 503 if one does not; says since when."""
    states = {alias: _database(alias) for alias in DATABASES}
    well = all(state["answers"] for state in states.values())
    body = {
        "status": "well" if well else "unwell",
        "version": __version__,
        "instance": settings.BIGPANDAMON.get("instance.title"),
        "as_of": iso(now()),
        "databases": states,
    }
    response = HttpResponse(encode(body), content_type="application/json", status=200 if well else 503)
    response["Cache-Control"] = "no-store"
    return response


def _database(alias: str) -> dict[str, Any]:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("/* health.ping */ SELECT 1" + (" FROM dual" if connections[alias].vendor == "oracle" else ""))
            cursor.fetchone()
    except DatabaseError as error:
        failure(alias, error)
        return {"answers": False, "since": iso(failing_since(alias))}
    answered(alias)
    return {"answers": True}


def metrics(_request: HttpRequest) -> HttpResponse:
    """Counters and times in Prometheus' text form."""
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
