"""Reading queues of tasks and classes of resources."""

from bigpandamon_core.panda.work_queues import JediWorkQueue, ResourceTypes
from bigpandamon_core.queries.listing import listed

WORK_QUEUES = listed("workqueues", JediWorkQueue, ("queue_id",), "Work queues")
RESOURCE_TYPES = listed("resourcetypes", ResourceTypes, ("resource_name",), "Resource types")
