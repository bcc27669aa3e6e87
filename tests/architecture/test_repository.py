"""What a clone shows of itself: commands with help, links that lead somewhere, no trace of a machine."""

import os
import re
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, files, shown

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)(.*)$", re.MULTILINE)
REGISTRY = re.compile(r"registry\.(npmjs|yarnpkg)|files\.pythonhosted|pypi\.org/simple|proxy\.golang")
MACHINE = re.compile(r"(?<![\w.~-])/(wor[k]|roo[t]|far[m]|op[t]/(pypi|wheels))/|\.pyen[v]\b")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("traces", [REGISTRY, MACHINE], ids=["package registries", "paths of one machine"])
def test_no_trace_of(traces: re.Pattern[str]):
    assert [shown(path) for path in files() if traces.search(text_of(path))] == []


@pytest.mark.parametrize("name", [name for name, _ in TARGET.findall(MAKEFILE)])
def test_target_has_help(name: str):
    assert re.search(rf"^{name}:.*## \w", MAKEFILE, re.MULTILINE)


def test_targets_are_phony():
    (phony,) = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert sorted(phony.split()) == sorted(name for name, _ in TARGET.findall(MAKEFILE))


def test_ci_does_what_the_readme_says():
    ci = ROOT / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    commands = re.findall(r"^make .*$", text_of(ci), re.MULTILINE)
    assert "make test" in commands
    assert [command for command in commands if command not in text_of(ROOT / "README.md")] == []


def test_links_lead_somewhere():
    missing = [
        f"{shown(path)}: {target}"
        for path in files()
        if path.suffix == ".md"
        for target in LINK.findall(text_of(path))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert missing == []
