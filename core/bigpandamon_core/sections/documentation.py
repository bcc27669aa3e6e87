"""The documentation of the addresses, made from their declarations."""

from bigpandamon_core.sections.types import Section

SECTION = Section("documentation", "API", ())
