"""Recent jobs as coded columns on each host's disk."""

from pathlib import Path

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import between

OPTIONS = (
    Option(
        "facets.folder",
        Path,
        "{state}/facets",
        "Where `bigpandamon facets` keeps the columns of recent jobs for the web processes of its host.",
    ),
    Option(
        "facets.oldest_seconds",
        int,
        180,
        "When nothing was told for so long, jobs are counted in the PanDA database again.",
        "seconds",
        rule=between(10, 86_400),
    ),
)
