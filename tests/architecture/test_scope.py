"""A point of view cannot be forgotten: payloads ask for selections and single jobs in one place."""

import re

from tests.architecture.imports import imported
from tests.architecture.repository import CORE, shown, sources

PARSE = "bigpandamon_core.domain.selection.parse"
ONE_JOB = re.compile(r"\bjob_queries\.one\(")
PLACE = "core/bigpandamon_core/payloads/scope.py"
PAYLOADS = sources(shown(CORE / "payloads"))


def test_selections_are_made_in_one_place():
    assert [shown(path) for path in PAYLOADS if PARSE in imported(path)] == [PLACE]


def test_single_jobs_are_read_in_one_place():
    assert [shown(path) for path in PAYLOADS if ONE_JOB.search(path.read_text(encoding="utf-8"))] == [PLACE]
