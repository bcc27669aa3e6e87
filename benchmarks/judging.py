"""Figures held against goals, and what was missed twice."""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.instance import UPSTREAM_SCALE
from benchmarks.measures import Measured

GOALS = Path(__file__).with_name("goals.toml")
SIZES = {0.1: "small", UPSTREAM_SCALE: "upstream", 1.0: "full"}
"""Names of the scales that have goals; at others nothing is judged."""


@dataclass(frozen=True)
class Goal:
    """at_least or at_most: of the ratio where there is one, else of the value."""

    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        return f">= {self.at_least:g}" if self.at_least is not None else f"<= {self.at_most:g}"

    def keeps(self, figure: float) -> bool:
        if self.at_least is not None:
            return figure >= self.at_least
        return self.at_most is not None and figure <= self.at_most


@dataclass(frozen=True)
class Judged:
    """missed_before: the goal was missed in the run before, too."""

    measured: Measured
    goal: Goal | None = None
    missed_before: bool = False

    @property
    def ok(self) -> bool | None:
        """None where there is no goal, or where what it is compared with does not count."""
        if self.goal is None or self.measured.refused:
            return None
        ratio = self.measured.ratio
        return self.goal.keeps(self.measured.value if ratio is None else ratio)

    @property
    def failed(self) -> bool:
        """Missed in two runs, one after the other."""
        return self.ok is False and self.missed_before

    @property
    def verdict(self) -> str:
        if self.measured.refused:
            return f"does not count: {self.measured.refused}"
        if self.ok is False:
            return "MISSED TWICE" if self.missed_before else "missed: measure again"
        return "ok" if self.ok else ""

    @property
    def record(self) -> dict[str, Any]:
        """As it stands in build/bench.jsonl."""
        one = self.measured
        ratio = one.ratio
        if ratio is None and one.reference and one.value:
            ratio = one.reference / one.value
        return {
            "measure": one.name,
            "value": rounded(one.value),
            "unit": one.unit,
            "reference": rounded(one.reference),
            "against": one.against,
            "ratio": rounded(ratio),
            "floor": rounded(one.floor),
            "goal": str(self.goal) if self.goal else None,
            "ok": self.ok,
            "verdict": self.verdict,
        }


def rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}") if abs(value) < 1000 else round(value)


def goals(size: str) -> dict[str, Goal]:
    """By measure; those of a size that has them."""
    table: Mapping[str, Mapping[str, Mapping[str, float]]] = tomllib.loads(GOALS.read_text())
    return {measure: Goal(**by_size[size]) for measure, by_size in table.items() if size in by_size}


def judged(measured: Iterable[Measured], size: str, missed: Path) -> list[Judged]:
    """missed: the file that remembers from run to run what was missed; this run is noted there."""
    wanted, known = goals(size), remembered(missed)
    before = set(known.get(size, ()))
    lines = [Judged(each, wanted.get(each.name), each.name in before) for each in measured]
    now_missed = {line.measured.name for line in lines if line.ok is False}
    looked_at = {line.measured.name for line in lines if line.ok is not None}
    known[size] = sorted((before - looked_at) | now_missed)
    missed.parent.mkdir(parents=True, exist_ok=True)
    missed.write_text(json.dumps(known, indent=1) + "\n")
    return lines


def unmeasured(measured: Iterable[Measured], size: str) -> list[str]:
    """Measures that have a goal and no figure, or one that does not count."""
    known = {each.name for each in measured if not each.refused}
    return sorted(set(goals(size)) - known)


def remembered(missed: Path) -> dict[str, list[str]]:
    """By size, the measures that were missed when they were measured last."""
    known: dict[str, list[str]] = json.loads(missed.read_text()) if missed.exists() else {}
    return known
