"""Every address: those of the registry, the machine's own, and redirects for a missing last slash."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import URLPattern, path, re_path
from django.utils.encoding import escape_uri_path

from bigpandamon_core.sections.registry import Registry
from bigpandamon_core.web import documentation, health, metrics, own_account, signing_in, static_files
from bigpandamon_core.web.fallback import failed, not_here, refused, safe
from bigpandamon_core.web.loading import registry
from bigpandamon_core.web.view import ResourceView

View = Callable[..., HttpResponseBase]


def patterns(found: Registry) -> list[URLPattern]:
    """The addresses of a registry, the machine's own first."""
    routes = [
        (route, ResourceView(mounted, found))
        for mounted in found.mounted.values()
        for route in mounted.routes
    ]
    taken = {route for route, _ in routes}
    slashless = [route.removesuffix("/") for route, _ in routes if route.endswith("/")]
    redirects = [path(route, _with_slash) for route in slashless if route and route not in taken]
    return [
        path("health", safe(health.health)),
        path("metrics", safe(metrics.metrics)),
        path("static/<path:name>", safe(static_files.static)),
        path("api/v1/openapi.json", safe(documentation.openapi)),
        path("api/v1", _with_slash),
        path("api/v1/", safe(documentation.reference)),
        path("login/", signing_in.login),
        path("logout/", signing_in.logout),
        path("who/", signing_in.who),
        path("account/", own_account.account),
        path("account/tokens/", own_account.create_token),
        path("account/tokens/<slug:public>/revoke/", own_account.revoke_token),
        *(path(route, _with_slash) for route in ("login", "who", "account")),
        *(path(route, view, name=view.mounted.name) for route, view in routes),
        *redirects,
        re_path(r"", partial(_nothing, found)),
    ]


def _with_slash(request: HttpRequest, **_path: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    address = f"{escape_uri_path(request.path)}/" + (f"?{query}" if query else "")
    return HttpResponsePermanentRedirect(address, preserve_request=request.method == "POST")


def _nothing(found: Registry, request: HttpRequest) -> HttpResponse:
    return not_here(request, found)


urlpatterns = patterns(registry())
handler400 = handler403 = handler404 = refused
handler500 = failed
