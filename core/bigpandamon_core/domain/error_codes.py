"""What error codes mean: the published list, used where the database has no description of its own."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bigpandamon_core.domain.job_errors import COMPONENTS

CATEGORIES: Mapping[int, str] = {
    0: "Uncategorised",
    1: "File and storage",
    2: "Runtime failures and resource limits",
    3: "Network and communication",
    4: "Termination and kill signals",
    5: "Software and environment",
    6: "Internal and unknown",
}


@cache
def published() -> Mapping[tuple[str, int | str], tuple[str, str]]:
    """(acronym, description) by component name, as in the error_descriptions table, and code."""
    names = {component.table_name: component.name for component in COMPONENTS}
    with files("bigpandamon_core.domain").joinpath("error_codes.csv").open(encoding="utf-8") as lines:
        return {
            (names.get(row["component"], row["component"]), int(row["code"])): (
                row["acronym"],
                row["description"],
            )
            for row in csv.DictReader(lines)
            if row["code"].lstrip("-").isdigit()
        }
