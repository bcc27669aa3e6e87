"""A monitor with the plugin, and programs that hand jobs in."""

# What needs Django is imported by the fixtures: pytest may load this file before Django is set up.

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "htcondor" / "bigpandamon_htcondor"
JOBS = "/api/v1/htcondor/jobs"
ROLES = '\n[accounts.roles]\npersonal = ["readers"]\noperate = ["crew"]\n'


@pytest.fixture
def pool(own: None, panda_tables: None, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """pool(): requests go to a monitor with the plugin alone. before: lines of its configuration."""
    from django.conf import settings
    from django.test import override_settings

    from bigpandamon_core import config
    from bigpandamon_htcondor.plugin import Htcondor
    from tests.plugins.monitors import announced, registry, running

    with ExitStack() as stack:

        def start(before: str = "") -> Any:
            shown = registry(tmp_path, {"htcondor": "enabled = true\n"}, [announced(Htcondor)])
            file = tmp_path / "pool.toml"
            file.write_text(Path(os.environ["BIGPANDAMON_CONFIG"]).read_text() + before + ROLES)
            monitor = stack.enter_context(running(shown))
            engine: Any = settings.TEMPLATES[0]
            dirs = [*engine["DIRS"], PACKAGE / "templates"]
            changed = {
                "TEMPLATES": [engine | {"DIRS": dirs}],
                "BIGPANDAMON": config.load(file, environ={}),
            }
            stack.enter_context(override_settings(**changed))
            return monitor

        yield start


@pytest.fixture
def stored(pool: Callable[..., Any], noon: Any) -> Any:
    """A monitor of jobs of all kinds."""
    from bigpandamon_htcondor.store import store
    from tests.plugins.htcondor.world import NOW, jobs

    assert store(list(jobs()), NOW).stored == 60
    return pool()


@pytest.fixture
def send(pool: Callable[..., Any], accounts: Any) -> Callable[..., Any]:
    """send(jobs): the response to jobs that were handed in with a token that may operate, "" for none."""
    accounts.make("ada", "crew")
    monitor = pool()
    usual = accounts.token("ada", "operate")

    def sent(body: Any, path: str = JOBS, method: str = "POST", token: str = usual) -> Any:
        headers = {"authorization": f"Token {token}"} if token else {}
        text = body if isinstance(body, str) else json.dumps(body)
        return monitor.client.generic(method, path, text, content_type="application/json", headers=headers)

    sent.monitor = monitor  # type: ignore[attr-defined]
    return sent
