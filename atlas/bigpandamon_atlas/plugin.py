"""ATLAS experiment at the Large Hadron Collider."""

from bigpandamon_atlas.errors import ADVICE, meanings
from bigpandamon_core.plugin import NavItem, Plugin, Section, mount


class Atlas(Plugin):
    """Its jobs, and the exit codes of its transforms."""

    name = "atlas"
    title = "ATLAS"
    api = 1
    words = ("atlas", "cern", "bnl", "triumf")
    scope = {"jobs": "vo=atlas"}
    error_rules = (*ADVICE, *meanings())
    sections = (
        Section("atlas", "ATLAS", (), nav=(NavItem("ATLAS jobs", "atlas-jobs"),), mounts=(mount("jobs"),)),
    )
