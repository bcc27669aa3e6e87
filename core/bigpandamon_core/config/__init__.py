"""What an instance can set: declared in `options`, read by `load`, given to Django by `config.django`."""

from django.conf import settings

from bigpandamon_core.config.configuration import Configuration
from bigpandamon_core.config.loading import examine, load
from bigpandamon_core.config.mistakes import ConfigurationErrors, Mistake
from bigpandamon_core.config.options import OPTIONS, Option
from bigpandamon_core.config.switches import Switch, read_switches
from bigpandamon_core.config.urls import DatabaseUrl


def current() -> Configuration:
    """The configuration this process runs with. Raises ConfigurationErrors when it must not run."""
    configuration: Configuration = settings.BIGPANDAMON
    return configuration


__all__ = [
    "OPTIONS",
    "Configuration",
    "ConfigurationErrors",
    "DatabaseUrl",
    "Mistake",
    "Option",
    "Switch",
    "current",
    "examine",
    "load",
    "read_switches",
]
