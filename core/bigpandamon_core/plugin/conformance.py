"""Is a plugin as the contract says, as far as its files tell? Part of `bigpandamon plugins --conformance`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bigpandamon_core.config import Mistake
from bigpandamon_core.plugin import examining
from bigpandamon_core.plugin.contract import Plugin

SURFACE = "bigpandamon_core.plugin"
CORE = Path(__file__).resolve().parents[1]
TEXTS = frozenset({".py", ".html", ".js", ".css", ".toml", ".csv", ".svg", ".txt"})


def mistakes(plugin: Plugin) -> tuple[Mistake, ...]:
    """Imports beside the public surface, names that core says too, and what has no word of explanation."""
    package = Path(examining.file_of(type(plugin))).parent
    return (*_imports(package), *_words(plugin), *_unexplained(plugin))


def _imports(package: Path) -> Iterator[Mistake]:
    for path in sorted(package.rglob("*.py")):
        for name in sorted(_imported(path)):
            first = name.partition(".")[0]
            own = first == package.name or first.startswith(f"{package.name}_")
            if name.startswith("bigpandamon_") and not own and not _is_surface(name):
                yield Mistake(str(path), "", f"imports of {SURFACE} only", name)


def _is_surface(name: str) -> bool:
    """A name of the surface itself; what lies deeper may move."""
    return name == SURFACE or (name.startswith(f"{SURFACE}.") and name.count(".") == 2)


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _words(plugin: Plugin) -> Iterator[Mistake]:
    """Whole words only: identifiers of PanDA, such as column names, may hold a name."""
    wanted = re.compile(
        "|".join(rf"\b{re.escape(word)}\b" for word in plugin.words) or r"(?!)", re.IGNORECASE
    )
    for path in sorted(CORE.rglob("*")):
        if path.suffix in TEXTS and path.is_file():
            found = wanted.search(path.read_text(encoding="utf-8"))
            if found:
                yield Mistake(str(path), "words", "no name of a plugin in core", f'"{found.group()}"')


def _unexplained(plugin: Plugin) -> Iterator[Mistake]:
    file = examining.file_of(type(plugin))
    if not (type(plugin).__doc__ or "").strip() or type(plugin).__doc__ == Plugin.__doc__:
        yield Mistake(file, "", "a docstring that says what the plugin adds", "none")
