"""Plugins: which are active, and halves of one that do nothing by themselves."""

from collections.abc import Iterator

from bigpandamon_core.config import Configuration
from bigpandamon_core.management.inspection import Finding
from bigpandamon_core.plugin.loading import Seen, examine

SUBJECT = "plugins"


def findings(configuration: Configuration) -> Iterator[Finding]:
    """Either half alone is harmless, so nothing here is trouble: mistakes end the check before."""
    for seen in examine(configuration):
        yield Finding(SUBJECT, _told(seen))


def _told(seen: Seen) -> str:
    if seen.active:
        return f"{seen.name} {seen.active.version} is active"
    if seen.installed is None and seen.switch:
        return f"{seen.switch.file} has no effect: no plugin {seen.name} is installed"
    return f"{seen.name} is installed, not enabled"
