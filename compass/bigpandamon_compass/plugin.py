"""COMPASS experiment, its production on the JINR PanDA and Frontera."""

from bigpandamon_core.plugin import NavItem, Plugin, Section, mount


class Compass(Plugin):
    """Its jobs."""

    name = "compass"
    title = "COMPASS"
    api = 1
    words = ("compass", "jinr", "frontera")
    scope = {"jobs": "vo=vo.compass.cern.ch"}
    sections = (
        Section(
            "compass", "COMPASS", (), nav=(NavItem("COMPASS jobs", "compass-jobs"),), mounts=(mount("jobs"),)
        ),
    )
