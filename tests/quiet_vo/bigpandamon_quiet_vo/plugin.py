"""Hush: a community that is content with core's pages of its own jobs and tasks."""

from bigpandamon_core.plugin import Access, Call, Plugin, Resource, Section, Table, mount


def greeting(call: Call) -> Table:
    """One line that says whose monitor this is."""
    return Table(("greeting",), ({"greeting": f"Hush at {call.root}"},))


GREETING = Resource(
    name="quiet_vo-greeting",
    path="quiet_vo/greeting/",
    help="A line of text.",
    access=Access.READ,
    build=greeting,
    formats={"text": lambda table: table, "csv": lambda table: table},
)


class QuietVo(Plugin):
    """Scopes, core's jobs and tasks inside them, and one resource that others may mount."""

    name = "quiet_vo"
    title = "Hush"
    api = 1
    words = ("quiet_vo", "hush")
    scope = {"jobs": "vo=hush", "tasks": "vo=hush"}
    sections = (Section("quiet_vo", "Hush", (GREETING,), mounts=(mount("jobs"), mount("tasks"))),)
