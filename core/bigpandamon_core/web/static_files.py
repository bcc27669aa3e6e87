"""Static files under names that hold a digest of what they hold: `/static/<package>/<digest>/<path>`.

The digest is of all files of a package, so that one finds another by a relative address. A name never means
other bytes, and so browsers keep what it means for good (docs/decisions/0014).
"""

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from mimetypes import MimeTypes
from pathlib import Path

from django.conf import settings
from django.core.files.storage import Storage
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import filepath_to_uri

from bigpandamon_core.domain.problems import not_found
from bigpandamon_core.web.delivery import takes_gzip

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_NOW = "no-store"
"""For names of another release, which another host may still have, or that hold no digest."""
COMPRESSED = (".css", ".js", ".svg")
_NAME = re.compile(r"(?P<package>[^/]+)/((?P<digest>[0-9a-f]{16})/)?(?P<path>.+)")
_types = MimeTypes()
"""As Python knows them: what a host's own table says is another matter."""


@dataclass(frozen=True)
class Package:
    """The static files of core or of a plugin, by path, as they were when this process began: what lies on
    the disk may be of a later release."""

    name: str
    contents: Mapping[str, bytes]

    @classmethod
    def of(cls, folder: Path) -> "Package":
        """A folder as it is now."""
        files = (path for path in folder.rglob("*") if path.is_file())
        return cls(folder.name, {path.relative_to(folder).as_posix(): path.read_bytes() for path in files})

    @cached_property
    def digest(self) -> str:
        """As packaging/rpm/common.spec makes it to name the folder that nginx gives them from."""
        lines = (f"{sha256(held).hexdigest()}  ./{path}\n" for path, held in sorted(self.contents.items()))
        return sha256("".join(lines).encode()).hexdigest()[:16]

    @cached_property
    def packed(self) -> Mapping[str, bytes]:
        """Those that get smaller by it, compressed."""
        wanted = ((path, held) for path, held in self.contents.items() if path.endswith(COMPRESSED))
        return {path: gzip.compress(held, mtime=0) for path, held in wanted}


@cache
def packages() -> Mapping[str, Package]:
    """Those of core and of the enabled plugins, by name."""
    folders = (folder for place in settings.STATICFILES_DIRS for folder in Path(place).iterdir())
    return {folder.name: Package.of(folder) for folder in folders if folder.is_dir()}


class Addresses(Storage):
    """For Django: what `{% static %}` writes into a page."""

    def url(self, name: str | None) -> str:
        """With the digest; without one for what is not there, which the browser is told then."""
        package, _, path = (name or "").partition("/")
        found = packages().get(package)
        held = f"{found.digest}/{path}" if found and path in found.contents else path
        return f"{settings.STATIC_URL}{filepath_to_uri(f'{package}/{held}')}"


def static(request: HttpRequest, name: str) -> HttpResponse:
    """The file as this process knows it, for good only under its own name.

    Raises:
        Problem: 404, there is none.
    """
    asked = _NAME.fullmatch(name)
    package = packages().get(asked["package"]) if asked else None
    if not asked or not package or asked["path"] not in package.contents:
        raise not_found(f"There is nothing at {request.path[:200]}", "Reload the page that led here.")
    path = asked["path"]
    response = HttpResponse(package.contents[path], content_type=_type_of(path))
    response["Cache-Control"] = FOR_GOOD if asked["digest"] == package.digest else FOR_NOW
    if path in package.packed:
        response["Vary"] = "Accept-Encoding"
        if takes_gzip(request.headers.get("Accept-Encoding", "")):
            response["Content-Encoding"] = "gzip"
            response.content = package.packed[path]
    return response


def _type_of(path: str) -> str:
    found = _types.guess_type(path)[0] or "application/octet-stream"
    return f"{found}; charset=utf-8" if found.startswith("text/") or path.endswith(".js") else found
