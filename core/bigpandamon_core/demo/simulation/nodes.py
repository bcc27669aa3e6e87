"""Worker nodes as pilots see them: what they are made of, and which queues send jobs there."""

from bigpandamon_core.demo.simulation.records import Row
from bigpandamon_core.demo.simulation.sites import Node, Queue
from bigpandamon_core.demo.simulation.world import World

SOCKETS, CORES_PER_SOCKET, MEMORY_MB, DISK_GB = 2, 32, 257_670, 1_800


def seen(world: World, queue: Queue, node: Node) -> None:
    """A pilot of the queue starts on the node."""
    place = {"site": queue.site.name, "host_name": node.host}
    _see(world, "worker_node", place | {"cpu_model": node.processor[:128]}, _made_of(node))
    _see(world, "worker_node_queue", place | {"panda_queue": queue.name}, {})


def _see(world: World, table: str, key: Row, more: Row) -> None:
    named = (table, *key.values())
    if named not in world.seen:
        world.seen[named] = world.changes.add(table, key | more)
    record = world.seen[named]
    record.values["last_seen"] = world.moment
    world.changes.touch(record)


def _made_of(node: Node) -> Row:
    return {
        "n_logical_cpus": SOCKETS * CORES_PER_SOCKET,
        "n_sockets": SOCKETS,
        "cores_per_socket": CORES_PER_SOCKET,
        "threads_per_core": 1,
        "cpu_architecture": "x86_64",
        "cpu_architecture_level": node.level,
        "total_memory": MEMORY_MB,
        "total_local_disk": DISK_GB,
        "cpu_model_normalized": node.processor.rpartition(" CPU")[0] or node.processor,
    }
