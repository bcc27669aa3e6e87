"""The files that may hold secrets: nobody else is to read them."""

from collections.abc import Iterator
from pathlib import Path

from bigpandamon_core.config import Configuration, DatabaseUrl
from bigpandamon_core.management.inspection import Finding, trouble

SUBJECT = "configuration"
OTHERS_READ = 0o004


def findings(configuration: Configuration) -> Iterator[Finding]:
    yield Finding(SUBJECT, str(configuration.file or "embedded defaults"))
    if configuration.file and holds_password(configuration) and others_read(configuration.file):
        text = f"everybody can read {configuration.file}, which holds a password"
        yield trouble(SUBJECT, text, "chmod 0640 it")


def holds_password(configuration: Configuration) -> bool:
    urls: list[DatabaseUrl] = [configuration.get("database.url"), configuration.get("panda.url")]
    return any(url.password for url in urls)


def others_read(path: Path) -> bool:
    return bool(path.stat().st_mode & OTHERS_READ)
