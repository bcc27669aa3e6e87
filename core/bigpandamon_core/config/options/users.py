"""What answers about users take for granted when a request does not say."""

from bigpandamon_core.config.options.option import Option

OPTIONS = (
    Option(
        "users.view",
        str,
        "database",
        "What the JSON of /users/ has without view=: nothing, as programs know it of installations that keep "
        "a table of users (database), or the users of the jobs of the window (dynamic).",
        choices=("database", "dynamic"),
    ),
)
