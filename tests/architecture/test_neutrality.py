"""Core says no name of an experiment, a site or a laboratory; each plugin says which names those are."""

import ast
import re
from pathlib import Path

import pytest

from setup import DISTRIBUTIONS
from tests.architecture.repository import ROOT, files, shown

PLUGINS = [row for row in DISTRIBUTIONS if row.plugin]
SUFFIXES = {".py", ".html", ".js", ".css", ".toml", ".csv", ".svg", ".txt", ".json", ".sql", ".yaml"}
NOT_OF_CORE = ("tests/architecture/", "tests/packaging/", "tests/plugins/")

PANDA_IDENTIFIERS = (
    "atlas_site",
    "atlas_panda",
    "atlas_pandaarch",
    "atlas_pandameta",
    "atlas_deft",
    "atlas_pandabigmon",
    "condor_history",
)
"""Names that PanDA itself gives to columns and table owners."""


def words_of(source: str) -> list[str]:
    """The `words` of the plugin class in a plugin.py."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == ["words"]:
            return list(ast.literal_eval(node.value))
    return []


def plugin_words(key: str) -> list[str]:
    return words_of((ROOT / key / f"bigpandamon_{key}" / "plugin.py").read_text(encoding="utf-8"))


def pattern(words: set[str]) -> re.Pattern[str]:
    """The words as whole words; an underscore or a digit beside them does not hide them."""
    anyone = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(rf"(?<![a-z])({anyone})(?![a-z])", re.IGNORECASE)


FORBIDDEN = {row.key for row in PLUGINS} | {word for row in PLUGINS for word in plugin_words(row.key)}
NAMES = pattern(FORBIDDEN)
ALLOWED = re.compile("|".join(rf"\b{name}\b" for name in PANDA_IDENTIFIERS), re.IGNORECASE)


def names_in(text: str) -> list[str]:
    return NAMES.findall(ALLOWED.sub(" ", text))


def complaints(path: Path) -> list[str]:
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [f"{shown(path)}:{number}: {name}" for number, line in lines for name in names_in(line)]


def neutral_files() -> list[Path]:
    return [
        path
        for path in files("core", "tests")
        if path.suffix in SUFFIXES and not shown(path).startswith(NOT_OF_CORE)
    ]


def test_core_names_nobody():
    assert [complaint for path in neutral_files() for complaint in complaints(path)] == []


@pytest.mark.parametrize("row", PLUGINS, ids=lambda row: row.key)
def test_plugin_lists_its_own_name(row):
    assert row.key in plugin_words(row.key)


def test_whole_words_are_found_and_parts_are_not():
    word = sorted(FORBIDDEN)[0]
    assert names_in(f"the {word.upper()} site, {word}_page, {word}2") == [word.upper(), word, word]
    assert names_in(f"{word}release and x{word}") == []


def test_identifiers_of_panda_are_no_names():
    assert names_in(" ".join(PANDA_IDENTIFIERS)) == []
