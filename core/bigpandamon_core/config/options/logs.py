"""What the processes write about themselves."""

from bigpandamon_core.config.options.option import Option

OPTIONS = (
    Option(
        "logging.format",
        str,
        "plain",
        "plain lines for people, or one JSON object per line for collectors of logs.",
        choices=("plain", "json"),
    ),
    Option(
        "logging.level",
        str,
        "info",
        "The least important messages still written.",
        choices=("debug", "info", "warning", "error"),
    ),
)
