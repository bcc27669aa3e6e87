"""Names of queues, for a field that completes what is typed."""

from bigpandamon_core.domain.text import fold
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.unselected import Unselected
from bigpandamon_core.queries import queues


class QueueNames(Unselected):
    """Those that hold the term, whatever its case; all without one."""

    def __init__(self, call: Call):
        super().__init__(call)
        term = fold(call.parameter("term").strip())
        self.names = sorted(name for name in queues.definitions() if term in fold(name))


def compatible(found: QueueNames) -> list[str]:
    return found.names
