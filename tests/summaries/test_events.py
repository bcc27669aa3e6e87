"""Event ranges added up, against a count of every range."""

from itertools import groupby
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain import events as rules
from bigpandamon_core.summaries.events import added_up

ranges = st.fixed_dictionaries(
    {
        "pandaid": st.integers(1, 4),
        "fileid": st.integers(1, 3),
        "status": st.sampled_from(sorted(rules.STATES)),
        "error_code": st.sampled_from((None, 0, 7, 42)),
        "low": st.none() | st.integers(0, 50),
        "length": st.integers(1, 9),
    }
)
KEY = ("pandaid", "fileid", "status", "error_code")


def key(one: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(one[name] if one[name] is not None else -1 for name in KEY)


def counted(given_ranges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As a database groups them."""
    found = []
    for _, some in groupby(sorted(given_ranges, key=key), key):
        members = list(some)
        known = [one for one in members if one["low"] is not None]
        told = {name: members[0][name] for name in KEY}
        told |= {"ranges": len(members), "events": sum(one["length"] for one in known) if known else None}
        found.append(told | {"first": min((one["low"] for one in known), default=None)})
    return found


@given(st.lists(ranges, max_size=40))
def test_every_range_is_counted_once_in_its_state_its_chunk_and_its_error(given_ranges):
    found = added_up(counted(given_ranges))
    known = [one for one in given_ranges if one["low"] is not None]
    for number in rules.STATES:
        assert found.whole.count[number] == sum(one["status"] == number for one in given_ranges)
        assert found.whole.events[number] == sum(one["length"] for one in known if one["status"] == number)
    assert found.whole.processed == sum(one["length"] for one in known if one["status"] in (3, 6, 9))
    assert found.whole.bad == sum(one["status"] in (7, 8, 10) for one in given_ranges)
    assert found.whole.left == sum(one["status"] not in (3, 6, 9, 7, 8, 10, 4, 5) for one in given_ranges)
    for (pandaid, fileid), chunk in found.chunks.items():
        of_it = [one for one in given_ranges if (one["pandaid"], one["fileid"]) == (pandaid, fileid)]
        assert chunk.count.total() == len(of_it)
        assert chunk.first == min((one["low"] for one in of_it if one["low"] is not None), default=None)
    assert sum(chunk.count.total() for chunk in found.chunks.values()) == len(given_ranges)
    for code in (7, 42):
        failed = [one for one in given_ranges if one["error_code"] == code]
        assert found.errors[code].ranges == len(failed)
        assert found.errors[code].jobs == {one["pandaid"] for one in failed}


@given(st.lists(ranges, max_size=40))
def test_chunks_with_bad_ranges_come_first(given_ranges):
    order = [(-chunk.bad, -chunk.left) for _, chunk in added_up(counted(given_ranges)).worst()]
    assert order == sorted(order)


def test_every_state_has_a_word_of_its_own_and_an_unknown_one_is_told():
    words = [rules.state(number) for number in (*rules.STATES, 55)]
    assert len(set(words)) == len(words)
    assert words[-1] == "55"
    assert {rules.group(rules.state(number)) for number in rules.BAD} == {"bad"}
