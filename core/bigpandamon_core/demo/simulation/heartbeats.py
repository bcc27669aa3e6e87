"""Harvester services tell every so often that they live and how many workers they have; some fall silent."""

from functools import partial

from bigpandamon_core.demo.simulation.records import Record
from bigpandamon_core.demo.simulation.services import Kind
from bigpandamon_core.demo.simulation.world import World

LETTERS = "AB"
REPORT_SECONDS, SILENT_SECONDS = 600.0, 7200.0
SILENCES, CHATTER, WARNINGS = 0.004, 0.1, 0.01
"""Shares of reports after which nothing is heard for long, with words, with a warning."""
STOPPED = "spare_A"
"""Told that it lives when the world began, and never again."""
RELEASES = ("0.6.4", "0.6.7", "0.7.0")


def begin(world: World) -> None:
    """The services of all kinds of queues, and one that stops at once."""
    names = {f"{queue.kind.instance}_{letter}" for queue in world.sites.queues for letter in LETTERS}
    for name in sorted(names):
        _introduce(world, name)
        world.agenda.after(world.services.random.random() * REPORT_SECONDS, partial(_report, world, name))
    _introduce(world, STOPPED)


def _introduce(world: World, name: str) -> None:
    random = world.services.random
    world.services.records[name] = world.changes.add(
        "harvester_instances",
        {
            "harvester_id": name,
            "description": f"submits to queues of {name.rpartition('_')[0]}",
            "starttime": world.moment,
            "owner": world.profile.people.service,
            "hostname": f"harvester-{name[-1].lower()}.{world.profile.domain}",
            "lastupdate": world.moment,
            "sw_version": random.choice(RELEASES),
            "commit_stamp": f"{random.randrange(16**7):07x}",
        },
    )


def _report(world: World, name: str) -> None:
    """It lives; how many workers it has is as it was when it told last until it tells again."""
    services, record = world.services, world.services.records[name]
    record.values["lastupdate"] = world.moment
    world.changes.touch(record)
    for kind, workers in services.live[name].items():
        _count(world, name, kind, workers)
    _speak(world, name)
    silent = services.random.random() < SILENCES
    if silent:
        say(world, name, "ERROR", "communicator", "no answer from the server, trying again: <timed out>")
    world.agenda.after(SILENT_SECONDS if silent else REPORT_SECONDS, partial(_report, world, name))


def _count(world: World, name: str, kind: Kind, workers: int) -> None:
    """Rows of kinds that it has no longer stay as they were, once that is told."""
    told = world.services.told[name]
    if kind not in told:
        told[kind] = Record("harvester_worker_stats", {"harvester_id": name, "n_workers": 0} | kind._asdict())
    record = told[kind]
    if workers or record.values["n_workers"]:
        record.values |= {"n_workers": workers, "lastupdate": world.moment}
        world.changes.touch(record)


def _speak(world: World, name: str) -> None:
    chance = world.services.random.random()
    if chance < WARNINGS:
        say(world, name, "WARNING", "credmanager", f"credential ends in {1 + int(48 * chance)} hours")
    elif chance < CHATTER:
        live = world.services.live[name]
        waiting = sum(workers for kind, workers in live.items() if kind.status == "submitted")
        say(world, name, "INFO", "submitter", f"{waiting} workers wait for a slot")


def say(world: World, name: str, level: str, module: str, text: str) -> None:
    """A message of a service."""
    world.changes.add(
        "harvester_dialogs",
        {
            "harvester_id": name,
            "diagid": world.services.message(name),
            "modulename": module,
            "identifier": f"{module}-{name[-1].lower()}",
            "creationtime": world.moment,
            "messagelevel": level,
            "diagmessage": text,
        },
    )
