"""Data flow one way: a room imports only from the rooms before it. A new room needs a line in DIRECT."""

import sys
from pathlib import Path

import pytest

from tests.architecture.imports import imported
from tests.architecture.repository import CORE, shown, sources

CORE_PACKAGE = "bigpandamon_core"
EDGES = ("web", "follow", "schedule", "accounts", "demo", "management")
FLOW = ("domain", "config", "panda", "state", "sources", "queries", "summaries", "facets", "rollups")
INSIDE = (*FLOW, "payloads", "caching", "sections", "plugin")

DIRECT: dict[str, tuple[str, ...]] = {
    "domain": (),
    "config": ("domain",),
    "panda": ("domain", "config"),
    "state": ("domain", "config"),
    "sources": ("panda", "state"),
    "queries": ("sources",),
    "summaries": ("domain",),
    "facets": ("queries", "summaries"),
    "rollups": ("queries",),
    "payloads": ("facets", "rollups"),
    "caching": ("config", "domain"),
    "sections": ("payloads",),
    "plugin": ("sections",),
    "web": (*INSIDE, "accounts"),
    "follow": INSIDE,
    "schedule": INSIDE,
    "accounts": INSIDE,
    "demo": INSIDE,
    "management": (*INSIDE, "web", "follow", "schedule", "accounts", "demo"),
}


def allowed(room: str) -> set[str]:
    """The room itself, the rooms it names, and all before those."""
    reached = {room}
    for before in DIRECT[room]:
        reached |= allowed(before)
    return reached


def room_of(module: str) -> str:
    """The room a dotted name belongs to, "" when it is not one of core's. The version is everybody's."""
    package, _, rest = module.partition(".")
    room = rest.partition(".")[0]
    return room if package == CORE_PACKAGE and room != "__version__" else ""


def strays(room: str) -> list[str]:
    return [
        f"{shown(path)} imports {module}"
        for path in sources(shown(CORE / room))
        for module in sorted(imported(path))
        if room_of(module) and room_of(module) not in allowed(room)
    ]


def rooms() -> list[str]:
    return sorted({path.relative_to(CORE).parts[0] for path in sources(shown(CORE)) if path.parent != CORE})


@pytest.mark.parametrize("room", DIRECT)
def test_imports_only_earlier_rooms(room: str):
    assert strays(room) == []


def test_every_room_has_its_place():
    assert set(rooms()) <= set(DIRECT)


def test_edges_stay_apart():
    """But for web, which asks accounts who is calling."""
    for edge in set(EDGES) - {"management"}:
        assert not (allowed(edge) & set(EDGES)) - {edge, *(("accounts",) if edge == "web" else ())}


def test_nothing_beside_the_rooms():
    assert [path.name for path in sources(shown(CORE)) if path.parent == CORE] == ["__init__.py"]


def test_every_folder_of_code_is_a_package():
    folders = {path.parent for path in sources(shown(CORE))}
    assert [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def outside(path: Path) -> list[str]:
    standard = set(sys.stdlib_module_names) | {CORE_PACKAGE}
    return sorted(module for module in imported(path) if module.partition(".")[0] not in standard)


def test_domain_needs_the_standard_library_only():
    assert {shown(path): outside(path) for path in sources(shown(CORE / "domain")) if outside(path)} == {}
