"""A process that holds leases, told what to do on its standard input: see COMMANDS."""

import sys
from collections.abc import Callable
from time import sleep

import django

django.setup()

from django.db import Error  # noqa: E402

from bigpandamon_core.domain.window import now  # noqa: E402
from bigpandamon_core.state import leases  # noqa: E402
from bigpandamon_core.state.imports import ImportedFile  # noqa: E402

ME = leases.holder_here()
held: dict[str, leases.Lease] = {}


def acquire(name: str, seconds: str) -> str:
    lease = leases.acquire(name, ME, float(seconds))
    if lease is None:
        return "none"
    held[name] = lease
    return str(lease.fence)


def write(name: str) -> str:
    """A row that belongs to the present holder."""
    return _write(name, 0)


def linger(name: str) -> str:
    """As write, but stay inside the transaction for a while."""
    return _write(name, 1.0)


def _write(name: str, seconds: float) -> str:
    try:
        with leases.fenced(held[name]):
            ImportedFile.objects.create(name=name, kind=ME[-40:], first_imported=now(), last_imported=now())
            if seconds:
                print("inside", flush=True)
            sleep(seconds)
    except leases.LeaseLost:
        return "lost"
    except Error as error:
        return type(error).__name__
    return "written"


COMMANDS: dict[str, Callable[..., str]] = {"acquire": acquire, "write": write, "linger": linger}

print("ready", flush=True)
for line in sys.stdin:
    command, *words = line.split()
    print(COMMANDS[command](*words), flush=True)
