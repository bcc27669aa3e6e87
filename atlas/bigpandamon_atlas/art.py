"""ART tests as they are handed in by programs with a token: what a test may say, and how it is stored."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError

from bigpandamon_atlas.models import ArtTest
from bigpandamon_atlas.shown import Row
from bigpandamon_core.plugin import Access, Action, Done, Problem, Submission, is_storable

ACTIVE, PASSED = "active", "succeeded"
GROUPS = {ACTIVE: "running", PASSED: "good", "finished": "launch", "failed": "bad", "cancelled": "ended"}
"""Results, each with the group that it is shown in. A test that finished ran to its end and did not pass."""
KEY = {"branch": 100, "nightly": 40, "package": 80, "test": 120}
TEXTS = {**KEY, "message": 400}
NUMBERS = {"pandaid": 2**63 - 1, "exit_code": 2**31 - 1}
MOST_TESTS = 2000
NIGHTLY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:?[0-9]{2}(?::?[0-9]{2})?)?")
"""A nightly is called by the moment when it began."""
ITEM: dict[str, Any] = {
    "type": "object",
    "required": list(KEY),
    "additionalProperties": False,
    "properties": {
        **{name: {"type": "string", "maxLength": room} for name, room in TEXTS.items()},
        **{name: {"type": ["integer", "null"]} for name in NUMBERS},
        "result": {"enum": list(GROUPS)},
    },
}
BODY = {
    "type": "object",
    "required": ["tests"],
    "properties": {"tests": {"type": "array", "maxItems": MOST_TESTS, "items": ITEM}},
}
Named = tuple[str, ...]


def hand_in(given: Submission) -> Done:
    """Register tests, or tell their results: what a test does not say stays as it was.

    Raises:
        Problem: something is wrong with one of them; then none is stored.
    """
    told: dict[Named, Row] = {}
    for number, one in enumerate(_listed(given.body), 1):
        test = _read(number, one)
        told.setdefault(tuple(test[name] for name in KEY), {}).update(test)
    known = _known(told)
    try:
        _store(told, known, given.call.now)
    except IntegrityError:
        raise Problem(
            "Others handed in the same tests just now", status=409, remedy="Send them again."
        ) from None
    packages = ", ".join(sorted({test["package"] for test in told.values()}))
    answer = {"registered": len(told) - len(known), "updated": len(known)}
    return Done(answer, f"{len(told)} ART tests of {packages[:200]}", 201)


def _store(told: Mapping[Named, Row], known: Mapping[Named, ArtTest], moment: datetime) -> None:
    new = {name: ArtTest(result=ACTIVE, message="", registered=moment) for name in told if name not in known}
    entries = {**known, **new}
    for name, test in told.items():
        for column, value in {**test, "changed": moment}.items():
            setattr(entries[name], column, value)
    ArtTest.objects.bulk_create(new.values())
    changed = {column for name in known for column in told[name].keys() - set(KEY)}
    ArtTest.objects.bulk_update(known.values(), [*changed, "changed"], batch_size=500)


def _listed(body: Any) -> list[Any]:
    listed = body.get("tests") if isinstance(body, dict) else None
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_TESTS:
        many = f"{len(listed):,} tests are too many" if isinstance(listed, list) and listed else ""
        remedy = f'Send {{"tests": [...]}} with 1 to {MOST_TESTS:,} of them.'
        raise Problem(many or "There are no tests in this", parameter="tests", remedy=remedy)
    return listed


def _read(number: int, given: Any) -> Row:
    """The columns that one test tells. Raises Problem that names the test and the field."""
    if not isinstance(given, dict):
        raise _wrong(number, "is no object", "Send an object for each test.")
    unknown = sorted(map(str, given.keys() - ITEM["properties"].keys()))
    if unknown:
        raise _wrong(number, f"has unknown fields: {', '.join(unknown)[:100]}", "Leave them out.")
    for name, room in TEXTS.items():
        if not _fits(given.get(name, "" if name not in KEY else None), room, name in KEY):
            raise _wrong(number, f"{name} is no text that fits", f"Send up to {room} letters.")
    if begun(given["nightly"]) is None:
        raise _wrong(number, "nightly is no moment", "Send when it began, such as 2026-11-29T2101.")
    for name, largest in NUMBERS.items():
        value = given.get(name)
        if value is not None and not (is_number(value) and abs(value) <= largest):
            raise _wrong(number, f"{name} is no whole number that fits", "Send a whole number or null.")
    if given.get("pandaid") is not None and given["pandaid"] < 1:
        raise _wrong(number, "pandaid is the number of no job", "Send one from 1, or null.")
    if given.get("result", ACTIVE) not in list(GROUPS):
        raise _wrong(number, "result is none that is known", f"Send one of {', '.join(GROUPS)}.")
    return dict(given)


def begun(nightly: str) -> datetime | None:
    """When a nightly began, as its name says; None: it says no moment."""
    try:
        return datetime.fromisoformat(nightly) if NIGHTLY.fullmatch(nightly) else None
    except ValueError:
        return None


def _fits(value: Any, room: int, needed: bool) -> bool:
    """Whether a value is a text that a column takes, with something in it where that is needed."""
    return is_storable(value, room) and not (needed and (not value or value != value.strip()))


def is_number(value: Any) -> bool:
    """Whether it is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong(number: int, what: str, remedy: str) -> Problem:
    return Problem(
        f"Test {number} of the list: {what}", parameter="tests", remedy=f"{remedy} Nothing was stored."
    )


def _known(told: dict[Named, Row]) -> dict[Named, ArtTest]:
    """Those that are stored already, which nobody else changes until this is done."""
    found: dict[Named, ArtTest] = {}
    for branch, nightly in {(test["branch"], test["nightly"]) for test in told.values()}:
        for one in ArtTest.objects.select_for_update().filter(branch=branch, nightly=nightly):
            found[one.branch, one.nightly, one.package, one.test] = one
    return {name: one for name, one in found.items() if name in told}


HANDING_IN = {
    "POST": Action(
        hand_in,
        "Register ART tests, or tell their results.",
        Access.OPERATE,
        body=BODY,
        answer={"type": "object"},
        most_bytes=4_000_000,
    )
}
