"""Reading what users may use."""

from typing import Any

from bigpandamon_core.domain.conditions import equal
from bigpandamon_core.panda.users import Users
from bigpandamon_core.queries.where import text_columns, where
from bigpandamon_core.sources.reading import ALIAS, declare, dicts

NAMED = declare("users.named", "What users of a name may use, and have used.", binds=("name",), cap=20)
COLUMNS = tuple(column.attname for column in Users._meta.concrete_fields)


def named(name: str) -> list[dict[str, Any]]:
    """One record for each VO that the user belongs to, by VO."""
    rows = Users.objects.using(ALIAS).filter(where(equal("name", name), text_columns(Users)))
    return sorted(dicts(NAMED, rows[: NAMED.cap], COLUMNS), key=lambda row: str(row["vo"] or ""))
