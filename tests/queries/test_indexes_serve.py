"""Conditions on text reach the database in a form for which it may use an index."""

from django.db.models import Q

from bigpandamon_core.domain.conditions import Not, Op, Test
from bigpandamon_core.panda.jobs import JobsArchived4
from bigpandamon_core.queries.jobs import TEXTS
from bigpandamon_core.queries.matching import SameText
from bigpandamon_core.queries.where import where


def test_no_comparison_of_text_is_compared_again_with_true(oracle_compiler_without_server, panda_tables):
    """On MySQL no index served such a condition: each job page read whole tables; Oracle refuses it."""
    like = where(Not(Test("jobmetrics", Op.LIKE, ("", "nGPU=", ""))), TEXTS)
    rows = JobsArchived4.objects.filter(Q(SameText("computingsite", "SITE")) & like).values_list("pandaid")
    statement = oracle_compiler_without_server.statement(rows)
    assert '"COMPUTINGSITE" = :arg0' in statement.text
    assert set(statement.binds.values()) == {"SITE", "%nGPU=%"}
    assert "CASE" not in statement.text
