"""The switch file that a plugin comes with, from what it declares."""

import sys

from bigpandamon_core.config import Option
from bigpandamon_core.config.reference import switch
from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.plugin.loading import scope_options


def sample(plugin: Plugin) -> str:
    """On, what the plugin is in the words of its module, its options, and the scope that it sets."""
    about = (sys.modules[type(plugin).__module__].__doc__ or "").strip().partition("\n")[0]
    scope: list[Option] = [option for option in scope_options(plugin) if option.default]
    return switch(plugin.title, about, (*plugin.options, *scope))
