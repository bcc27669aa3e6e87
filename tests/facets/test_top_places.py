"""Where most jobs with an error are: looked for once, when somebody looks."""

from functools import cache

from bigpandamon_core.facets.errors import Top, _Top

OF_ALL: list[Top] = [(("north", 5), ("south", 2)), ()]


def test_they_are_looked_for_when_they_are_looked_at():
    looked = []

    def tops() -> list[Top]:
        looked.append(1)
        return OF_ALL

    tops = cache(tops)
    most, none = _Top(tops, 0), _Top(tops, 1)
    assert not looked
    assert [*most] == [("north", 5), ("south", 2)]
    assert (most[0], most[:1], len(most), repr(most)) == (("north", 5), (("north", 5),), 2, repr(OF_ALL[0]))
    assert most == OF_ALL[0] != none
    assert not none
    assert looked == [1]
