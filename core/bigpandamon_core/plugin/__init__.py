"""All that a plugin may use of core, and the only package it may import. docs/plugins.md tells every name."""

from bigpandamon_core.config import Option
from bigpandamon_core.domain.conditions import (
    All,
    AnyOf,
    Condition,
    Not,
    absent,
    between,
    equal,
    like,
    one_of,
)
from bigpandamon_core.domain.error_rules import ErrorRule
from bigpandamon_core.domain.fields import Column, Field, Kind
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.plugin.contract import Plugin
from bigpandamon_core.sections.types import Access, Family, NavItem, Parameter, Resource, Section, mount

__all__ = [
    "NOT_SPECIFIED",
    "Access",
    "All",
    "AnyOf",
    "Call",
    "Column",
    "Condition",
    "ErrorRule",
    "Family",
    "Field",
    "Jobs",
    "Kind",
    "NavItem",
    "Not",
    "Option",
    "Parameter",
    "Plugin",
    "Problem",
    "Resource",
    "Section",
    "Table",
    "absent",
    "between",
    "equal",
    "like",
    "mount",
    "not_found",
    "now",
    "one_of",
]
