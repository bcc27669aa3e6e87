"""Where Django looks for models; one file per noun holds them."""

from bigpandamon_core.state.accounts import Account, ApiToken, AuditEntry, SignIn
from bigpandamon_core.state.follow import FacetBatch, FollowPosition, FollowStatus, JobState
from bigpandamon_core.state.hosts import HostRow
from bigpandamon_core.state.imports import ImportedFile, ImportedJob
from bigpandamon_core.state.leases import LeaseRow
from bigpandamon_core.state.periodic import PeriodicState
from bigpandamon_core.state.queues import QueueChange, QueueConfiguration
from bigpandamon_core.state.rollups import (
    RollupBin,
    RollupKey,
    RollupRebuild,
    RollupSample,
    RollupSampled,
    RollupStatus,
)

__all__ = [
    "Account",
    "ApiToken",
    "AuditEntry",
    "FacetBatch",
    "FollowPosition",
    "FollowStatus",
    "HostRow",
    "ImportedFile",
    "ImportedJob",
    "JobState",
    "LeaseRow",
    "PeriodicState",
    "QueueChange",
    "QueueConfiguration",
    "RollupBin",
    "RollupKey",
    "RollupRebuild",
    "RollupSample",
    "RollupSampled",
    "RollupStatus",
    "SignIn",
]
