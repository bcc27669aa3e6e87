"""The monitor, with no experiment in it."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("bigpandamon-core")
except PackageNotFoundError:  # run from a checkout that is not installed
    __version__ = "0.0.0"
