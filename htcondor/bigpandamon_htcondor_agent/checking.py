"""What stands in the agent's way, found without following anything."""

from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from os import R_OK, W_OK, access
from pathlib import Path

from bigpandamon_htcondor_agent.configuration import Configuration
from bigpandamon_htcondor_agent.event_log import Clock, Event, event
from bigpandamon_htcondor_agent.following import latest, logs
from bigpandamon_htcondor_agent.pushing import Pusher, Unreachable

APART = timedelta(minutes=15)
"""How far the last event may be from the change of its file; zones are further apart."""


def complaints(configuration: Configuration) -> Iterator[str]:
    """Each in words for whoever runs the agent."""
    for path in logs(configuration.logs):
        yield from _of_log(path, configuration)
    if not access(configuration.state, W_OK):
        yield f"{configuration.state}: is no folder that can be written to."
    if configuration.poll.interval and not find_spec("htcondor2"):
        yield "poll.interval is set, and the bindings htcondor2 are not installed."
    token = configuration.monitor.token
    if token.exists() and token.stat().st_mode & 0o007:
        yield f"{token}: others than its owner and group may read the token."
    try:
        Pusher(configuration.monitor).probe()
    except Unreachable as reason:
        yield str(reason)


def _of_log(path: Path, configuration: Configuration) -> Iterator[str]:
    if not access(path, R_OK):
        yield f"{path}: is not there or cannot be read."
        return
    last = latest(path)
    found = event(last.blocks[-1], Clock(last.written, configuration.zone)) if last else None
    if last and isinstance(found, Event) and abs(found.moment - last.written) > APART:
        told = f"is of {found.moment} UTC, and it was changed at {last.written:%Y-%m-%d %H:%M:%S} UTC"
        yield f"{path}: its last event {told}: is time_zone right?"
