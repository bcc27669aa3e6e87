"""What a command does first when it needs more than the configuration's files."""

import gc
import os
import sys
from collections.abc import Iterable

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

MISCONFIGURED = 2
APPS = ("bigpandamon_core.panda", "bigpandamon_core.state")
SETTINGS = "bigpandamon_core.config.django"
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


def judged() -> tuple[Configuration, tuple[Mistake, ...]]:
    """The configuration and all its mistakes, those of its files not hiding the others. Nothing is written
    or tried; Django is set up for imports only."""
    configuration, mistakes = of_files()
    apps = (*APPS, *installed.apps(configuration.switches))
    settings.configure(BIGPANDAMON=configuration, INSTALLED_APPS=apps, USE_TZ=False)
    mistakes += _set_up(configuration)
    return configuration, mistakes if mistakes else beyond_the_files(configuration)


def tell(mistakes: Iterable[Mistake]) -> None:
    """Every mistake on its own line of standard error, and what follows from them."""
    lines = [str(mistake) for mistake in mistakes]
    plural = "mistake" if len(lines) == 1 else "mistakes"
    print(f"The configuration has {len(lines)} {plural}:", *lines, sep="\n  ", file=sys.stderr)
