"""Worker nodes of a queue."""

from dataclasses import replace

from bigpandamon_core.payloads import nodes_compat, nodes_page
from bigpandamon_core.payloads.nodes import NodesOfQueue
from bigpandamon_core.sections import schemas
from bigpandamon_core.sections.listing import v1_alike
from bigpandamon_core.sections.types import Access, Parameter, Resource, Section

_QUEUE = Parameter("queue", "Name of the queue.", where="path")
_SHOWING = (
    Parameter("wnname", "Nodes whose name has this part."),
    Parameter(
        "sortby",
        "count: those with most jobs first; else they are in the order of names.",
        words=("count",),
    ),
)
NODES = Resource(
    name="nodes",
    path="wns/<str:queue>/",
    help="Jobs of a queue by worker node: how each does, which stand out, which swallow jobs.",
    access=Access.READ,
    build=NodesOfQueue,
    formats={"html": nodes_page.shape, "json": nodes_compat.shape},
    template="bigpandamon/record.html",
    point="nodes",
    noun="jobs",
    parameters=(_QUEUE, *_SHOWING),
    answer=schemas.NODES,
    needs=("jobs",),
)
NODES_BY_PARAMETER = replace(
    NODES,
    name="nodes-by-parameter",
    path="wns/",
    help="The same, the queue as a parameter.",
    parameters=(Parameter("site", "Name of the queue."), *_SHOWING),
    asks="site",
)
NODE = replace(
    NODES,
    name="node",
    path="wn/<str:queue>/<str:node>/",
    help="Jobs of one worker node of a queue, and what it is made of.",
    parameters=(_QUEUE, Parameter("node", "Name of the node.", where="path")),
)
V1_NODES = v1_alike(NODES, nodes_page.data, "nodes/<str:queue>", answer=schemas.V1_RECORDS)
SECTION = Section("nodes", "Nodes", (NODES, NODES_BY_PARAMETER, NODE, V1_NODES))
