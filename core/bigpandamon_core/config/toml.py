"""Writing values as TOML: for the generated sample and for people who look at an effective value."""

import json
from collections.abc import Mapping
from typing import Any


def written(value: Any) -> str:
    """One value as it would stand behind the equals sign (JSON's texts are TOML's basic strings)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{json.dumps(name)} = {written(entry)}" for name, entry in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value) if isinstance(value, int | float) else json.dumps(str(value), ensure_ascii=False)
