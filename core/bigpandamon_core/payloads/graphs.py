"""What comes after what, for pages that draw it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

MOST_NODES = 200
"""More are no drawing that anybody reads."""


def graph(
    title: str,
    nodes: Sequence[Mapping[str, Any]],
    edges: Iterable[tuple[str, str]],
    sub: str = "",
    marked: Collection[tuple[str, str]] = (),
) -> dict[str, Any] | None:
    """A graph as a page shows it, None where nothing comes after anything. Of one that is too large the page
    says so.

    nodes: `name`; if need be `text` (what is written, the name by itself), `note` (a second line), `group`
    (of states, for the colour) and `url`. edges: pairs of names, what comes first before; those of names that
    are no node are left out. sub: beside the title. marked: edges that are drawn thicker.
    """
    names = {node["name"] for node in nodes}
    pairs = [pair for pair in dict.fromkeys(edges) if names.issuperset(pair)]
    if not pairs:
        return None
    if len(nodes) > MOST_NODES:
        told = f"Not drawn: of {len(nodes):,} nodes no drawing could be read, up to {MOST_NODES} are drawn."
        return {"title": title, "sub": sub, "not_drawn": told}
    drawn = {
        "nodes": [{"text": node["name"], "note": "", "group": "", "url": "", **node} for node in nodes],
        "edges": [[before, after, (before, after) in marked] for before, after in pairs],
    }
    return {"title": title, "sub": sub, "drawn": drawn}
