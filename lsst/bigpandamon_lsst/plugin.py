"""Vera C. Rubin Observatory and its survey, LSST."""

from bigpandamon_core.plugin import NavItem, Option, Plugin, Retention, Section, mount
from bigpandamon_lsst import lists
from bigpandamon_lsst.detail import WORKFLOW
from bigpandamon_lsst.find import FIND
from bigpandamon_lsst.index import INDEX
from bigpandamon_lsst.models import IndexedFile, IndexedTask
from bigpandamon_lsst.overview import WORKFLOWS
from bigpandamon_lsst.panels import PANELS
from bigpandamon_lsst.records import KINDS
from bigpandamon_lsst.retries import RETRIES
from bigpandamon_lsst.service import FAMILIES, SCHEMAS

VOS = "vo=lsst|rubin|wlcg"


class Lsst(Plugin):
    """Its workflows, tasks and jobs. Its batch service submits as VO wlcg if not told otherwise."""

    name = "lsst"
    title = "Rubin"
    api = 1
    words = ("lsst", "rubin", "slac", "vera")
    apps = ("bigpandamon_lsst",)
    families = FAMILIES
    schemas = SCHEMAS
    scope = {"jobs": VOS, "tasks": VOS}
    options = (
        Option("days", int, 7, "How far back the list of workflows looks.", "days"),
        Option(
            "clusters",
            list[str],
            (
                "step*",
                "visit_detector",
                "singleFrame",
                "consolidate",
                "makeWarpTract",
                "coadd*",
                "objectTable",
            ),
            "Labels that stand for several pipetasks, * for anything: rows of the table about any fit them.",
        ),
        Option("index.days", int, 2, "Tasks that changed in these are looked at for the index.", "days"),
    )
    records = KINDS
    tasks = (INDEX,)
    retentions = {
        "lsst-index": Retention(IndexedTask, "taken_in", 90, {IndexedFile: "jeditaskid"}, at_once=20)
    }
    panels = PANELS
    sections = (
        Section(
            "lsst",
            "Rubin",
            (WORKFLOWS, WORKFLOW, RETRIES),
            nav=(
                NavItem("Workflows", "lsst-workflows"),
                NavItem("Tasks", "lsst-tasks"),
                NavItem("Jobs", "lsst-jobs"),
            ),
            mounts=(mount("jobs"), mount("tasks")),
        ),
        Section(
            "lsst-lists",
            "Rubin lists",
            (FIND, *lists.RESOURCES),
            nav=(
                NavItem("Data ids", "lsst-data"),
                NavItem("Tolerated failures", "lsst-tolerated"),
                NavItem("Failures by task", "lsst-reported"),
                NavItem("Queues of Harvester", "lsst-queues"),
            ),
        ),
    )
