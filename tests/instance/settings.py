"""The configuration of a test instance, and Django set up with it."""

import os
import sys
from pathlib import Path

import django
from django.conf import settings

from setup import DISTRIBUTIONS
from tests.instance.databases import Databases

ROOT = Path(__file__).resolve().parents[2]

CONFIGURATION = """[paths]
state = "{databases.folder}"

[database]
url = "{databases.own_url}"

[panda]
url = "{databases.panda_url}"

[web]
allowed_hosts = ["localhost", "127.0.0.1", "testserver"]

[cache]
kind = "none"
"""


def activate(databases: Databases) -> None:
    path = databases.folder / "bigpandamon.toml"
    path.write_text(CONFIGURATION.format(databases=databases))
    os.environ["BIGPANDAMON_CONFIG"] = str(path)
    # Playwright's event loop lives on in the process of its tests; nothing of ours is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bigpandamon_core.config.django"
    _with_tables_of_plugins()
    django.setup()
    _declare_what_tests_ask()


def _with_tables_of_plugins() -> None:
    """Plugins that have tables are applications of every test instance; they are shown where a test enables
    them."""
    sys.path.append(str(ROOT / "tests" / "demo_vo"))
    plugins = [row for row in DISTRIBUTIONS if row.plugin]
    ours = [row.package for row in plugins if (ROOT / row.folder / row.package / "migrations").is_dir()]
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "bigpandamon_demo_vo", *ours]


def _declare_what_tests_ask() -> None:
    """Statements of tests themselves carry the name `test`: the PanDA connection refuses undeclared ones."""
    from bigpandamon_core.sources.reading import declare

    declare("test", "What a test asks of its own.")
