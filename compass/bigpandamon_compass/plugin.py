"""COMPASS experiment, its production on the JINR PanDA and Frontera."""

from bigpandamon_compass import batches, chain, productions, tape
from bigpandamon_compass.fields import COLUMNS, FIELDS
from bigpandamon_compass.pages import doubts
from bigpandamon_core.plugin import NavItem, Option, Plugin, Section, at_v1, mount

PAGES = (productions.PRODUCTIONS, chain.PRODUCTION, chain.RUN, batches.BATCHES, tape.TAPE)


class Compass(Plugin):
    """Productions, runs and chunks in the chain from reconstruction to tape, rebuilt from jobs alone."""

    name = "compass"
    title = "COMPASS"
    api = 1
    words = ("compass", "jinr", "frontera")
    needs = ("jobs",)
    scope = {"jobs": "vo=vo.compass.cern.ch"}
    options = (
        Option("days", int, 30, "How far back pages look where the request does not say.", "days"),
        Option("batch_jobs", dict[str, int], {}, "For how many PanDA jobs a batch job has room, by queue."),
    )
    fields = FIELDS
    columns = {"jobs": COLUMNS}
    sections = (
        Section(
            "compass",
            "COMPASS",
            (*PAGES, *(at_v1(page, meta=doubts) for page in PAGES)),
            nav=(
                NavItem("Productions", "compass-productions"),
                NavItem("Batch jobs", "compass-batches"),
                NavItem("Tape", "compass-tape"),
                NavItem("Jobs", "compass-jobs"),
            ),
            mounts=(mount("jobs"),),
        ),
    )
