"""Plugins: which are active, and halves of one that do nothing by themselves."""

from collections.abc import Iterator

from bigpandamon_core.config import Configuration
from bigpandamon_core.management.inspection import Finding, warning
from bigpandamon_core.plugin.loading import Seen, examine

SUBJECT = "plugins"


def findings(configuration: Configuration) -> Iterator[Finding]:
    """Either half alone is harmless, so nothing here is trouble: mistakes are told before. What a switch file
    with mistakes wants is not known."""
    for seen in examine(configuration):
        yield _told(seen)


def _told(seen: Seen) -> Finding:
    if seen.active:
        return Finding(SUBJECT, f"{seen.name} {seen.active.version} is active")
    if seen.installed is None and seen.switch:
        text = f"{seen.switch.file} has no effect: no plugin {seen.name} is installed"
        return warning(SUBJECT, text, f"install bigpandamon-{seen.name}, or remove the file")
    if seen.switch and seen.switch.mistakes:
        text = f"whether {seen.name} is to be active is not known: {seen.switch.file} cannot be read"
        return warning(SUBJECT, text, "see what is said of the file")
    if seen.enabled:
        return Finding(SUBJECT, f"{seen.name} is enabled and cannot be active")
    return Finding(SUBJECT, f"{seen.name} is installed, not enabled")
