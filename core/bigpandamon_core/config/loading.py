"""From files to a Configuration, or to everything that is wrong with them."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bigpandamon_core.config import files, secret_key
from bigpandamon_core.config.configuration import Configuration
from bigpandamon_core.config.drivers import lacking
from bigpandamon_core.config.kinds import Place, convert
from bigpandamon_core.config.mistakes import ConfigurationErrors, Mistake
from bigpandamon_core.config.options import OPTIONS, Option
from bigpandamon_core.config.switches import Switch, read_switches

ETC = Path("/etc/bigpandamon")
FILE = ETC / "bigpandamon.toml"
PACKAGED_STATE = Path("/var/lib/bigpandamon")
ENVIRONMENT = "BIGPANDAMON_CONFIG"
STATE = "paths.state"
BY_KEY = {option.key: option for option in OPTIONS}


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Configuration:
    """What to run with: this file, else the one BIGPANDAMON_CONFIG names, else FILE, else the defaults.

    Raises ConfigurationErrors with every mistake in every file read, that of the secret key included.
    """
    configuration, mistakes = examine(path, environ)
    mistakes += secret_key.refusals(configuration.get("web.secret_key_file"))
    if mistakes:
        raise ConfigurationErrors(mistakes)
    return configuration


def examine(
    path: Path | None = None, environ: Mapping[str, str] = os.environ
) -> tuple[Configuration, tuple[Mistake, ...]]:
    """As load, but gives a faulty configuration too, with defaults for unusable values: not to run with."""
    file, parsed = _parsed(path, environ)
    source = str(file)
    written, strange = files.flat(parsed.tables, BY_KEY, source)
    values, mistakes = _values(file, written, environ)
    switches, misplaced = _switches(values["plugins.folder"], "plugins.folder" in written, source)
    configuration = Configuration(OPTIONS, values, file, written, switches)
    found = (*parsed.mistakes, *strange, *mistakes, *misplaced, *disagreements(configuration))
    return configuration, found


def _values(
    file: Path | None, written: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[dict[str, Any], list[Mistake]]:
    place, mistakes = _place(file, written, environ)
    values: dict[str, Any] = {}
    for key, option in BY_KEY.items():
        values[key], wrong = (place.state, []) if key == STATE else _value(option, written, place, str(file))
        mistakes += wrong
    return values, mistakes


def _parsed(path: Path | None, environ: Mapping[str, str]) -> tuple[Path | None, files.Parsed]:
    named = path or (Path(environ[ENVIRONMENT]) if environ.get(ENVIRONMENT) else None)
    file = (named or FILE).expanduser().absolute()
    parsed = files.parse(file)
    if not parsed.absent:
        return file, parsed
    if named is None:
        return None, files.Parsed({})
    remedy = "" if path else f"correct or unset {ENVIRONMENT}"
    return file, files.Parsed({}, (Mistake(str(file), "", "a configuration file", "none", remedy),))


def _place(
    file: Path | None, written: Mapping[str, Any], environ: Mapping[str, str]
) -> tuple[Place, list[Mistake]]:
    """Where relative paths begin and the state folder is; a faulty paths.state is replaced by its default."""
    base = file.parent if file else ETC
    fallback = Place(base, _default_state(file, environ))
    if written.get(STATE, "") == "":
        return fallback, []
    state, mistakes = convert(BY_KEY[STATE], written[STATE], fallback, str(file))
    return (fallback if mistakes else Place(base, state)), mistakes


def _default_state(file: Path | None, environ: Mapping[str, str]) -> Path:
    if file and file.parent == ETC:
        return PACKAGED_STATE
    # The XDG specification: a relative XDG_STATE_HOME is ignored.
    home = environ.get("XDG_STATE_HOME", "")
    if home.startswith("/"):
        return Path(home) / "bigpandamon"
    return Path(os.path.expanduser("~")).absolute() / ".local/state/bigpandamon"


def _value(
    option: Option, written: Mapping[str, Any], place: Place, source: str
) -> tuple[Any, list[Mistake]]:
    """A table with mistakes is kept as it is: the names in it are judged, too, before nothing starts."""
    value, mistakes = convert(option, written.get(option.key, option.default), place, source)
    if isinstance(value, Mapping):
        return value, mistakes
    return (convert(option, option.default, place, source)[0] if mistakes else value), mistakes


def _switches(folder: Path, named: bool, source: str) -> tuple[Mapping[str, Switch], list[Mistake]]:
    """The switch files; no folder is no mistake unless the configuration names it."""
    try:
        switches = read_switches(folder)
    except OSError as error:
        absent = isinstance(error, FileNotFoundError) and not named
        found = (error.strerror or "an error").lower()
        mistake = Mistake(source if named else str(folder), "plugins.folder", "a readable folder", found)
        return {}, [] if absent else [mistake]
    return switches, [mistake for switch in switches.values() for mistake in switch.mistakes]


def disagreements(configuration: Configuration) -> Iterator[Mistake]:
    """Options that are right one by one and wrong together, or not with what is installed."""
    own, panda = configuration.get("database.url"), configuration.get("panda.url")
    if own.kind == "oracle":
        yield _wrong(configuration, "database.url", "SQLite, PostgreSQL, MariaDB or MySQL", "Oracle")
    if own.place == panda.place:
        expected = "another database than panda.url, which is only read"
        yield _wrong(configuration, "database.url", expected, "the same one")
    for key in ("database.url", "panda.url"):
        kind = configuration.get(key).kind
        if remedy := lacking(kind):
            yield Mistake(
                str(configuration.file), key, f"the driver of {kind} to be installed", "none", remedy
            )
    if configuration.get("sections.forwarded") and not configuration.get("sections.forward_base"):
        expected = "the previous monitor's address, as sections.forwarded names sections"
        yield _wrong(configuration, "sections.forward_base", expected, "none")
    if configuration.get("cache.kind") == "memcached" and not configuration.get("cache.servers"):
        yield _wrong(configuration, "cache.servers", "a server, as cache.kind is memcached", "none")


def _wrong(configuration: Configuration, key: str, expected: str, found: str) -> Mistake:
    return Mistake(str(configuration.file), key, expected, found)
