"""What harvester services said, as lists of records."""

from bigpandamon_core.domain import harvester as rules
from bigpandamon_core.domain.fields import Column
from bigpandamon_core.payloads import tabs
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.columns import Offered
from bigpandamon_core.payloads.harvester import harvester_cell
from bigpandamon_core.payloads.records import Listing, Records
from bigpandamon_core.queries import harvester as queries

COLUMNS = Offered(
    (
        Column("creationtime", "When", "time", "creationtime"),
        Column("messagelevel", "Level", "state", "messagelevel"),
        Column("harvesterid", "Harvester", "text", "harvesterid"),
        Column("modulename", "Part", "text", "modulename"),
        Column("diagmessage", "Said", "error"),
    ),
    (
        Column("identifier", "Identifier", "text", "identifier"),
        Column("diagid", "Number", "number", "diagid"),
    ),
)


LISTING = Listing(
    title="Harvester diagnostics",
    record="message",
    noun=lambda _call: rules.diagnostics(),
    source=queries.DIAGNOSTICS,
    columns=COLUMNS,
    narrow=("creationtime", "messagelevel", "harvesterid", "modulename", "diagmessage"),
    cells={"harvesterid": harvester_cell},
    groups={"messagelevel": rules.level_group},
    states=("messagelevel", tuple(rules.LEVELS)),
    more_of_page=tabs.harvester,
)


class Diagnostics(Records):
    """Messages of services, newest first."""

    def __init__(self, call: Call):
        super().__init__(call, LISTING)
