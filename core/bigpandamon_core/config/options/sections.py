"""Which parts of the monitor are shown."""

from bigpandamon_core.config.options.option import Option

OPTIONS = (
    Option(
        "sections.off",
        list[str],
        (),
        "Sections that are not there: no navigation, no address, nothing in the API's description. "
        "Unknown names are refused.",
    ),
)
