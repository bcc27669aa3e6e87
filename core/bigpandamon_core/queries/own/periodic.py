"""What periodic tasks did last, and who schedules them."""

from bigpandamon_core.state.leases import Lease, holders
from bigpandamon_core.state.periodic import PeriodicState

LEASE = "schedule"
"""Of the process that schedules."""


def states() -> dict[str, PeriodicState]:
    """The tasks that ever ran, by name."""
    return {state.task: state for state in PeriodicState.objects.order_by("task")}


def scheduler() -> Lease | None:
    """The process that schedules at this moment."""
    return next((lease for lease in holders() if lease.name == LEASE), None)
