"""Core's own sections, declared with the words plugins use, and what plugins may mount of them."""

from collections.abc import Mapping

from bigpandamon_core.sections import (
    dashboards,
    errors,
    files,
    find,
    harvester,
    job_logs,
    jobs,
    nodes,
    pilots,
    sites,
    start,
    statistics,
    support,
    tasks,
    users,
    work_queues,
)
from bigpandamon_core.sections.types import Section

CORE = (
    start.SECTION,
    jobs.SECTION,
    tasks.SECTION,
    errors.SECTION,
    files.SECTION,
    dashboards.SECTION,
    statistics.SECTION,
    nodes.SECTION,
    users.SECTION,
    sites.SECTION,
    pilots.SECTION,
    harvester.SECTION,
    work_queues.SECTION,
    support.SECTION,
    find.SECTION,
    job_logs.SECTION,
)
MOUNTABLE: Mapping[str, tuple[Section, ...]] = {
    "jobs": (jobs.SECTION, find.SECTION),
    "tasks": (tasks.SECTION,),
}
"""By noun what is shown under a plugin's prefix; the search box finds inside the scope there."""
BESIDE: Mapping[str, tuple[str, ...]] = {"tasks": ("jobs",)}
"""Nouns whose pages those of a noun lead to, which must be shown there, too."""
HAVE_PANELS = frozenset(one.beside for section in CORE for one in section.resources if one.beside)
"""Nouns of whose records plugins may tell something beside the page of one."""
