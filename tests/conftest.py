"""Every test process has its own instance: two databases, a configuration file, Django set up on them."""

import gc
import os
from collections import Counter
from functools import partial
from pathlib import Path
from zlib import crc32

import pytest

pytest_plugins = ("tests.services.fixtures", "tests.campaigns")

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("sqlite", "mariadb", "postgresql")
SELDOM = (50_000, 20, 100)
"""When Python looks for garbage: as often as it does by itself, a tenth of the time went there."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--panda",
        choices=KINDS,
        default="sqlite",
        help="database that holds PanDA's tables and ours in this run; a private server is started for it",
    )
    parser.addoption(
        "--turn",
        type=int,
        choices=(0, 1),
        help="pages take turns: of the tests in tests/web that are no contract only one half, or the other",
    )
    parser.addoption("--record", action="store_true", help="keep the Oracle statements as they are now")


def pytest_configure(config: pytest.Config) -> None:
    """The process that only hands tests out to xdist's workers needs no instance."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        return
    from tests import campaigns
    from tests.instance import databases, settings
    from tests.services.loopback import refuse_the_rest

    campaigns.load(config.getoption("--panda"))
    refuse_the_rest()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    made = databases.made(config.getoption("--panda"))
    config.stash[databases.KEY] = made
    config.add_cleanup(made.remove)
    settings.activate(made)
    for plugin in ("tests.instance.fixtures", "tests.oracle.fixtures"):
        config.pluginmanager.import_plugin(plugin)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    turn = config.getoption("--turn")
    if turn is not None:
        others = [item for item in items if takes_turns(item) and crc32(item.nodeid.encode()) % 2 != turn]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in set(others)]
    _begin_with_slow_files(items)
    _refuse_namesakes(config, items)


def _begin_with_slow_files(items: list[pytest.Item]) -> None:
    """The longest at the end would leave other processes idle."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def takes_turns(item: pytest.Item) -> bool:
    """What the contract of JSON is, what is read and counted, every database is asked."""
    return item.path.parent.name == "web" and "contract" not in item.path.name


def _refuse_namesakes(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of tests that have the same name xdist's workers would run one, and nobody would know: it fails."""
    if not hasattr(config, "workerinput"):
        return
    named = Counter(item.nodeid for item in items)
    for item in items:
        if named[item.nodeid] > 1:
            item.runtest = partial(pytest.fail, "Other tests have the same name.")  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real records beside the repository; tests that read it are skipped where it is absent."""
    folder = Path(os.environ.get("BIGPANDAMON_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"no real records: {folder} is not there")
    return folder
