"""The monitor, with no experiment in it."""

__version__ = "0.1.0.dev0"
