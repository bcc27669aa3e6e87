"""HTCondor pools beside PanDA: schedulers, slots and their jobs."""

from bigpandamon_core.plugin import Plugin
from bigpandamon_htcondor.cleaning import CLEANING, KEEP_DAYS
from bigpandamon_htcondor.importing import KINDS
from bigpandamon_htcondor.panels import PANELS
from bigpandamon_htcondor.sections import SECTIONS


class Htcondor(Plugin):
    """Batch jobs of HTCondor beside the PanDA jobs they run: pushed, imported, shown and explained."""

    name = "htcondor"
    title = "HTCondor"
    api = 1
    words = ("htcondor", "condor")
    apps = ("bigpandamon_htcondor",)
    options = (KEEP_DAYS,)
    sections = SECTIONS
    tasks = (CLEANING,)
    records = KINDS
    panels = PANELS
