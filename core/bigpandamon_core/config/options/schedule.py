"""What is done every so often, and by whom."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import at_least, between, matching

OPTIONS = (
    Option(
        "schedule.expected",
        bool,
        False,
        "Whether `bigpandamon check` calls it trouble when no process schedules, or when a task fails.",
    ),
    Option(
        "schedule.lease_seconds",
        int,
        15,
        "How long the process that schedules may be silent before another one takes over.",
        "seconds",
        rule=between(3, 300),
    ),
    Option(
        "schedule.every",
        dict[str, int],
        {},
        "How often tasks run, by task, e.g. warm-up = 120. Unknown tasks are refused.",
        "seconds",
        rule=between(10, 7 * 86_400),
    ),
    Option("schedule.off", list[str], (), "Tasks that are not run. Unknown ones are refused."),
    Option(
        "schedule.warm_up",
        list[str],
        (),
        'Addresses whose answers are made anew before they expire, e.g. ["/", "/jobs/?hours=12"], as clients '
        "ask for them but without web.base_path.",
        rule=matching(r"/[!-~]*", "a path that begins with /, non-ASCII signs and blanks percent-encoded"),
    ),
    Option(
        "schedule.keep_days",
        dict[str, int],
        {},
        "How long rows of our own tables and those of plugins are kept, by kind of row, e.g. "
        "queue-changes = 730; 0 keeps them for ever. Unknown kinds are refused.",
        "days",
        rule=at_least(0),
    ),
)
