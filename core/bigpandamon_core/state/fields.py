"""Field types of our own tables."""

import json
from typing import Any

from django.db import models


class JsonText(models.TextField):
    """A JSON document as text that any of our databases takes: characters beyond ASCII are escaped, as
    PostgreSQL's own type would refuse some of them. Read and written whole, never searched."""

    _pyi_private_get_type: Any  # what mypy takes for the type of a value
    _pyi_private_set_type: Any

    def get_prep_value(self, value: Any) -> str:
        return json.dumps(value, sort_keys=True)

    def from_db_value(self, value: str, *_context: Any) -> Any:
        return json.loads(value)

    def to_python(self, value: Any) -> Any:
        return value
