"""Zephyr: an invented experiment whose plugin says every word of the contract."""

from bigpandamon_core.plugin import ErrorRule, NavItem, Option, Plugin, Retention, Section, mount
from bigpandamon_demo_vo.fields import COLUMNS, FIELDS, TASK_COLUMNS, TASK_FIELDS
from bigpandamon_demo_vo.gauges import ALARMS, FAMILIES, LOAD, WIND
from bigpandamon_demo_vo.mills import PANEL
from bigpandamon_demo_vo.models import Answer, Note
from bigpandamon_demo_vo.notes import KIND, NOTES
from bigpandamon_demo_vo.rounds import ROUND
from bigpandamon_demo_vo.shifts import SHIFT, V1_RING


class DemoVo(Plugin):
    """Two rings of queues, shifts with notes, and exit codes of its own payload."""

    name = "demo_vo"
    title = "Zephyr"
    api = 1
    words = ("demo_vo", "zephyr")
    requires = ("quiet_vo",)
    needs = ("jobs",)
    families = FAMILIES
    schemas = ("masts",)
    apps = ("bigpandamon_demo_vo",)
    records = (KIND,)
    scope = {"jobs": "vo=zephyr&computingsite=ZEPHYR_*", "tasks": "vo=zephyr|Zephyr"}
    options = (
        Option("shift_hours", int, 8, "How long a shift is.", "hours"),
        Option("logbook.token", str, "", "Account at the logbook.", secret=True),
    )
    fields = FIELDS
    fields_of = {"tasks": TASK_FIELDS}
    columns = {"jobs": COLUMNS, "tasks": TASK_COLUMNS}
    panels = {"jobs": (PANEL,)}
    error_rules = (
        ErrorRule("transform", (77,), acronym="NOWIND", meaning="the sails saw no wind"),
        ErrorRule("transform", (77, 78), "Wait for wind, then retry.", transient=True),
    )
    sections = (
        Section(
            "demo_vo",
            "Zephyr",
            (SHIFT, V1_RING, NOTES, WIND, ALARMS, LOAD),
            nav=(NavItem("Zephyr jobs", "demo_vo-jobs"),),
            mounts=(mount("jobs"), mount("quiet_vo", unscoped=True)),
        ),
        Section(
            "demo_vo-tasks",
            "Zephyr tasks",
            (),
            nav=(NavItem("Zephyr tasks", "demo_vo-tasks"),),
            mounts=(mount("tasks"),),
        ),
    )
    nav = (NavItem("Zephyr shift", "demo_vo-shift"),)
    tasks = (ROUND,)
    retentions = {"demo_vo-notes": Retention(Note, "made", 400, {Answer: "note"}, at_once=2)}
