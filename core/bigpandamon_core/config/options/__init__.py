"""Every option of core, declared once: reading, validation, sample and reference follow from it."""

from bigpandamon_core.config.options import (
    accounts,
    cache,
    databases,
    facets,
    fetching,
    follow,
    instance,
    job_logs,
    jobs,
    logs,
    plugins,
    privacy,
    schedule,
    sections,
    tasks,
    users,
    web,
)
from bigpandamon_core.config.options.option import Option

OPTIONS: tuple[Option, ...] = (
    *instance.OPTIONS,
    *databases.OPTIONS,
    *cache.OPTIONS,
    *web.OPTIONS,
    *jobs.OPTIONS,
    *tasks.OPTIONS,
    *users.OPTIONS,
    *follow.OPTIONS,
    *facets.OPTIONS,
    *sections.OPTIONS,
    *fetching.OPTIONS,
    *job_logs.OPTIONS,
    *schedule.OPTIONS,
    *privacy.OPTIONS,
    *accounts.OPTIONS,
    *plugins.OPTIONS,
    *logs.OPTIONS,
)

__all__ = ["OPTIONS", "Option"]
