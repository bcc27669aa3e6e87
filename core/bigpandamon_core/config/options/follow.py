"""How PanDA's changes are followed, and how gently."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import between

OPTIONS = (
    Option(
        "follow.interval_seconds",
        int,
        10,
        "How often changes are looked for.",
        "seconds",
        rule=between(1, 3600),
    ),
    Option(
        "follow.overlap_seconds",
        int,
        60,
        "How far before the last look the next one begins: longer than any transaction that writes jobs.",
        "seconds",
        rule=between(1, 86_400),
    ),
    Option(
        "follow.scan_seconds",
        int,
        60,
        "How often all live jobs are compared with what is known of them.",
        "seconds",
        rule=between(10, 86_400),
    ),
    Option(
        "follow.rows_per_look",
        int,
        100_000,
        "Most changes read at one look; the next one goes on from there.",
        "rows",
        rule=between(1000, 10_000_000),
    ),
    Option(
        "follow.statements_per_minute",
        int,
        600,
        "Most statements asked of the PanDA database in a minute.",
        "statements",
        rule=between(10, 100_000),
    ),
    Option(
        "follow.lease_seconds",
        int,
        20,
        "How long a leader that is silent stays leader; another one takes over then.",
        "seconds",
        rule=between(5, 600),
    ),
    Option(
        "follow.kept_hours",
        int,
        48,
        "How far back ended jobs are known, and counted from memory.",
        "hours",
        rule=between(1, 24 * 30),
    ),
)
