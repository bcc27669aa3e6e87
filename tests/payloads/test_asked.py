"""Buttons for other lengths of time mean what they stand beside."""

from datetime import datetime
from urllib.parse import parse_qsl

import pytest

from bigpandamon_core.domain.selection import parse
from bigpandamon_core.payloads.asked import window_shown
from tests.domain.requests import NOUN

NOW = datetime(2026, 11, 20, 12)


def buttons(**parameters):
    selection = parse(parameters.items(), NOUN, NOW)
    return selection, window_shown(selection, "/jobs/")["switch"]


@pytest.mark.parametrize("parameters", [{}, {"hours": "12"}, {"hours": "24", "cloud": "A"}, {"days": "7"}])
def test_the_lit_one_is_the_page_itself(parameters):
    selection, switch = buttons(**parameters)
    (lit,) = (one for one in switch if one["current"])
    assert lit["url"] == f"/jobs/?{selection.query()}"


@pytest.mark.parametrize("parameters", [{}, {"hours": "24"}, {"hours": "24", "active": "all"}])
def test_live_records_are_bound_by_the_others_where_they_are_now(parameters):
    selection, switch = buttons(**parameters)
    for one in switch:
        again = parse(parse_qsl(one["url"].partition("?")[2]), NOUN, NOW)
        assert again.window
        assert selection.window
        assert again.window.bounds_active == selection.window.bounds_active
