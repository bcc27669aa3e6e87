"""Which parts of a day are joined into one when rows are added."""

from collections.abc import Sequence

OPEN, CLOSED, WHOLE = 1, 20, 1 << 40
"""How eagerly: on the present day a part is joined when what is to be written is as large, on a closed day
when it is a twentieth; at once."""


def joined(sizes: Sequence[int], added: int, eagerness: int) -> list[int]:
    """The places of the parts to be joined with the added rows.

    sizes: rows that count. Afterwards every part has more rows than `eagerness` times all smaller ones
    together: a day has few parts, and a row of an open day is written again only when its part doubles.
    """
    order = sorted(range(len(sizes)), key=lambda place: sizes[place])
    many, running = 0, added
    for count, place in enumerate(order, 1):
        if sizes[place] <= running * eagerness:
            many = count
        running += sizes[place]
    return sorted(order[:many])
