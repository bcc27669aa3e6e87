"""Which parts of the monitor are shown."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import NO_OR_BASE, matching

OPTIONS = (
    Option(
        "sections.off",
        list[str],
        (),
        "Sections that are not there: no navigation, no address, nothing in the API's description. "
        "Unknown names are refused.",
    ),
    Option(
        "sections.restricted",
        dict[str, str],
        {},
        'By section who may see it, by the names of accounts.roles, e.g. { statistics = "operate" }. Unknown '
        "names are refused.",
        choices=("personal", "operate", "administer"),
    ),
    Option(
        "sections.forwarded",
        dict[str, list[str]],
        {},
        "Sections that show the previous monitor's pages: by a name that this monitor does not have the "
        'beginnings of the addresses, e.g. { reports = ["/reports/"] }; of one that it has [].',
        rule=matching(r"/([A-Za-z0-9._~-]+/)+", "a path such as /reports/, slashes at both ends"),
    ),
    Option(
        "sections.forward_base",
        str,
        "",
        "The previous monitor, such as https://old.example.org/; needed by sections.forwarded.",
        rule=NO_OR_BASE,
    ),
)
