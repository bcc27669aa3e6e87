"""What a command does first when it needs more than the configuration's files."""

import gc
import os
import sys
from collections.abc import Iterable
from typing import Any

import django as framework
from django.conf import settings

from bigpandamon_core.config import (
    Configuration,
    ConfigurationErrors,
    Mistake,
    examine,
    installed,
    secret_key,
)
from bigpandamon_core.config.databases import databases
from bigpandamon_core.management.inspection import ANYWAY

MISCONFIGURED = 2
APPS = ("bigpandamon_core.panda", "bigpandamon_core.state")
SETTINGS = "bigpandamon_core.config.django"
DATABASES = {"default": ("database", "paths"), "panda": ("panda", "paths")}
"""The tables of the configuration that say where a database is."""
HURRY = {"database.wait_seconds": 3, "panda.connect_seconds": 3, "panda.statement_seconds": 5}
MANY_OBJECTS = (50_000, 20, 100)
"""Rows are many and in no cycles: looking for those every 700 objects took a sixth of the follower's time."""


def django() -> Configuration:
    """Set Django up with the instance's configuration. Ends the program, all mistakes told, if it has any."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        configuration: Configuration = settings.BIGPANDAMON
        mistakes = _set_up(configuration)
    except ConfigurationErrors as errors:
        mistakes = errors.mistakes
    if mistakes:
        tell(mistakes)
        raise SystemExit(MISCONFIGURED)
    return configuration


def _set_up(configuration: Configuration) -> tuple[Mistake, ...]:
    """What is wrong with the models of plugins; those are imported now, and nothing can be told without."""
    foreign = installed.apps(configuration.switches)
    try:
        framework.setup()
    except Exception as error:  # pylint: disable=broad-exception-caught  # whatever importing foreign code raises
        if not foreign:
            raise
        found = f"{type(error).__name__}: {error}"
        return (Mistake(" or ".join(foreign), "apps", "models that can be imported", found),)
    return ()


def everything() -> Configuration:
    """As django, and put together all that is shown and done: mistakes in that end the program too."""
    configuration = django()
    if mistakes := beyond_the_files(configuration):
        tell(mistakes)
        raise SystemExit(MISCONFIGURED)
    gc.freeze()
    gc.set_threshold(*MANY_OBJECTS)
    return configuration


def beyond_the_files(configuration: Configuration) -> tuple[Mistake, ...]:
    """What is wrong with the plugins and with the names in the configuration, once Django is set up."""
    # Imported here: resources can only be imported once Django is set up.
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.schedule import catalogue
    from bigpandamon_core.web.loading import mistakes_in

    return (*catalogue.strangers(configuration), *mistakes_in(configuration))


def of_files() -> tuple[Configuration, tuple[Mistake, ...]]:
    """The configuration, with defaults for unusable values, and the mistakes of its files."""
    configuration, mistakes = examine()
    return configuration, mistakes + secret_key.refusals(configuration.get("web.secret_key_file"))


def imported() -> tuple[Configuration, tuple[Mistake, ...]]:
    """The configuration and the mistakes of its files, Django set up for imports only: for what can be told
    whatever is wrong elsewhere."""
    configuration, mistakes = of_files()
    _configure(configuration)
    return configuration, mistakes + _set_up(configuration)


def judged() -> tuple[Configuration, tuple[Mistake, ...]]:
    """The configuration and all its mistakes, those of its files not hiding the others. Nothing is written
    or tried; Django is set up for imports only."""
    configuration, mistakes = of_files()
    _configure(configuration)
    return configuration, mistakes + (_set_up(configuration) or beyond_the_files(configuration))


def _configure(configuration: Configuration, **more: Any) -> None:
    """Without the settings of the web process, which refuse what has mistakes and make what is absent."""
    apps = (*APPS, *installed.apps(configuration.switches))
    settings.configure(BIGPANDAMON=configuration, INSTALLED_APPS=apps, USE_TZ=False, **more)


def examined() -> tuple[Configuration, tuple[Mistake, ...]]:
    """As judged, but with the databases at hand whose options are in order, each given a few seconds only."""
    found, mistakes = of_files()
    configuration = found.hurried(HURRY)
    wrong = {alias for alias, tables in DATABASES.items() if concerned(configuration, mistakes, tables)}
    _configure(
        configuration,
        TIME_ZONE="UTC",
        DATABASES=databases(configuration, without=wrong),
        DATABASE_ROUTERS=["bigpandamon_core.panda.router.PandaRouter"],
        PANDA_STATEMENT_SECONDS=configuration.get("panda.statement_seconds"),
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    return configuration, mistakes + (_set_up(configuration) or beyond_the_files(configuration))


def concerned(
    configuration: Configuration, mistakes: Iterable[Mistake], tables: tuple[str, ...]
) -> list[Mistake]:
    """Those for which what stands in these tables of the configuration cannot be gone by."""
    file = str(configuration.file)
    return [
        mistake
        for mistake in mistakes
        if mistake.key.partition(".")[0] in tables or (not mistake.key and mistake.file == file)
    ]


def tell(mistakes: Iterable[Mistake]) -> None:
    """Every mistake on its own line of standard error, and what helps where one does not say so itself."""
    told = list(mistakes)
    plural = "mistake" if len(told) == 1 else "mistakes"
    print(f"The configuration has {len(told)} {plural}:", *told, sep="\n  ", file=sys.stderr)
    if not all(mistake.remedy for mistake in told):
        print(ANYWAY, file=sys.stderr)
