"""Figures held against floors and goals."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measures import Measured
from benchmarks.references import FIGURES, UPSTREAM

GOALS = Path(__file__).with_name("goals.toml")
SCALED = ("ms", "MB", "kB")
"""Units of figures whose floors hold at scale 1 only."""
MORE = ("times", "of bare", "1/s")
"""Units of figures of which more is better."""


@dataclass(frozen=True)
class Judged:
    """reference: what another way takes, against: which. ratio: how many times better than it we are. floor:
    the worst that is accepted, goal: where we want to be. ok: None where there is no floor for it."""

    measure: str
    value: float
    unit: str
    reference: float | None = None
    against: str = ""
    floor: float | None = None
    goal: float | None = None
    judged: bool = True

    @property
    def ratio(self) -> float | None:
        return self.reference / self.value if self.reference and self.value else None

    @property
    def ok(self) -> bool | None:
        """Whether the figure keeps to its floor."""
        if self.floor is None or not self.judged:
            return None
        return self._keeps_to(self.floor)

    @property
    def reached(self) -> bool | None:
        if self.goal is None or not self.judged:
            return None
        return self._keeps_to(self.goal)

    def _keeps_to(self, bound: float) -> bool:
        return self.value >= bound if self.unit in MORE else self.value <= bound

    @property
    def record(self) -> dict[str, Any]:
        names = ("measure", "value", "unit", "reference", "against", "ratio", "floor", "goal", "ok")
        return {name: _rounded(getattr(self, name)) for name in names}


def _rounded(value: Any) -> Any:
    return round(value, 2) if isinstance(value, float) else value


def judged(measured: Iterable[Measured], whole: bool) -> list[Judged]:
    """whole: measured at scale 1 on a database server, so that all floors hold."""
    goals: Mapping[str, Mapping[str, float]] = tomllib.loads(GOALS.read_text())
    return [
        Judged(
            each.name,
            each.value,
            each.unit,
            reference=FIGURES.get(each.name),
            against=UPSTREAM if each.name in FIGURES else "",
            floor=goals.get(each.name, {}).get("floor"),
            goal=goals.get(each.name, {}).get("goal"),
            judged=whole or each.unit not in (*SCALED, "times"),
        )
        for each in measured
    ]
