"""Messages of errors clustered: those that say the same are one."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bigpandamon_core.domain.fingerprints import fingerprint, normalised
from bigpandamon_core.domain.job_errors import errors_of
from bigpandamon_core.domain.text import NOT_SPECIFIED


@dataclass
class Message:
    """What several jobs said. text: without what is of one job only. example: as the newest of them said it.
    sites: by queue, how many."""

    fingerprint: str
    component: str
    code: int | str
    text: str
    example: str
    pandaid: int = 0
    count: int = 0
    sites: Counter[str] = field(default_factory=Counter)


def messages(rows: Iterable[Mapping[str, Any]]) -> list[Message]:
    """The messages of jobs, most frequent first. Errors that say nothing are left out.

    rows: of jobs, with pandaid, computingsite and every column of an error.
    """
    found: dict[str, Message] = {}
    for row in rows:
        for error in errors_of(row):
            text = normalised(error.diag)
            if not text:
                continue
            key = fingerprint(error.component, error.code, text)
            one = found.setdefault(key, Message(key, error.component, error.code, text, error.diag))
            one.count += 1
            one.sites[row["computingsite"] or NOT_SPECIFIED] += 1
            if row["pandaid"] > one.pandaid:
                one.pandaid, one.example = row["pandaid"], error.diag
    return sorted(found.values(), key=lambda one: (-one.count, one.component, str(one.code), one.text))
