"""Functions one can read at a glance, files one can read in a sitting."""

import ast
from pathlib import Path

from tests.architecture.repository import shown, sources

LONGEST_FUNCTION = 50
LONGEST_FILE = 300
LONG_FUNCTIONS: set[str] = set()
LONG_FILES: set[str] = set()
"""Exceptions, as `path` or `path name`, each with its reason beside it."""


def written() -> list[Path]:
    return [path for path in sources() if "migrations" not in path.parts]


def function_lengths(path: Path) -> dict[str, int]:
    """Lines of each function by `path name`, decorators left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        f"{shown(path)} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_no_long_function():
    lengths = {name: length for path in written() for name, length in function_lengths(path).items()}
    assert {name for name, length in lengths.items() if length > LONGEST_FUNCTION} == LONG_FUNCTIONS


def test_no_long_file():
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in written()}
    assert {name for name, length in lengths.items() if length > LONGEST_FILE} == LONG_FILES


def test_no_bare_except():
    bare = [
        f"{shown(path)}:{node.lineno}"
        for path in written()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert bare == []


def test_no_catch_all_module():
    names = {"util", "utils", "helper", "helpers", "misc", "common", "lib", "libs"}
    assert [shown(path) for path in sources() if path.stem in names or path.parent.name in names] == []
