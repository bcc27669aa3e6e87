"""A monitor with the plugin, and a run for it to show."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

ON = "enabled = true\n"


@pytest.fixture
def rubin(own: None, panda: Any, noon: Any) -> Any:
    from tests.plugins.lsst.world import World

    return World(panda, noon)


@pytest.fixture
def rubin_monitor(tmp_path: Path, own: None, panda: Any, noon: Any) -> Iterator[Callable[..., Any]]:
    """rubin_monitor(): requests go to a monitor with the plugin from now on. switch: its file. more: lines of
    the configuration."""
    from bigpandamon_core import config
    from bigpandamon_lsst import plugin
    from tests.plugins.monitors import announced, registry, running

    with ExitStack() as stack:

        def start(switch: str = ON, more: str = "") -> Any:
            found = stack.enter_context(
                running(registry(tmp_path, {"lsst": switch}, [announced(plugin.Lsst)], more))
            )
            engine: Any = settings.TEMPLATES[0]
            dirs = [*engine["DIRS"], Path(plugin.__file__).parent / "templates"]
            changed: dict[str, Any] = {"TEMPLATES": [engine | {"DIRS": dirs}]}
            if more:
                changed["BIGPANDAMON"] = config.load(tmp_path / "bigpandamon.toml", environ={})
            stack.enter_context(override_settings(**changed))
            return found

        yield start
