"""How following PanDA goes, in a line for people."""

from django.db import Error

from bigpandamon_core.payloads.call import Call
from bigpandamon_core.queries.own import batches
from bigpandamon_core.sources.failures import failure
from bigpandamon_core.state.follow import FollowStatus
from bigpandamon_core.state.leases import ALIAS


def told(call: Call) -> str:
    """How old what is known is, of how many hours ended jobs are known, what was read and repaired for it.
    "" where nobody follows, or where the own database does not tell."""
    try:
        status = batches.status()
    except Error as error:
        failure(ALIAS, error)
        return ""
    return _line(call, status) if status else ""


def _line(call: Call, status: FollowStatus) -> str:
    if status.as_of is None or status.complete_since is None:
        return f"PanDA is read for the first time: {status.rows_read:,} rows so far"
    kept = call.option("follow.kept_hours")
    hours = min(kept, int((call.now - status.complete_since).total_seconds() / 3600))
    return (
        f"PanDA followed up to {status.as_of:%H:%M:%S} UTC; ended jobs known of {hours} of {kept} h;"
        f" {status.rows_read:,} rows read, {status.changes:,} changes, {status.repairs:,} repairs"
    )
