"""What is drawn of nodes and edges, and what is said where nothing is."""

from itertools import pairwise
from typing import Any

from django.template.loader import render_to_string

from bigpandamon_core.payloads.graphs import MOST_NODES, graph


def chain(length: int) -> Any:
    names = [f"n{number}" for number in range(length)]
    return graph("Chain", [{"name": name} for name in names], pairwise(names))


def shown(made):
    return render_to_string("bigpandamon/parts/graph.html", {"graph": made, "vendor": True})


def test_edges_of_names_that_are_no_node_are_left_out():
    made: Any = graph(
        "Few", [{"name": "a"}, {"name": "b", "note": "late"}], [("a", "b"), ("a", "c"), ("a", "b")]
    )
    assert made["drawn"]["edges"] == [["a", "b", False]]
    assert graph("None", [{"name": "a"}], [("a", "c")]) is None


def test_what_is_too_large_is_said_and_not_drawn():
    assert len(chain(MOST_NODES)["drawn"]["nodes"]) == MOST_NODES
    assert "data-graph" in shown(chain(MOST_NODES))
    page = shown(chain(MOST_NODES + 1))
    assert "data-graph" not in page
    assert f"of {MOST_NODES + 1} nodes" in page
