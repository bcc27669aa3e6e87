"""HTCondor pools beside PanDA: schedulers, slots and their jobs."""

from bigpandamon_core.plugin import Plugin


class Htcondor(Plugin):
    """Identity, and the names that core must never say. It has no jobs of PanDA to show."""

    name = "htcondor"
    title = "HTCondor"
    api = 1
    words = ("htcondor", "condor")
