"""ATLAS experiment at the Large Hadron Collider."""

from bigpandamon_atlas.art_pages import ART_PAGE, PACKAGE_PAGE
from bigpandamon_atlas.carousel import CAROUSEL
from bigpandamon_atlas.errors import ADVICE, meanings
from bigpandamon_atlas.fields import FIELDS
from bigpandamon_atlas.flows import KIND as FLOWS
from bigpandamon_atlas.models import ArtTest, Flow, Interval
from bigpandamon_atlas.places import ACTIVITIES_PAGE, REGIONS_PAGE
from bigpandamon_atlas.production import KIND as TASKS
from bigpandamon_atlas.requests import REQUEST_PAGE, REQUESTS_PAGE, TASK_PAGE
from bigpandamon_atlas.shares import SHARES_PAGE
from bigpandamon_atlas.submissions import SUBMISSIONS_PAGE
from bigpandamon_atlas.tables import FAMILIES
from bigpandamon_atlas.transfers import SITE_PAGE, TRANSFERS_PAGE
from bigpandamon_core.plugin import NavItem, Option, Plugin, Retention, Section, mount


class Atlas(Plugin):
    """Its jobs, requests, shares, tape staging, transfers and nightly tests; exit codes of its transforms."""

    name = "atlas"
    title = "ATLAS"
    api = 1
    words = ("atlas", "cern", "bnl", "triumf")
    families = FAMILIES
    apps = ("bigpandamon_atlas",)
    records = (TASKS, FLOWS)
    retentions = {
        "atlas-art-tests": Retention(ArtTest, "changed", 400),
        "atlas-transfers": Retention(Interval, "received", 400, {Flow: "interval"}, at_once=10),
    }
    scope = {"jobs": "vo=atlas"}
    options = (
        Option("carousel_stuck_hours", int, 24, "Staging that stood still so long is stuck.", "hours"),
        Option("art_nights", int, 7, "So many of the newest nightlies are shown and judged."),
    )
    fields = FIELDS
    error_rules = (*ADVICE, *meanings())
    sections = (
        Section("atlas", "ATLAS", (), nav=(NavItem("Jobs", "atlas-jobs"),), mounts=(mount("jobs"),)),
        Section(
            "atlas-regions",
            "Regions and activities",
            (*REGIONS_PAGE, *ACTIVITIES_PAGE),
            nav=(NavItem("Regions", "atlas-regions"), NavItem("Activities", "atlas-activities")),
        ),
        Section("atlas-shares", "Global shares", SHARES_PAGE, nav=(NavItem("Shares", "atlas-shares"),)),
        Section(
            "atlas-requests",
            "Production requests",
            (*REQUESTS_PAGE, *REQUEST_PAGE, *TASK_PAGE, *SUBMISSIONS_PAGE),
            nav=(NavItem("Requests", "atlas-requests"), NavItem("Submissions", "atlas-submissions")),
        ),
        Section("atlas-carousel", "Data carousel", CAROUSEL, nav=(NavItem("Carousel", "atlas-carousel"),)),
        Section(
            "atlas-transfers",
            "Transfers",
            (*TRANSFERS_PAGE, *SITE_PAGE),
            nav=(NavItem("Transfers", "atlas-transfers"),),
        ),
        Section("atlas-art", "ART tests", (*ART_PAGE, *PACKAGE_PAGE), nav=(NavItem("ART", "atlas-art"),)),
    )
