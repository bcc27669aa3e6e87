"""Nothing under web/ names a table of PanDA: pages know resources, queries know tables."""

import ast
import re
from pathlib import Path

from tests.architecture.repository import CORE, shown, sources

DB_TABLE = re.compile(r'db_table = "\w+\.(\w+)"')


def tables() -> set[str]:
    """The table names the models declare."""
    texts = [path.read_text(encoding="utf-8") for path in sources(shown(CORE / "panda"))]
    return {name for text in texts for name in DB_TABLE.findall(text)}


def strings(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def test_web_names_no_table():
    named = re.compile("|".join(rf"\b{name}\b" for name in sorted(tables())), re.IGNORECASE)
    web = sources(shown(CORE / "web"))
    assert tables()
    assert [shown(path) for path in web if any(map(named.search, strings(path)))] == []
