"""Statements as they were when somebody last looked at them: a change must be seen, and meant."""

import re
from pathlib import Path

import pytest

from tests.oracle.compiler import Statement

FOLDER = Path(__file__).with_name("snapshots")
BREAKS = re.compile(r" (?=(?:FROM|WHERE|AND|OR|GROUP BY|HAVING|ORDER BY|FETCH|OFFSET|UNION|LEFT|INNER)\b)")


class Snapshots:
    """record: write what is there instead of comparing with it."""

    def __init__(self, record: bool):
        self.record = record

    def match(self, name: str, *statements: Statement) -> None:
        """Compare with snapshots/<name>.sql; fails when they differ or nothing was kept."""
        text = "\n".join(f"{BREAKS.sub(chr(10), each.text)}\n" for each in statements)
        file = FOLDER / f"{name}.sql"
        if self.record:
            FOLDER.mkdir(exist_ok=True)
            file.write_text(text)
            return
        if not file.exists():
            pytest.fail(f"no snapshot {file.name}: look at the statement, then keep it with --record\n{text}")
        assert text == file.read_text(), f"{file.name} differs: if it is meant, keep it with --record"
