"""The hosts of the instance: that they sign with one key, and which release each runs."""

from collections.abc import Iterator

from django.db import DatabaseError

from bigpandamon_core import __version__
from bigpandamon_core.config import Configuration, secret_key
from bigpandamon_core.management.inspection import Finding, trouble, warning
from bigpandamon_core.management.inspection.own import is_absent
from bigpandamon_core.state.hosts import HostRow, fingerprint, hosts

SUBJECT = "hosts"
UPGRADE = "upgrade hosts one by one, then run `bigpandamon migrate`"


def findings(configuration: Configuration) -> Iterator[Finding]:
    file = configuration.get("web.secret_key_file")
    key = secret_key.kept(file)
    if not key or is_absent(configuration.get("database.url")):
        return
    try:
        found = hosts()
    except DatabaseError:
        return  # of which the look at that database tells
    for host in found:
        if host.fingerprint != fingerprint(key):
            text = f"{host.name} signs with another key: it takes nobody for signed in who is so here"
            yield trouble(SUBJECT, text, f"copy {file} from one host to all, then restart them")
        else:
            yield _release_of(host)


def _release_of(host: HostRow) -> Finding:
    if host.version == __version__:
        return Finding(SUBJECT, f"{host.name} runs this release")
    return warning(SUBJECT, f"{host.name} runs {host.version}, here is {__version__}", UPGRADE)
