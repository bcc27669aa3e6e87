"""What pages and answers about tasks take for granted when a request does not say."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import between

OPTIONS = (
    Option(
        "tasks.window_hours",
        int,
        168,
        "Period shown when a request names none; of analysis tasks alone three days at most.",
        "hours",
        rule=between(1, 180 * 24),
    ),
)
