"""Core's own sections, declared with the words plugins use."""

from bigpandamon_core.sections import find, jobs, start

CORE = (start.SECTION, jobs.SECTION, find.SECTION)
