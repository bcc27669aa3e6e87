"""Which table holds which period: the tables to ask for jobs of a window, for jobs by id, and beside jobs.

What an installation keeps where (from the server and schema sources of 2026):

- **Oracle**: an ended job is in jobsarchived4 for 3 to 4 days. Whole days that are at least a day old are
  copied to jobsarchived, so for about the last two of those days the job is in both tables. Parameters and
  metadata stay 3 days, files about 30; after that only their archive tables have them.
- **PostgreSQL**: nothing is copied. jobsarchived4 keeps a year; jobsarchived and its sisters exist and stay
  empty, so asking them costs nothing.
- **MariaDB, MySQL**: the site decides.
- Records imported without status or times, into a demonstration, are in jobsarchived.

So jobsarchived4 is always asked, and holds everything of the last two days everywhere; jobsarchived is asked
for what is older and for what is looked up by id. A job may be found twice: the later observation wins.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import models

from bigpandamon_core.domain.window import RECENT_DAYS
from bigpandamon_core.panda.files import (
    FilesTable4,
    FilesTableArch,
    JobParamsTable,
    JobParamsTableArch,
    MetaTable,
    MetaTableArch,
)
from bigpandamon_core.panda.jobs import Job, JobsActive4, JobsArchived, JobsArchived4, JobsDefined4

LIVE: tuple[type[Job], ...] = (JobsDefined4, JobsActive4)
FILES: tuple[type[models.Model], ...] = (FilesTable4, FilesTableArch)
PARAMETERS: tuple[type[models.Model], ...] = (JobParamsTable, JobParamsTableArch)
METADATA: tuple[type[models.Model], ...] = (MetaTable, MetaTableArch)
"""Tables beside jobs, by pandaid: the second counts where the first has nothing."""


def job_tables(
    begin: datetime | None,
    *,
    now: datetime,
    live: bool = True,
    ended: bool = True,
    archive: bool = True,
) -> tuple[type[Job], ...]:
    """The job tables that can hold what is asked for, in the order to read them: a moving job is not missed.

    begin: start of the window; None = no window (ids, an origin, or a request that lifts it), then all of the
    past is meant. live: whether live jobs are wanted; ended: whether ended ones are. A few rows with a final
    state may stand in jobsactive4: live=False is for callers that can do without those. archive: False leaves
    out the long-term archive (`noarchjobs`).
    """
    return (*(LIVE if live else ()), *(_ended(begin, now, archive) if ended else ()))


def _ended(begin: datetime | None, now: datetime, archive: bool) -> Sequence[type[Job]]:
    old = begin is None or begin < now - timedelta(days=RECENT_DAYS)
    return (JobsArchived4, JobsArchived) if archive and old else (JobsArchived4,)
