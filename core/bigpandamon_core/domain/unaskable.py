"""Questions whose answers would tell what is hidden."""

from collections.abc import Iterator

from bigpandamon_core.domain.conditions import Op, tests
from bigpandamon_core.domain.fields import Kind
from bigpandamon_core.domain.nouns import Asked
from bigpandamon_core.domain.parameters import SHOWN, values_of
from bigpandamon_core.domain.people import NAMELESS, asks_for_subject
from bigpandamon_core.domain.privacy import Privacy
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.text import fold

_WHOLE = frozenset({"taskname", "datasetname"})
"""Texts that users choose, asked for whole unless the request has a `*`: another table tells them, or a scope
may stand before them."""


def hidden(privacy: Privacy, asked: Selection) -> Iterator[str]:
    """The parameters that ask for hidden values, for their order, or for parts of texts that hold them:
    whoever may try patterns finds out a name letter by letter."""
    for name, value in asked.parameters:
        declared = asked.noun.field(name.removesuffix(SHOWN))
        hides = (declared.source if declared else name) in privacy.hidden
        if hides or any(map(asks_for_subject, values_of(name, value))):
            yield name
    if asked.after and asks_for_subject(str(asked.after[0])):
        yield "after"
    column = asked.sort[0].column
    if column in privacy.hidden or (privacy.hides_names and speaks(asked, column)):
        yield "sort"
    if privacy.hides_names:
        yield from (one.parameter for one in asked.asked if _in_part(one))


def speaks(asked: Selection, column: str) -> bool:
    """Whether a column holds texts that may name somebody."""
    declared = asked.noun.field(column)
    return declared is not None and declared.kind is Kind.TEXT and column not in NAMELESS


def _in_part(asked: Asked) -> bool:
    """Whether a text is asked for by a part of it that the request names."""
    if asked.parameter in _WHOLE:
        return "*" in asked.text
    text = fold(asked.text)
    return not asked.parameter.endswith(SHOWN) and any(
        test.op in (Op.LIKE, Op.FOLDED_LIKE)
        and test.column not in NAMELESS
        and isinstance(test.value, tuple)
        and any(piece and fold(str(piece)) in text for piece in test.value)
        for test in tests(asked.condition)
    )


def personal(parameter: str, privacy: Privacy) -> Problem:
    names = "names are not shown here (privacy.anonymous)"
    why = names if privacy.hides_names else "certificate subjects are shown to nobody"
    return Problem(
        f"{parameter} asks for what is not shown here",
        parameter=parameter,
        status=403,
        code="personal",
        remedy=f"Leave it out: {why}.",
    )
