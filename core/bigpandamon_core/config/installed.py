"""Which plugins are installed, as their distributions say: nothing of them is imported."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from bigpandamon_core.config.switches import Switch

GROUP = "bigpandamon.plugins"


def declared() -> tuple[EntryPoint, ...]:
    """The entry points of all installed plugins, by name."""
    return tuple(sorted(entry_points(group=GROUP), key=lambda point: point.name))


def folders(switches: Mapping[str, Switch], inner: str) -> list[Path]:
    """The folder `inner` (templates, static) of each package of an enabled plugin that has one."""
    wanted = [point for point in declared() if point.name in switches and switches[point.name].enabled]
    found = [place / inner for point in wanted for place in places(point)]
    return [folder for folder in dict.fromkeys(found) if folder.is_dir()]


def apps(switches: Mapping[str, Switch]) -> tuple[str, ...]:
    """The packages of enabled plugins that have tables of their own."""
    wanted = [point for point in declared() if point.name in switches and switches[point.name].enabled]
    found = [
        point.module.partition(".")[0]
        for point in wanted
        if any((place / "migrations" / "__init__.py").is_file() for place in places(point))
    ]
    return tuple(dict.fromkeys(found))


def places(point: EntryPoint) -> list[Path]:
    """Where the plugin's package lies, nothing if it is not there."""
    spec = find_spec(point.module.partition(".")[0])
    return [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
