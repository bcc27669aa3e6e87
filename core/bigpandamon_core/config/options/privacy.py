"""What strangers see of people."""

from bigpandamon_core.config.options.option import Option

OPTIONS = (
    Option(
        "privacy.anonymous",
        str,
        "names",
        "User names for callers who are not signed in: shown, replaced by stable pseudonyms, or left out. "
        "Certificate subjects and addresses are never shown to them.",
        choices=("names", "pseudonyms", "none"),
    ),
)
