"""How the web process listens and answers."""

from pathlib import Path

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import LISTENING_PLACE, between, matching

OPTIONS = (
    Option(
        "web.bind",
        str,
        "127.0.0.1:8008",
        "Where `bigpandamon serve` listens; a reverse proxy stands in front of it.",
        rule=LISTENING_PLACE,
    ),
    Option("web.workers", int, 2, "Processes that answer requests.", "processes", rule=between(1, 256)),
    Option("web.threads", int, 4, "Requests one process answers at a time.", "threads", rule=between(1, 256)),
    Option(
        "web.read_seconds",
        int,
        5,
        "How long a client may take to send a request with its body. Reverse proxies pass on whole ones.",
        "s",
        rule=between(1, 3600),
    ),
    Option(
        "web.streams_per_worker",
        int,
        2,
        "Large streamed answers one process gives at a time, each with up to three database connections; the"
        " next one is asked to come back later.",
        "answers",
        rule=between(1, 256),
    ),
    Option(
        "web.allowed_hosts",
        list[str],
        ("localhost", "127.0.0.1", "[::1]"),
        "Host names under which the monitor answers. A leading dot allows subdomains, * allows every name.",
        rule=matching(
            r"\*|\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\]",
            "host names without scheme and port, such as monitor.example.org",
        ),
    ),
    Option(
        "web.base_path",
        str,
        "",
        "Path below which the monitor lives when it does not have a host of its own, such as /monitor.",
        rule=matching(r"|(/[A-Za-z0-9._~-]+)+", "nothing, or a path such as /monitor, no slash at its end"),
    ),
    Option(
        "web.secret_key_file",
        Path,
        "{state}/secret_key",
        "The key that signs what the monitor hands out; made if absent, readable only by its owner. "
        "Several hosts of one instance need the same file.",
    ),
)
