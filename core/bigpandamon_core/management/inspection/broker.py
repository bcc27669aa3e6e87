"""The broker of messages: this release takes none, and needs none."""

from collections.abc import Iterator

from bigpandamon_core.config import Configuration
from bigpandamon_core.management.inspection import Finding

SUBJECT = "broker"


def findings(_configuration: Configuration) -> Iterator[Finding]:
    yield Finding(SUBJECT, "none is asked: this release takes no messages of jobs")
