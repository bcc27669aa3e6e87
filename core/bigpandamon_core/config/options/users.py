"""What answers about users take for granted."""

from bigpandamon_core.config.options.option import Option

OPTIONS = (
    Option(
        "users.view",
        str,
        "database",
        "What the list of users answers when a request does not say: database is the stored table, dynamic "
        "counts recent jobs.",
        choices=("database", "dynamic"),
    ),
)
