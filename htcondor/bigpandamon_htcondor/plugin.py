"""HTCondor pools beside PanDA: schedulers, slots and their jobs."""

from bigpandamon_core.plugin import Plugin, Retention
from bigpandamon_htcondor.importing import KINDS
from bigpandamon_htcondor.models import BatchEvent, BatchJob, Dag, DagNode, PandaLink
from bigpandamon_htcondor.panels import PANELS
from bigpandamon_htcondor.sections import SECTIONS


class Htcondor(Plugin):
    """Batch jobs of HTCondor beside the PanDA jobs they run: pushed, imported, shown and explained."""

    name = "htcondor"
    title = "HTCondor"
    api = 1
    words = ("htcondor", "condor")
    apps = ("bigpandamon_htcondor",)
    sections = SECTIONS
    retentions = {
        "htcondor-jobs": Retention(
            BatchJob, "received", 400, {PandaLink: "globaljobid", BatchEvent: "globaljobid"}
        ),
        "htcondor-dags": Retention(Dag, "received", 400, {DagNode: "dag"}, at_once=10),
    }
    records = KINDS
    panels = PANELS
