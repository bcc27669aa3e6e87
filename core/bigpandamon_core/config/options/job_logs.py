"""Where the logs of jobs lie, and who may read them."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import LOG_FOLDER, LOG_URL, between

OPTIONS = (
    Option(
        "job_logs.folders",
        list[str],
        (),
        'Logs on this host: patterns such as "/logs/{scope}/{lfn}". Links that lead out of the folder that a '
        "pattern begins with are not followed.",
        rule=LOG_FOLDER,
    ),
    Option(
        "job_logs.urls",
        list[str],
        (),
        'Logs on other servers: patterns such as "https://logs.example.org/{scope}/{lfn}", asked after the '
        "folders, in their order.",
        rule=LOG_URL,
    ),
    Option(
        "job_logs.signed_in",
        bool,
        False,
        "Whether logs are for callers alone who are signed in or send a token.",
    ),
    Option(
        "job_logs.archive_mb",
        int,
        100,
        "Most of a log archive, packed and unpacked.",
        "MB",
        rule=between(1, 10_000),
    ),
    Option("job_logs.file_mb", int, 10, "Most of one file in it that is shown.", "MB", rule=between(1, 1000)),
)
