"""A column of a table is of a kind that cells are written in."""

import pytest

from bigpandamon_core.domain.fields import KINDS, Column
from bigpandamon_core.payloads.cells import cell
from bigpandamon_core.web.cells import cell as written


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "state"])
def test_each_kind_is_written(kind):
    column = Column("hits", "Hits", kind)
    assert written(cell(column.kind, None)).startswith("<td")


def test_another_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match=r"column hits: a kind is one of text, .*, not colour"):
        Column("hits", "Hits", "colour")
