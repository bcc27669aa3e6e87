"""All that a plugin may use of core, and the only package it may import. docs/plugins.md tells every name."""

from bigpandamon_core.config import Option
from bigpandamon_core.domain.conditions import (
    All,
    AnyOf,
    Condition,
    Not,
    absent,
    between,
    containing,
    equal,
    like,
    one_of,
)
from bigpandamon_core.domain.error_rules import ErrorRule
from bigpandamon_core.domain.fields import Column, Field, Kind
from bigpandamon_core.domain.job_errors import CODE_COLUMNS, DIAG_COLUMNS, errors_of
from bigpandamon_core.domain.periodic import PeriodicTask, Turn
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.rules import split
from bigpandamon_core.domain.selection import Selection
from bigpandamon_core.domain.states import job_group, shown_state
from bigpandamon_core.domain.tasks import task_group
from bigpandamon_core.domain.text import NOT_SPECIFIED, is_storable
from bigpandamon_core.domain.window import now
from bigpandamon_core.panda.fields import PaddedText, PandaDecimal, PandaJson, PandaTime, PandaTimestamp
from bigpandamon_core.panda.table import PandaTable
from bigpandamon_core.payloads.asked import data_links, request_shown
from bigpandamon_core.payloads.call import Call, Table, call_of
from bigpandamon_core.payloads.cells import Cell, cell
from bigpandamon_core.payloads.datasets import Datasets
from bigpandamon_core.payloads.files import Files
from bigpandamon_core.payloads.graphs import graph
from bigpandamon_core.payloads.grouped_jobs import GroupedJobs
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.payloads.jobs_links import list_link
from bigpandamon_core.payloads.tables import fact, fact_groups, state_cell, table
from bigpandamon_core.payloads.tasks import Tasks
from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.queries.queues import definitions as queue_definitions
from bigpandamon_core.sections.listing import at_v1
from bigpandamon_core.sections.types import (
    Access,
    Action,
    Done,
    NavItem,
    Panel,
    Parameter,
    Resource,
    Section,
    Submission,
    mount,
)
from bigpandamon_core.sources.csv_records import csv_records
from bigpandamon_core.sources.json_records import array_records, json_document, ndjson_records
from bigpandamon_core.sources.reading import declare, dicts
from bigpandamon_core.sources.records import ANY, Outcome, Record, RecordKind, Refused, Unreadable
from bigpandamon_core.state.retention import Retention

__all__ = [
    "ANY",
    "CODE_COLUMNS",
    "DIAG_COLUMNS",
    "NOT_SPECIFIED",
    "Access",
    "Action",
    "All",
    "AnyOf",
    "Call",
    "Cell",
    "Column",
    "Condition",
    "Datasets",
    "Done",
    "ErrorRule",
    "Field",
    "Files",
    "GroupedJobs",
    "Jobs",
    "Kind",
    "NavItem",
    "Not",
    "Option",
    "Outcome",
    "PaddedText",
    "PandaDecimal",
    "PandaJson",
    "PandaTable",
    "PandaTime",
    "PandaTimestamp",
    "Panel",
    "Parameter",
    "PeriodicTask",
    "Plugin",
    "Problem",
    "Record",
    "RecordKind",
    "Refused",
    "Resource",
    "Retention",
    "Section",
    "Selection",
    "Submission",
    "Table",
    "Tasks",
    "Turn",
    "Unreadable",
    "absent",
    "array_records",
    "at_v1",
    "between",
    "call_of",
    "cell",
    "containing",
    "csv_records",
    "data_links",
    "declare",
    "dicts",
    "equal",
    "errors_of",
    "fact",
    "fact_groups",
    "graph",
    "is_storable",
    "job_group",
    "json_document",
    "like",
    "list_link",
    "mount",
    "ndjson_records",
    "not_found",
    "now",
    "one_of",
    "queue_definitions",
    "request_shown",
    "shown_state",
    "split",
    "state_cell",
    "table",
    "task_group",
]
