"""Values that databases are likely to treat differently, and conditions over them."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from bigpandamon_core.domain.conditions import (
    EVERYTHING,
    NOTHING,
    All,
    AnyOf,
    Condition,
    Elapsed,
    Not,
    Op,
    Test,
)

T = datetime(2026, 11, 20, 12)
SIGNS = "aAbBzZéÉß€😀😁ıİKkſsS0 %_\\*?[]^$.|+(){}-'\"`;,!\t\n"
PIECES = (
    *("a", "A", "ab", "aB", "b", "é", "É", "e\u0301", "😀", "ß", "SS", "\u212a", "\ufffd"),
    *("%", "_", "\\", "\\\\", "\\%", "\\_", "*", "?", "[a]", "[", "]", "^a", "a$", ".", ".*", "(", "a|b"),
    *(" ", "  ", "\n", "'", '"', "-", "x;--"),
)
TEXTS = (
    None,
    "",
    *PIECES,
    "a ",
    " a",
    "A ",
    "a  ",
    "ab*",
    "a%b",
    "a_b",
    "axb",
    "a\\b",
    "a[b",
    "NULL",
    "null",
    "0",
)
INTEGERS = (None, -1, 0, 1, 2, 8, 99, 100, 32767)
TIMES = (
    None,
    *(T + timedelta(seconds=s) for s in (-86400, -3601, -3600, -600, -599.5, -1, -0.000001, 0, 60, 90)),
)
DECIMALS = (None, Decimal(0), Decimal("1.5"), Decimal("-1.25"), Decimal(3))
TEXT_COLUMNS = ("computingsite", "produsername", "nucleus", "transformation", "jobmetrics")
"""Two that are looked up by index, three that are not."""
INTEGER_COLUMNS = ("corecount", "jeditaskid", "minramcount", "eventservice")
TIME_COLUMNS = ("starttime", "endtime", "statechangetime")
COLUMNS = (*TEXT_COLUMNS, *INTEGER_COLUMNS, *TIME_COLUMNS, "cpuconversion")


def odd_text(random: Random) -> str | None:
    known = random.choice(TEXTS)
    if random.random() < 0.6 or known is None:
        return known
    return known + "".join(random.choices(SIGNS, k=random.randint(0, 3)))


class Rows(list[dict[str, Any]]):
    """Rows that do not fill the screen when a test fails."""

    def __repr__(self) -> str:
        return f"<{len(self)} rows>"


def odd_rows(number: int, seed: int = 7) -> Rows:
    """Jobs with odd values; the same for the same seed."""
    random = Random(seed)
    return Rows(odd_row(random) | {"pandaid": 1000 + place} for place in range(number))


def odd_row(random: Random) -> dict[str, Any]:
    row: dict[str, Any] = {name: odd_text(random) for name in TEXT_COLUMNS}
    row |= {name: random.choice(INTEGERS) for name in INTEGER_COLUMNS}
    row |= {name: random.choice(TIMES) for name in TIME_COLUMNS}
    row["minramcount"] = row["minramcount"] or 0
    return row | {"cpuconversion": random.choice(DECIMALS), "modificationtime": random.choice(TIMES[1:])}


texts = st.one_of(st.sampled_from(TEXTS[1:]), st.text(SIGNS, max_size=4))
pieces = st.lists(
    st.one_of(st.just(""), st.sampled_from(PIECES), st.text(SIGNS, max_size=2)), min_size=1, max_size=4
)
text_tests = st.one_of(
    st.builds(Test, st.sampled_from(TEXT_COLUMNS), st.sampled_from([Op.EQUAL, Op.FOLDED]), texts),
    st.builds(
        Test, st.sampled_from(TEXT_COLUMNS), st.just(Op.ONE_OF), st.lists(texts, max_size=4).map(tuple)
    ),
    st.builds(
        Test, st.sampled_from(TEXT_COLUMNS), st.sampled_from([Op.LIKE, Op.FOLDED_LIKE]), pieces.map(tuple)
    ),
)
integers = st.one_of(st.sampled_from(INTEGERS[1:]), st.integers(-(2**63) + 1, 2**63 - 1))
moments = st.one_of(st.sampled_from(TIMES[1:]), st.datetimes(datetime(1980, 1, 1), datetime(2050, 1, 1)))
BOUNDS = (Op.AT_LEAST, Op.AT_MOST)
number_tests = st.one_of(
    st.builds(Test, st.sampled_from(INTEGER_COLUMNS), st.sampled_from([Op.EQUAL, *BOUNDS]), integers),
    st.builds(
        Test, st.sampled_from(INTEGER_COLUMNS), st.just(Op.ONE_OF), st.lists(integers, max_size=12).map(tuple)
    ),
    st.builds(Test, st.just("cpuconversion"), st.just(Op.EQUAL), st.sampled_from(DECIMALS[1:])),
)
time_tests = st.builds(Test, st.sampled_from(TIME_COLUMNS), st.sampled_from(BOUNDS), moments)
absences = st.builds(Test, st.sampled_from(COLUMNS), st.just(Op.ABSENT), st.none())
minutes = st.sampled_from([-1, 0, 1, 9, 10, 11, 60, 61, 1440, 9_999_999])
spans = st.builds(
    Elapsed,
    st.just("starttime"),
    st.sampled_from(["endtime", "statechangetime"]),
    minutes,
    st.one_of(st.none(), minutes),
    moments,
)
leaves = st.one_of(
    text_tests, text_tests, number_tests, time_tests, absences, spans, st.sampled_from([EVERYTHING, NOTHING])
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=5,
)
