"""Everything a plugin may use of core, and the only package it may import. Each name is told in docs/plugins.md."""

from bigpandamon_core.config import Option
from bigpandamon_core.domain.conditions import All, AnyOf, Condition, Not, absent, between, equal, one_of
from bigpandamon_core.domain.error_rules import ErrorRule
from bigpandamon_core.domain.fields import Column, Field, Kind
from bigpandamon_core.domain.problems import Problem, not_found
from bigpandamon_core.domain.text import NOT_SPECIFIED
from bigpandamon_core.domain.window import now
from bigpandamon_core.payloads.call import Call, Table
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.plugin.contract import API, Plugin
from bigpandamon_core.sections.types import Access, Family, NavItem, Parameter, Resource, Section, mount

__all__ = [
    "API",
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
    "mount",
    "not_found",
    "now",
    "one_of",
]
