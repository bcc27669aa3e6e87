"""How fast a demonstration is filled: `.venv/bin/python benchmarks/bulk.py mariadb 600000 120000`.

Starts a private server, as the tests do, with the memory of a small production server, and removes it again.
"""

import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.instance import databases, settings
from tests.services import mariadb, postgresql

MARIADB = {
    "innodb-buffer-pool-size=64M": "innodb-buffer-pool-size=1G\ninnodb-sort-buffer-size=64M",
    "innodb-log-file-size=8M": "innodb-log-file-size=1G",
}
POSTGRESQL = {"shared_buffers": "1GB", "maintenance_work_mem": "256MB", "max_wal_size": "8GB"}
HOURS = 34.5


def give_memory() -> None:
    for small, large in MARIADB.items():
        mariadb.CONFIGURATION = mariadb.CONFIGURATION.replace(small, large)
    postgresql.SETTINGS.update(POSTGRESQL)


def fill(ended: int, alive: int, seed: int = 1) -> None:
    # Imported here: models can only be imported once Django is set up.
    from bigpandamon_core.demo import connection
    from bigpandamon_core.demo.bulk import filling
    from bigpandamon_core.demo.simulation.profile import load
    from bigpandamon_core.domain.window import now

    wanted = filling.Wanted(filling.Size(ended, alive, timedelta(hours=HOURS)), seed, now())
    tally = filling.fill(connection.writing(), load("default"), wanted, lambda text: print(text, flush=True))
    busy = os.getloadavg()[0]
    print(f"{tally.jobs:,} jobs: {tally.per_second:,.0f} a second with everything (load average {busy:.1f})")


def main(kind: str, ended: str, alive: str) -> None:
    give_memory()
    made = databases.made(kind)
    try:
        settings.activate(made)
        fill(int(ended), int(alive))
    finally:
        from django.db import connections

        connections.close_all()
        made.remove()


if __name__ == "__main__":
    main(*sys.argv[1:])
