"""A world that is alive, hosts that follow it, and somebody who looks at what they tell."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.instance.databases import Databases

if TYPE_CHECKING:
    from tests.faults.monitor import Host, Watch
    from tests.faults.world import World

MakeHost = Callable[..., "Host"]


@pytest.fixture
def world(request: pytest.FixtureRequest, panda: None, own: None) -> "Iterator[World]":
    """Parametrized indirectly by families of tables that it lacks."""
    from tests.faults.world import World  # models can be imported once Django is set up

    made = World(getattr(request, "param", ()))
    made.begin()
    yield made
    made.end()


@pytest.fixture
def host_named(private_databases: Databases, tmp_path: Path) -> Iterator[MakeHost]:
    """`host_named("one")`: another host of the instance."""
    from tests.faults.monitor import Host

    hosts: list[Host] = []

    def make(name: str, own: str = "", panda: str = "") -> "Host":
        urls = (own or private_databases.own_url, panda or private_databases.panda_url)
        hosts.append(Host(tmp_path / name, *urls))
        return hosts[-1]

    yield make
    for host in hosts:
        host.end()


@pytest.fixture
def host(host_named: MakeHost) -> "Host":
    return host_named("one")


@pytest.fixture
def watch(world: "World", host: "Host") -> "Watch":
    from tests.faults.monitor import Watch

    return Watch(world, host)
