"""Vera C. Rubin Observatory and its survey, LSST."""

from bigpandamon_core.plugin import NavItem, Plugin, Section, mount
from bigpandamon_lsst.records import KINDS


class Lsst(Plugin):
    """Its jobs. The batch production service submits as VO wlcg unless told otherwise."""

    name = "lsst"
    title = "Rubin"
    api = 1
    words = ("lsst", "rubin", "slac", "vera")
    apps = ("bigpandamon_lsst",)
    records = KINDS
    scope = {"jobs": "vo=lsst|rubin|wlcg"}
    sections = (
        Section("lsst", "Rubin", (), nav=(NavItem("Rubin jobs", "lsst-jobs"),), mounts=(mount("jobs"),)),
    )
