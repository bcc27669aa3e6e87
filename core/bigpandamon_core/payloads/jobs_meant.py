"""What was probably meant where no job fulfils the conditions: known words that are like those asked for."""

from collections.abc import Iterator, Mapping

from bigpandamon_core.domain.job_fields import LABELS, RESOURCE_TYPES
from bigpandamon_core.domain.nouns import Asked
from bigpandamon_core.domain.text import NOT_SPECIFIED, cut, fold, nearest
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.queries import queues

_WITH_CASE: Mapping[str, tuple[str, ...]] = {"resourcetype": RESOURCE_TYPES, "prodsourcelabel": LABELS}


def meant(jobs: Jobs) -> list[str]:
    """A word for each value that nothing is known by, only where there are no jobs."""
    if jobs.tally.total:
        return []
    return [note for asked in jobs.selection.asked for note in _of(jobs, asked)]


def _of(jobs: Jobs, asked: Asked) -> Iterator[str]:
    name = asked.parameter
    if name not in ("computingsite", "cloud", *_WITH_CASE) or any(sign in asked.text for sign in "*!"):
        return
    known = _WITH_CASE.get(name) or _of_queues(jobs, name)
    for word in asked.text.replace("|", ",").split(","):
        near = nearest(word, known)
        is_known = word == near or (name not in _WITH_CASE and fold(word) == fold(near))
        if near and word != NOT_SPECIFIED and not is_known:
            yield f"No {name} is known as {cut(word, 60)}. Did you mean {near}?"


def _of_queues(jobs: Jobs, name: str) -> tuple[str, ...]:
    nothing: Mapping[str, dict[str, str]] = {}
    defined = jobs.optional("queues", queues.definitions, nothing)
    if name == "computingsite":
        return tuple(sorted(defined))
    return tuple(sorted({str(data["cloud"]) for data in defined.values() if data.get("cloud")}))
