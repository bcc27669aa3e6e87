"""COMPASS experiment, its production on the JINR PanDA and Frontera."""

from bigpandamon_compass.fields import COLUMNS, FIELDS
from bigpandamon_core.plugin import NavItem, Plugin, Section, mount


class Compass(Plugin):
    """Its jobs by production, run, step and chunk."""

    name = "compass"
    title = "COMPASS"
    api = 1
    words = ("compass", "jinr", "frontera")
    scope = {"jobs": "vo=vo.compass.cern.ch"}
    fields = FIELDS
    columns = {"jobs": COLUMNS}
    sections = (
        Section(
            "compass", "COMPASS", (), nav=(NavItem("COMPASS jobs", "compass-jobs"),), mounts=(mount("jobs"),)
        ),
    )
