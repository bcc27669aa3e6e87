"""What Zephyr knows of one job of core: which ring it ran in."""

from collections.abc import Mapping, Sequence
from typing import Any

from bigpandamon_core.plugin import Call, Panel, fact, fact_groups
from bigpandamon_demo_vo.fields import ring


def told(call: Call, job: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found = ring(job["computingsite"])
    return fact_groups({"Ring": [fact("Ring of its queue", found, f"{call.root}jobs/?demo_vo_ring={found}")]})


PANEL = Panel("demo_vo-mills", "At the mills", told, "demo_vo")
