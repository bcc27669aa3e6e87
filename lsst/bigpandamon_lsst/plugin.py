"""Vera C. Rubin Observatory and its survey, LSST."""

from bigpandamon_core.plugin import Plugin


class Lsst(Plugin):
    """Identity, and the names that core must never say."""

    name = "lsst"
    title = "Rubin"
    api = 1
    words = ("lsst", "rubin", "slac", "vera")
