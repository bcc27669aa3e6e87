"""A monitor with some plugins, in this process: configured, loaded and mounted as at a start."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from bigpandamon_core import config
from bigpandamon_core.config import Configuration
from bigpandamon_core.plugin import Plugin
from bigpandamon_core.plugin.discovery import Installed
from bigpandamon_core.plugin.loading import load
from bigpandamon_core.sections.registry import Registry
from bigpandamon_core.web import kept, shelf
from bigpandamon_core.web.loading import assembled
from bigpandamon_core.web.urls import patterns

TESTS = Path(__file__).resolve().parents[1]
KEEPING = '[cache]\nkind = "memory"\ndefault_seconds = 60\nstale_seconds = 0\n'
NAMES = ("demo_vo", "quiet_vo")
for name in NAMES:
    sys.path.append(str(TESTS / name))


def plugin(name: str) -> type[Plugin]:
    """The class of one of the two invented plugins."""
    found: type[Plugin] = getattr(import_module(f"bigpandamon_{name}.plugin"), name.title().replace("_", ""))
    return found


def announced(found: object, name: str = "", version: str = "1.0") -> Installed:
    """A plugin as an entry point would announce it."""
    name = name or str(getattr(found, "name", "nameless"))
    return Installed(name, f"bigpandamon-{name}", version, f"bigpandamon_{name}.plugin", lambda: found)


def configured(folder: Path, switches: Mapping[str, str], more: str = "") -> Configuration:
    """The configuration of this test instance with switch files beside it. more: further lines of TOML."""
    text = Path(os.environ["BIGPANDAMON_CONFIG"]).read_text(encoding="utf-8")
    file = folder / "bigpandamon.toml"
    file.write_text(text + more, encoding="utf-8")
    (folder / "plugins.d").mkdir(exist_ok=True)
    for name, content in switches.items():
        (folder / "plugins.d" / f"{name}.toml").write_text(content, encoding="utf-8")
    return config.load(file)


def registry(
    folder: Path, switches: Mapping[str, str], found: Iterable[Installed] = (), more: str = ""
) -> Registry:
    """What is shown with these switch files; without `found` the two invented plugins are installed."""
    configuration = configured(folder, switches, more)
    return assembled(
        configuration, load(configuration, tuple(found) or [announced(plugin(name)) for name in NAMES])
    )


class Monitor:
    """Requests to a registry."""

    def __init__(self, shown: Registry):
        self.registry = shown
        self.client = Client(headers={"host": "localhost"})

    def get(self, path: str, **parameters: Any) -> Any:
        return self.client.get(path, parameters)

    def json(self, path: str, **parameters: Any) -> Any:
        response = self.get(path, json="", **parameters)
        assert response.status_code == 200, response.content
        return response.json()


@contextmanager
def running(shown: Registry) -> Iterator[Monitor]:
    """The registry's addresses are those of the process meanwhile."""
    engine: Any = settings.TEMPLATES[0]
    ours = (folder for place in (TESTS, TESTS.parent) for folder in place.glob("*/bigpandamon_*/templates"))
    dirs = [*engine["DIRS"], *ours]
    addresses: Any = tuple(patterns(shown))
    with override_settings(ROOT_URLCONF=addresses, TEMPLATES=[engine | {"DIRS": dirs}]):
        yield Monitor(shown)


@contextmanager
def keeping(folder: Path) -> Iterator[None]:
    """Answers of every caching point are kept in memory for a minute."""
    usual = Path(os.environ["BIGPANDAMON_CONFIG"]).read_text(encoding="utf-8").partition("[cache]")[0]
    file = folder / "keeping.toml"
    file.write_text(usual + KEEPING, encoding="utf-8")
    configuration = config.load(file, environ={})
    with override_settings(BIGPANDAMON=configuration):
        _forget()
        yield
    _forget()


def _forget() -> None:
    kept.cache.cache_clear()
    kept._identity.cache_clear()
    shelf.shelf.cache_clear()


def asked_of_jobs(column: str, ask: Callable[[], Any]) -> int:
    """How often the tables of jobs are asked for a column while a page is got."""
    with CaptureQueriesContext(connections["panda"]) as captured:
        assert ask().status_code == 200
    return sum("_place" in one["sql"] and column in one["sql"] for one in captured)
