"""What is fetched from servers elsewhere: pages of the previous monitor, logs."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import NETWORK, between

OPTIONS = (
    Option(
        "fetching.seconds",
        int,
        20,
        "How long a server elsewhere may take for its whole answer.",
        "s",
        rule=between(1, 300),
    ),
    Option(
        "fetching.page_mb",
        int,
        20,
        "Most of a page or JSON answer from elsewhere, unpacked.",
        "MB",
        rule=between(1, 1000),
    ),
    Option(
        "fetching.at_once",
        int,
        2,
        "Answers from elsewhere that one process waits for at a time; more are asked to come back later.",
        "answers",
        rule=between(1, 256),
    ),
    Option(
        "fetching.networks",
        list[str],
        (),
        "Networks that are not open to the world and may be asked, such as 10.1.0.0/16. A base that names "
        "its host by number needs none.",
        rule=NETWORK,
    ),
)
