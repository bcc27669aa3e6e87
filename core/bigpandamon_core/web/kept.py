"""Answers by way of the cache: found, or made once and kept, or the last good one while none can be made."""

import functools
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from django.conf import settings
from django.template.loader import render_to_string

from bigpandamon_core import __version__
from bigpandamon_core.caching import warming
from bigpandamon_core.caching.cache import Cache
from bigpandamon_core.caching.cache import cache as made_cache
from bigpandamon_core.caching.entry import Entry, etag_of
from bigpandamon_core.caching.keys import Question, normalised
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.sections.registry import Registry
from bigpandamon_core.sources.failures import passes
from bigpandamon_core.web import metrics
from bigpandamon_core.web.answers import Answer, answer
from bigpandamon_core.web.asked import BYPASS, Asked
from bigpandamon_core.web.delivery import Outcome, Terms
from bigpandamon_core.web.page import theme_of

STEERING = frozenset({BYPASS, "format", "json"})
"""Parameters that decide how an answer leaves, not what it is."""
MAIN = b'<main id="main" tabindex="-1">'
"""Where a page says that it is not of now."""


@dataclass(frozen=True)
class Served:
    """An answer and what may be done with it."""

    answer: Answer
    terms: Terms


@functools.cache
def cache() -> Cache:
    """That of this process."""
    return made_cache(settings.BIGPANDAMON, settings.SECRET_KEY, metrics.of_entry)


@functools.cache
def _identity(plugins: str) -> str:
    """What this process is set up to be."""
    return f"{settings.BIGPANDAMON.digest()} {plugins}"


def served(asked: Asked, registry: Registry) -> Served:
    """The answer to a request.

    Raises:
        Problem: there is none, and no older one that could stand in for it.
    """
    found = _kept(asked, registry) if asked.keep_seconds else _made(asked, registry)
    metrics.ANSWERS.labels(asked.mounted.resource.point or "none", found.terms.outcome.value).inc()
    return found


def _made(asked: Asked, registry: Registry) -> Served:
    return Served(answer(asked, registry), Terms(Outcome.BYPASS, public=asked.is_public))


def _kept(asked: Asked, registry: Registry) -> Served:
    question = question_of(asked, registry.digest)
    entry = cache().find(question)
    if entry and _holds(entry, question, asked):
        return Served(Answer(entry), Terms(Outcome.HIT, asked.keep_seconds))
    try:
        return _once(asked, registry, question)
    except Problem as problem:
        if entry is None or not passes(problem) or not cache().is_last_good(entry, asked.call.now):
            raise
        return Served(Answer(_marked(entry, problem, asked)), Terms(Outcome.STALE))


def _holds(entry: Entry, question: Question, asked: Asked) -> bool:
    """Whether the entry is the answer; to who warms up it must be for some time yet."""
    given = asked.request.headers.get(warming.HEADER, "")
    moment = asked.call.now + warming.ahead(given, settings.SECRET_KEY) if given else asked.call.now
    return cache().is_fresh(entry, question, asked.keep_seconds, moment)


def _once(asked: Asked, registry: Registry, question: Question) -> Served:
    """Made by the first who asks; the others who ask meanwhile get the same."""
    own: list[Answer] = []

    def make() -> Entry | None:
        other = cache().find(question)
        if other and _holds(other, question, asked):
            return other
        own.append(answer(asked, registry))
        whole = replace(own[0].entry, edition=question.edition)
        return cache().keep(question, whole) if own[0].may_be_kept else None

    entry = cache().once(question, make)
    if entry is None:
        return Served(own[0] if own else answer(asked, registry), Terms(Outcome.BYPASS))
    return Served(Answer(entry), Terms(Outcome.MISS if own else Outcome.HIT, asked.keep_seconds))


def question_of(asked: Asked, plugins: str) -> Question:
    """Everything the answer depends on. plugins: digest of the active ones.

    Raises:
        Problem: the request cannot be read.
    """
    mounted, selection = asked.mounted, _selection(asked)
    themed = f"-{theme_of(asked.request)}" if asked.format_name == "html" else ""
    parameters = selection.parameters if selection else asked.call.parameters
    return Question(
        release=__version__,
        configuration=_identity(plugins),
        section=mounted.section,
        resource=mounted.name,
        scope=mounted.key,
        url=asked.call.url,
        parameters=normalised(parameters, STEERING),
        ignored=selection.ignored if selection else (),
        representation=asked.format_name + themed,
        audience=asked.caller.audience,
        edition=_edition(selection, asked.keep_seconds),
    )


def _selection(asked: Asked) -> Selection | None:
    """What a request about a noun selects: builders read it at once, and the database only later."""
    resource = asked.mounted.resource
    found = getattr(resource.build(asked.call), "selection", None) if resource.noun else None
    return found if isinstance(found, Selection) else None


def _edition(selection: Selection | None, grain_seconds: int) -> str:
    """Changes when the window of a selection has moved on by a grain."""
    if selection is None:
        return ""
    return blake2b(selection.key(grain_seconds).encode("utf-8", "replace"), digest_size=8).hexdigest()


def _marked(entry: Entry, problem: Problem, asked: Asked) -> Entry:
    """The entry with a note on it if it is a page; other forms are marked by headers alone."""
    if asked.format_name != "html":
        return entry
    note = _note(entry, problem, asked.call.now)
    body = entry.plain().replace(MAIN, MAIN + note, 1)
    return replace(entry, body=body, compressed=False, etag=etag_of(body))


def _note(entry: Entry, problem: Problem, moment: datetime) -> bytes:
    about = {"what": problem.what, "made": entry.made, "age_seconds": entry.age_seconds(moment)}
    return render_to_string("bigpandamon/parts/stale.html", about).encode()
