"""The two databases: ours, and PanDA's, which is only read."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import at_least, between, matching
from bigpandamon_core.config.urls import DatabaseUrl

_SCHEMA = matching(
    r"|[A-Za-z_][A-Za-z0-9_$#]{0,127}", "a name, or nothing: the tables are then named without a schema"
)

OPTIONS = (
    Option(
        "database.url",
        DatabaseUrl,
        "sqlite:///{state}/bigpandamon.sqlite3",
        "Our own database: SQLite on one host, PostgreSQL or MariaDB on several. Reserved characters in user "
        "and password are percent-encoded.",
        secret=True,
    ),
    Option(
        "database.wait_seconds",
        int,
        10,
        "Longest wait for a connection and, on SQLite, for another writer.",
        "seconds",
        rule=between(1, 300),
    ),
    Option(
        "panda.url",
        DatabaseUrl,
        "sqlite:///{state}/panda.sqlite3",
        "The PanDA database: SQLite, MySQL, MariaDB, PostgreSQL or Oracle. The account needs SELECT and "
        "nothing else. Options of the driver may follow a question mark.",
        secret=True,
    ),
    Option(
        "panda.connect_seconds",
        int,
        5,
        "Longest wait for a connection to the PanDA database.",
        "seconds",
        rule=between(1, 300),
    ),
    Option(
        "panda.statement_seconds",
        int,
        30,
        "Longest run of one statement; the database itself ends it then.",
        "seconds",
        rule=between(1, 3600),
    ),
    Option(
        "panda.row_cap",
        int,
        2_000_000,
        "Most rows read by one statement that can run long; an answer cut by it says so.",
        "rows",
        rule=at_least(1),
    ),
    *(
        Option(
            f"panda.schemas.{family}",
            str,
            "",
            f"Schema of the {tables} (on MySQL their database).",
            rule=_SCHEMA,
        )
        for family, tables in (
            ("panda", "live job, file and task tables"),
            ("arch", "archive tables"),
            ("meta", "tables about queues and sites"),
            ("deft", "tables of production requests"),
        )
    ),
    Option(
        "panda.schemas.more",
        dict[str, str],
        {},
        "Schemas of what plugins read beside PanDA's tables, by the words of their documentation (on MySQL "
        'databases), e.g. { service = "workflow_service" }.',
        rule=_SCHEMA,
    ),
)
