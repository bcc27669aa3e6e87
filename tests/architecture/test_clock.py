"""One clock. The linter says so too; this also sees a silenced linter, Django's own doors and templates."""

import ast
import re
from pathlib import Path

from tests.architecture.repository import CORE, files, shown, sources

CLOCK = CORE / "domain" / "window.py"
PLAIN = {("datetime", name) for name in ("now", "utcnow", "today")} | {("date", "today"), ("timezone", "now")}
DOORS = re.compile(r"\bauto_now\b|\bauto_now_add\b|\{%\s*now\b")


def readings(path: Path) -> list[str]:
    """Calls such as datetime.now(), however the class is reached."""
    return [
        f"{shown(path)}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and (tail(node.value), node.attr) in PLAIN
    ]


def tail(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def test_one_clock():
    assert [place for path in sources() if path != CLOCK for place in readings(path)] == []


def test_no_clock_in_models_and_templates():
    texts = [path for path in files("core") if path.suffix in {".py", ".html", ".txt"}]
    assert [shown(path) for path in texts if DOORS.search(path.read_text(encoding="utf-8"))] == []
