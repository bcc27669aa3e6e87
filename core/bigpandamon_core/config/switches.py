"""Plugin switch files: plugins.d/<name>.toml with `enabled` and the plugin's own settings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bigpandamon_core.config import files
from bigpandamon_core.config.kinds import Place, convert, found
from bigpandamon_core.config.mistakes import Mistake, nearest, unknown
from bigpandamon_core.config.options.option import Option

PLUGIN_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Switch:
    """One switch file. settings: its tables as written, not yet compared with what the plugin declares."""

    name: str
    file: Path
    enabled: bool
    settings: Mapping[str, Any]
    mistakes: tuple[Mistake, ...] = ()

    def __repr__(self) -> str:
        return f"<Switch {self.name} {'on' if self.enabled else 'off'}, {self.file}>"


def read_switches(folder: Path) -> Mapping[str, Switch]:
    """Every `*.toml` of the folder by plugin name; what is wrong with one stands in its `mistakes`.

    Only that suffix is read, so a package manager's .rpmnew and .rpmsave never switch anything on.
    Raises OSError when the folder cannot be listed.
    """
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    return MappingProxyType({path.stem: _switch(path) for path in paths})


def _switch(path: Path) -> Switch:
    parsed = files.parse(path)
    settings = dict(parsed.tables)
    enabled = settings.pop("enabled", False)
    mistakes = list(parsed.mistakes)
    if "enabled" not in parsed.tables:
        mistakes += (
            unknown(str(path), name, ("enabled",)) for name in settings if nearest(name, ("enabled",))
        )
    if not isinstance(enabled, bool):
        mistakes.append(Mistake(str(path), "enabled", "true or false", found(enabled, False)))
    if not PLUGIN_NAME.fullmatch(path.stem):
        expected = "a file named after its plugin: a-z, 0-9 and _, a letter first"
        mistakes.append(Mistake(str(path), "", expected, f'"{path.name}"'))
    # neither true nor false: nothing starts, but the rest of the file is judged as well
    return Switch(path.stem, path, enabled is not False, MappingProxyType(settings), tuple(mistakes))


def settings(
    switch: Switch, options: Iterable[Option], state: Path
) -> tuple[Mapping[str, Any], tuple[Mistake, ...]]:
    """The plugin's values by key, defaults filled in, and all that is wrong with what the file says.

    state: the instance's paths.state, for `{state}` in the plugin's paths and database URLs.
    """
    declared = {option.key: option for option in options}
    file = str(switch.file)
    written, strange = files.flat(switch.settings, declared, file)
    place = Place(switch.file.parent, state)
    mistakes = list(strange)
    values: dict[str, Any] = {}
    for key, option in declared.items():
        values[key], wrong = convert(option, written.get(key, option.default), place, file)
        mistakes += wrong
    return MappingProxyType(values), tuple(mistakes)
