"""Which modules a Python file imports, read from its text: nothing is run."""

import ast
from pathlib import Path

from setup import DISTRIBUTIONS
from tests.architecture.repository import ROOT

SOURCE_ROOTS = (*(row.folder for row in DISTRIBUTIONS), ".")


def package_of(path: Path) -> list[str]:
    """The package a file belongs to, in parts; relative imports start there."""
    for root in SOURCE_ROOTS:
        if path.is_relative_to(ROOT / root):
            return list(path.relative_to(ROOT / root).parent.parts)
    return []


def origin(node: ast.ImportFrom, package: list[str]) -> str:
    """The absolute name a `from … import` reads from."""
    named = [node.module] if node.module else []
    if not node.level:
        return ".".join(named)
    return ".".join(package[: len(package) - node.level + 1] + named)


def imported(path: Path) -> set[str]:
    """Absolute dotted names; `from a import b` counts as a.b, for b may be a module."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = origin(node, package_of(path))
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names
