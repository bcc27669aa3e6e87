"""No word of the contract without a line in the documentation and a use in demo_vo."""

import re
from dataclasses import fields

import pytest

import bigpandamon_core.plugin as surface
from bigpandamon_core.plugin import (
    Action,
    Column,
    Done,
    ErrorRule,
    Field,
    NavItem,
    Option,
    Parameter,
    Plugin,
    RecordKind,
    Resource,
    Section,
    Submission,
)
from bigpandamon_core.plugin.contract import WORDS
from tests.architecture.imports import imported
from tests.architecture.repository import ROOT, sources
from tests.plugins.monitors import plugin

PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
DECLARED = (Option, Field, Column, ErrorRule, Section, Resource, NavItem, Parameter, RecordKind, Action,
            Submission, Done)  # fmt: skip
PARTS = [(one, field.name) for one in DECLARED for field in fields(one)]
UNUSED = {
    ("Option", "choices"), ("Option", "rule"), ("Field", "columns"), ("Field", "values"),
    ("Column", "kind"), ("Parameter", "where"),
}  # fmt: skip
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sources("tests/demo_vo"))


def documented(word: str) -> bool:
    return re.search(rf"`{re.escape(word)}(\(|=|`)", PAGE) is not None


@pytest.mark.parametrize("word", [*WORDS, *surface.__all__])
def test_every_word_is_documented(word):
    assert documented(word)


@pytest.mark.parametrize(("kind", "part"), PARTS, ids=lambda one: getattr(one, "__name__", one))
def test_every_part_of_a_declaration_is_documented(kind, part):
    assert documented(part)


@pytest.mark.parametrize("word", WORDS)
def test_demo_vo_says_every_word(word):
    assert getattr(plugin("demo_vo"), word) != getattr(Plugin, word)


@pytest.mark.parametrize("name", surface.__all__)
def test_demo_vo_uses_every_name(name):
    used = {one for path in sources("tests/demo_vo") for one in imported(path)}
    assert f"bigpandamon_core.plugin.{name}" in used


def test_quiet_vo_says_almost_nothing():
    said = {word for word in WORDS if getattr(plugin("quiet_vo"), word) != getattr(Plugin, word)}
    assert said == {"name", "title", "api", "words", "scope", "sections"}


def test_the_surface_gives_what_it_lists():
    public = {name for name in vars(surface) if not name.startswith("_")}
    assert set(surface.__all__) <= public
    assert [name for name in surface.__all__ if not documented(name)] == []
