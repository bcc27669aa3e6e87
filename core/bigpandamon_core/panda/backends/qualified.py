"""Where a table of the PanDA database lives.

Models say `db_table = "panda.jobsactive4"`: a family of tables, a dot, the table. The site's name of the
schema that holds the family is an option, found in `settings.DATABASES[alias]["SCHEMAS"]`; empty means that
the connection's default schema (search path, current schema, current database) finds it.
"""

from typing import Any


class QualifiedNames:
    """Mixed into a backend's operations: `panda.jobsactive4` is quoted as the site's schema and the table."""

    connection: Any

    def quote_name(self, name: str) -> str:
        parent: Any = super()
        family, dot, table = name.partition(".")
        if not dot or name.startswith(('"', "`")):
            return str(parent.quote_name(name))
        schema = self.connection.settings_dict.get("SCHEMAS", {}).get(family, "")
        return ".".join(parent.quote_name(part) for part in (schema, table) if part)
