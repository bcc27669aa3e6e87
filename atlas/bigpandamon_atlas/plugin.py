"""ATLAS experiment at the Large Hadron Collider."""

from bigpandamon_core.plugin import Plugin


class Atlas(Plugin):
    """Identity, and the names that core must never say."""

    name = "atlas"
    title = "ATLAS"
    api = 1
    words = ("atlas", "cern", "bnl", "triumf")
