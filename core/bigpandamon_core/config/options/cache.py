"""Where answers are kept, and for how long."""

from pathlib import Path

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import HOST_AND_PORT, at_least, between

OPTIONS = (
    Option(
        "cache.kind",
        str,
        "memory",
        "memory: in each process; memcached: shared by processes and hosts; files: readable files for "
        "developers; none: every answer is computed.",
        choices=("memory", "memcached", "files", "none"),
    ),
    Option(
        "cache.servers",
        list[str],
        ("127.0.0.1:11211",),
        "The memcached servers, each host:port. Used by cache.kind = memcached.",
        rule=HOST_AND_PORT,
    ),
    Option(
        "cache.memory_mb",
        int,
        64,
        "Most memory for kept answers, per process. Used by cache.kind = memory.",
        "MB",
        rule=between(1, 65536),
    ),
    Option(
        "cache.folder",
        Path,
        "{state}/cache",
        "The folder of kept answers. Used by cache.kind = files, and for large ones by memcached.",
    ),
    Option(
        "cache.large_mb",
        int,
        256,
        "Most room on disk, per host, for answers that exceed memcached's limit of one item; 0 does not keep "
        "them. Used by cache.kind = memcached.",
        "MB",
        rule=between(0, 1_000_000),
    ),
    Option(
        "cache.days_mb",
        int,
        256,
        "Most room on disk, per host, for what closed days had that are older than follow.kept_hours: each "
        "is counted once; 0 counts them every time, as cache.kind = none does.",
        "MB",
        rule=between(0, 1_000_000),
    ),
    Option(
        "cache.default_seconds",
        int,
        120,
        "How long an answer is kept whose caching point is not in cache.points.",
        "seconds",
        rule=at_least(0),
    ),
    Option(
        "cache.points",
        dict[str, int],
        {},
        "Lifetimes by caching point, e.g. jobs = 60; 0 never keeps. Unknown points are refused.",
        "seconds",
        rule=at_least(0),
    ),
    Option(
        "cache.stale_seconds",
        int,
        60,
        "How long after its lifetime an answer is still given, with its age, while it is made anew in the "
        "background; 0 lets those wait who ask then.",
        "seconds",
        rule=at_least(0),
    ),
    Option(
        "cache.stale_points",
        dict[str, int],
        {},
        "The same by caching point, e.g. jobs = 30. Unknown points are refused.",
        "seconds",
        rule=at_least(0),
    ),
    Option(
        "cache.renewals_per_worker",
        int,
        2,
        "Answers one process makes anew in the background at a time, each with a database connection.",
        "answers",
        rule=between(1, 64),
    ),
    Option(
        "cache.claim_seconds",
        int,
        30,
        "How long one process alone makes an answer that others wait for; then one of them takes over. "
        "Used by cache.kind = memcached.",
        "seconds",
        rule=between(2, 600),
    ),
    Option(
        "cache.last_good_seconds",
        int,
        86400,
        "How old a kept answer may be that is given, marked as stale, while the database does not answer; "
        "0 never gives one.",
        "seconds",
        rule=at_least(0),
    ),
)
