"""Who this instance is and where it keeps what it writes."""

from pathlib import Path

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import matching

OPTIONS = (
    Option("instance.title", str, "PanDA monitor", "Heading of every page and first part of its title."),
    Option(
        "instance.name",
        str,
        "panda",
        "Short name in logs, metrics and cache keys; it keeps two instances apart on one memcached.",
        rule=matching(r"[a-z0-9][a-z0-9_-]{0,31}", "1 to 32 of a-z, 0-9, _ and -, a letter or digit first"),
    ),
    Option(
        "paths.state",
        Path,
        "",
        "The folder the monitor may write to. Empty: /var/lib/bigpandamon when the configuration is in "
        "/etc/bigpandamon, else $XDG_STATE_HOME/bigpandamon, else ~/.local/state/bigpandamon. In other paths "
        "and database URLs it is written {state}.",
    ),
)
