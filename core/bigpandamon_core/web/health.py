"""Whether the service works, for people, load balancers and supervisors."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bigpandamon_core import __version__
from bigpandamon_core.domain.window import iso, now
from bigpandamon_core.web import following
from bigpandamon_core.web.kept import cache
from bigpandamon_core.web.probes import probes
from bigpandamon_core.web.render import encode
from bigpandamon_core.web.scheduling import NOTHING, scheduling, told, told_hosts


def health(_request: HttpRequest) -> HttpResponse:
    """200 if pages can be made, 503 if not; says what does not work, and since when.

    The cache does not decide: without it answers are slower, not wrong.
    """
    for probe in probes():
        probe.ask()
    databases = {probe.alias: probe.told() for probe in probes()}
    well = all(state["answers"] and state.get("usable", True) for state in databases.values())
    configuration = settings.BIGPANDAMON
    others = scheduling() if databases["default"]["answers"] else NOTHING
    body = {
        "status": "well" if well else "unwell",
        "version": __version__,
        "instance": configuration.get("instance.title"),
        "as_of": iso(now()),
        "databases": databases,
        "cache": cache().store.state(),
        "schedule": told(others),
        "hosts": told_hosts(others),
        **following.told(others.following, others.rollups, now()),
        "plugins": sorted(name for name, switch in configuration.switches.items() if switch.enabled),
    }
    response = HttpResponse(encode(body), content_type="application/json", status=200 if well else 503)
    response["Cache-Control"] = "no-store"
    return response
