"""Answers by way of the cache: found, or made once and kept, or the last good one while none can be made."""

import functools
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b

from django.conf import settings
from django.db import close_old_connections
from django.template.loader import render_to_string

from bigpandamon_core import __version__
from bigpandamon_core.caching import warming
from bigpandamon_core.caching.cache import Cache, Look
from bigpandamon_core.caching.cache import cache as made_cache
from bigpandamon_core.caching.entry import Entry, etag_of
from bigpandamon_core.caching.keys import Question, normalised
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.window import now
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


KNOWN = "bigpandamon.known"
"""Where a request carries what was found out about it, for the next one like it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a request asks, where everybody gets the same answer: holds from begin to end, naive UTC.

    key: where the store has the answer. resource, point, format_name: for the counters.
    """

    key: str
    question: Question
    terms: Terms
    begin: datetime
    end: datetime
    resource: str
    point: str
    format_name: str


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
    found = _kept(asked, registry) if asked.lifetime.seconds else _made(asked, registry)
    metrics.of_answer(asked.mounted.resource.point, found.terms.outcome.value)
    return found


def _made(asked: Asked, registry: Registry) -> Served:
    return Served(answer(asked, registry), _terms(asked, Outcome.BYPASS))


def _terms(asked: Asked, outcome: Outcome) -> Terms:
    if outcome in (Outcome.BYPASS, Outcome.STALE):
        return Terms(outcome, public=asked.is_public)
    return Terms(outcome, asked.lifetime, asked.is_public)


def _kept(asked: Asked, registry: Registry) -> Served:
    question = question_of(asked, registry.digest)
    _remember(asked, question)
    entry, moment = cache().find(question), asked.call.now
    look = partial(_fresh, asked, question)
    if entry and cache().is_fresh(entry, question, asked.lifetime.seconds, moment + _ahead(asked)):
        return Served(Answer(entry), _terms(asked, Outcome.HIT))
    if entry and not _ahead(asked) and cache().is_passable(entry, question, asked.lifetime, moment):
        cache().renew(question, look, partial(_renewed, asked, registry, question))
        return Served(Answer(entry), _terms(asked, Outcome.UPDATING))
    try:
        return _once(asked, registry, question, look)
    except Problem as problem:
        if entry is None or not passes(problem) or not cache().is_last_good(entry, moment):
            raise
        return Served(Answer(_marked(entry, problem, asked)), _terms(asked, Outcome.STALE))


def _ahead(asked: Asked) -> timedelta:
    """For how long from now the answer is to hold: to who warms up for some time yet."""
    given = asked.request.headers.get(warming.HEADER, "")
    return warming.ahead(given, settings.SECRET_KEY) if given else timedelta()


def _remember(asked: Asked, question: Question) -> None:
    """Have the process remember what this request asks. Until its window moves on that is no other thing."""
    if not asked.is_public:
        return
    end, resource = asked.call.until, asked.mounted.resource
    asked.request.META[KNOWN] = Known(
        cache().key(question),
        question,
        _terms(asked, Outcome.HIT),
        end - timedelta(seconds=asked.lifetime.seconds),
        end,
        asked.mounted.name,
        resource.point,
        asked.format_name,
    )


def hit(known: Known, moment: datetime) -> Entry | None:
    """The kept answer to a request of which it is known what it asks."""
    if not known.begin <= moment < known.end:
        return None
    entry = cache().store.get(known.key, known.question)
    if entry is None or not cache().is_fresh(entry, known.question, known.terms.lifetime.seconds, moment):
        return None
    metrics.of_answer(known.point, known.terms.outcome.value)
    return entry


def _fresh(asked: Asked, question: Question) -> Entry | None:
    """The answer that somebody else has made since."""
    entry, moment = cache().find(question), now() + _ahead(asked)
    return entry if entry and cache().is_fresh(entry, question, asked.lifetime.seconds, moment) else None


def _once(asked: Asked, registry: Registry, question: Question, look: Look) -> Served:
    """Made by the first who asks; the others who ask meanwhile get the same."""
    own: list[Answer] = []

    def make() -> Entry | None:
        own.append(answer(asked, registry))
        return _keep(own[0], question)

    entry = cache().once(question, look, make)
    if entry is None:
        return Served(own[0] if own else answer(asked, registry), _terms(asked, Outcome.BYPASS))
    return Served(Answer(entry), _terms(asked, Outcome.MISS if own else Outcome.HIT))


def _renewed(asked: Asked, registry: Registry, question: Question) -> Entry | None:
    """Made anew in a thread that has database connections of its own."""
    try:
        return _keep(answer(asked, registry), question)
    finally:
        close_old_connections()


def _keep(made: Answer, question: Question) -> Entry | None:
    """The answer as it is kept, None if it may not be."""
    whole = replace(made.entry, edition=question.edition)
    return cache().keep(question, whole) if made.may_be_kept else None


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
        audience=asked.caller.key,
        edition=_edition(selection),
    )


def _selection(asked: Asked) -> Selection | None:
    """What a request about a noun selects: builders read it at once, and the database only later."""
    resource = asked.mounted.resource
    found = getattr(resource.build(asked.call), "shown", None) if resource.noun else None
    return found if isinstance(found, Selection) else None


def _edition(selection: Selection | None) -> str:
    """Changes when the window of a selection has moved on by a grain."""
    if selection is None:
        return ""
    return blake2b(selection.key.encode("utf-8", "replace"), digest_size=8).hexdigest()


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
