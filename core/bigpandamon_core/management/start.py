"""What a command does first when it needs more than the configuration's files."""

import os
import sys
from collections.abc import Iterable

import django as framework
from django.conf import settings

from bigpandamon_core.config import Configuration, ConfigurationErrors, Mistake

MISCONFIGURED = 2
SETTINGS = "bigpandamon_core.config.django"


def django() -> Configuration:
    """Set Django up with the instance's configuration. Ends the program, all mistakes told, if it has any."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    try:
        configuration: Configuration = settings.BIGPANDAMON
        framework.setup()
    except ConfigurationErrors as errors:
        tell(errors.mistakes)
        raise SystemExit(MISCONFIGURED) from None
    return configuration


def everything() -> Configuration:
    """As django, and put together all that is shown and done: mistakes in that end the program too."""
    configuration = django()
    # Imported here: resources can only be imported once Django is set up.
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.schedule import catalogue
    from bigpandamon_core.web.loading import registry

    try:
        catalogue.refuse_strangers(configuration)
        registry()
    except ConfigurationErrors as errors:
        tell(errors.mistakes)
        raise SystemExit(MISCONFIGURED) from None
    return configuration


def tell(mistakes: Iterable[Mistake]) -> None:
    """Every mistake on its own line of standard error, and what follows from them."""
    lines = [str(mistake) for mistake in mistakes]
    plural = "mistake" if len(lines) == 1 else "mistakes"
    print(f"The configuration has {len(lines)} {plural}:", *lines, sep="\n  ", file=sys.stderr)
