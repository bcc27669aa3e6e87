"""Reading what worker nodes are made of."""

from typing import Any

from bigpandamon_core.domain.conditions import All, equal
from bigpandamon_core.panda.nodes import WorkerNode
from bigpandamon_core.queries.where import text_columns, where
from bigpandamon_core.sources.reading import ALIAS, declare, dicts

HARDWARE = declare("nodes.hardware", "What a node of a site is made of.", binds=("site", "host_name"), cap=50)
COLUMNS = tuple(column.attname for column in WorkerNode._meta.concrete_fields)


def hardware(site: str, host_name: str) -> list[dict[str, Any]]:
    """One record for each model of processor that pilots saw there, the last seen first."""
    wanted = where(All((equal("site", site), equal("host_name", host_name))), text_columns(WorkerNode))
    rows = WorkerNode.objects.using(ALIAS).filter(wanted)[: HARDWARE.cap]
    found = dicts(HARDWARE, rows, COLUMNS)
    return sorted(found, key=lambda row: str(row["last_seen"] or ""), reverse=True)
