"""What pages and answers about jobs take for granted when a request does not say."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import between

OPTIONS = (
    Option(
        "jobs.window_hours",
        int,
        12,
        "Period shown when a request names none.",
        "hours",
        rule=between(1, 180 * 24),
    ),
    Option(
        "jobs.lookback_days",
        int,
        180,
        "How far back jobs of a task, data set or name are looked for when the request names no period.",
        "days",
        rule=between(1, 36_500),
    ),
    Option(
        "jobs.limit",
        int,
        20_000,
        "Most jobs in the JSON list of /jobs/ when a request does not say; summaries always count all, CSV "
        "and NDJSON have all.",
        "jobs",
        rule=between(1, 10_000_000),
    ),
    Option("jobs.page_rows", int, 100, "Rows on one page of a list of jobs.", "rows", rule=between(1, 500)),
)
