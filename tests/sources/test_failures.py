"""Failures told apart by what each database really says; Oracle's by what its driver documents."""

from datetime import datetime, timedelta

import pytest
from django.db import (
    DatabaseError,
    DataError,
    Error,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connections,
)
from django.test import override_settings

from bigpandamon_core.domain import window
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.sources import failures, reading
from bigpandamon_core.sources.failure_codes import Failure, codes_of, kind_of

STATEMENTS = {
    Failure.ABSENT: (
        "SELECT 1 FROM nobody_has_this",
        "SELECT nobody_has_this FROM (SELECT 1 AS one) AS found",
    ),
    Failure.OURS: ("SELEC 1", "SELECT 1 +"),
}
NOON = datetime(2026, 3, 1, 12)
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
SLOW = {
    "sqlite": ENDLESS,
    "mysql": "SELECT SLEEP(5)",
    "postgresql": "SELECT pg_sleep(5)",
}
LIMITS = {"mysql": "max_statement_time = 0.2", "postgresql": "statement_timeout = 200"}
"""How sessions are told what the setting says when they begin."""


@pytest.fixture(autouse=True)
def _anew():
    yield
    for alias in ("panda", "default"):
        failures.answered(alias)


def problem_of(statement: str) -> Problem:
    connection = connections["panda"]
    connection.ensure_connection()
    if limit := LIMITS.get(connection.vendor):
        connection.connection.cursor().execute(f"SET {limit}")
    with override_settings(PANDA_STATEMENT_SECONDS=0.2), pytest.raises(Problem) as met:
        execute(f"/* health.ping */ {statement}")
    connection.close()
    return met.value


def execute(statement: str) -> None:
    with reading._translated(), connections["panda"].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("kind", "statement"), [(kind, statement) for kind, found in STATEMENTS.items() for statement in found]
)
def test_what_a_database_refuses(panda, kind, statement):
    problem = problem_of(statement)
    assert problem.code == kind.code
    assert problem.status == (500 if kind is Failure.OURS else 503)
    assert not failures.passes(problem)
    assert "nobody_has_this" not in str(problem)


def test_a_statement_over_its_limit(panda):
    problem = problem_of(SLOW[connections["panda"].vendor])
    assert (problem.code, problem.status) == (Failure.SLOW.code, 503)
    assert failures.passes(problem)
    assert "shorter window" in problem.remedy


def test_a_database_that_is_not_there_is_told_since_when(panda, monkeypatch):
    def refuse(*_arguments, **_more):
        raise OperationalError("cannot connect")

    connections["panda"].close()
    monkeypatch.setattr(connections["panda"], "connect", refuse)
    told = []
    for _ in range(2):
        with pytest.raises(Problem) as met, reading.snapshot():
            pass
        told.append(met.value)
    assert told[0] == told[1]
    assert told[0].code == Failure.UNREACHABLE.code
    assert told[0].retry_after_seconds
    assert not failures.was_lost(told[0])


# --- by code alone


class OracleWords:
    """As python-oracledb gives them."""

    def __init__(self, code: int, full_code: str):
        self.code, self.full_code = code, full_code


def raised(kind: type[Error], *arguments: object, **attributes: object) -> Error:
    """An error of Django's with the driver's behind it."""
    cause = Exception(*arguments)
    for name, value in attributes.items():
        setattr(cause, name, value)
    error = kind("words of the driver")
    error.__cause__ = cause
    return error


CASES = [
    ("mysql", raised(OperationalError, 1969, "…"), Failure.SLOW),
    ("mysql", raised(OperationalError, 3024, "…"), Failure.SLOW),
    ("mysql", raised(ProgrammingError, 1146, "…"), Failure.ABSENT),
    ("mysql", raised(OperationalError, 1054, "…"), Failure.ABSENT),
    ("mysql", raised(OperationalError, 1142, "…"), Failure.FORBIDDEN),
    ("mysql", raised(OperationalError, 2006, "…"), Failure.LOST),
    ("mysql", raised(OperationalError, 2013, "…"), Failure.LOST),
    ("mysql", raised(InterfaceError, 0, ""), Failure.LOST),
    ("mysql", raised(OperationalError, 1205, "…"), Failure.BUSY),
    ("mysql", raised(ProgrammingError, 1064, "…"), Failure.OURS),
    ("mysql", raised(DataError, 1264, "…"), Failure.OURS),
    ("postgresql", raised(OperationalError, "…", sqlstate="57014"), Failure.SLOW),
    ("postgresql", raised(ProgrammingError, "…", sqlstate="42P01"), Failure.ABSENT),
    ("postgresql", raised(ProgrammingError, "…", sqlstate="42703"), Failure.ABSENT),
    ("postgresql", raised(ProgrammingError, "…", sqlstate="42501"), Failure.FORBIDDEN),
    ("postgresql", raised(OperationalError, "…", sqlstate="57P01"), Failure.LOST),
    ("postgresql", raised(OperationalError, "…", sqlstate=None), Failure.LOST),
    ("postgresql", raised(OperationalError, "…", sqlstate="40001"), Failure.BUSY),
    ("postgresql", raised(ProgrammingError, "…", sqlstate="42601"), Failure.OURS),
    ("oracle", raised(DatabaseError, OracleWords(942, "ORA-00942")), Failure.ABSENT),
    ("oracle", raised(DatabaseError, OracleWords(904, "ORA-00904")), Failure.ABSENT),
    ("oracle", raised(DatabaseError, OracleWords(1031, "ORA-01031")), Failure.FORBIDDEN),
    ("oracle", raised(OperationalError, OracleWords(0, "DPY-4024")), Failure.SLOW),
    ("oracle", raised(OperationalError, OracleWords(3113, "ORA-03113")), Failure.LOST),
    ("oracle", raised(InterfaceError, OracleWords(0, "DPY-1001")), Failure.LOST),
    ("sqlite", raised(OperationalError, "…", sqlite_errorname="SQLITE_INTERRUPT"), Failure.SLOW),
    ("sqlite", raised(OperationalError, "…", sqlite_errorname="SQLITE_BUSY"), Failure.BUSY),
    ("sqlite", raised(OperationalError, "…", sqlite_errorname="SQLITE_CANTOPEN"), Failure.UNREACHABLE),
    ("sqlite", raised(DatabaseError, "…", sqlite_errorname="SQLITE_CORRUPT"), Failure.UNREACHABLE),
]


@pytest.mark.parametrize(("vendor", "error", "kind"), CASES)
def test_kinds_by_code(vendor, error, kind):
    assert kind_of(vendor, error, connected=True) is kind


@pytest.mark.parametrize(
    ("vendor", "error"),
    [
        ("mysql", raised(OperationalError, 2002, "…")),
        ("postgresql", raised(OperationalError, "…", sqlstate=None)),
        ("oracle", raised(OperationalError, OracleWords(0, "DPY-6005"))),
        ("sqlite", raised(OperationalError, "…", sqlite_errorname="SQLITE_CANTOPEN")),
    ],
)
def test_no_connection_could_be_made(vendor, error):
    assert kind_of(vendor, error, connected=False) is Failure.UNREACHABLE


def test_a_closed_connection_without_a_cause():
    assert kind_of("postgresql", InterfaceError("connection already closed"), connected=True) is Failure.LOST
    assert codes_of(InterfaceError("connection already closed")) == frozenset()


def test_text_that_looks_like_a_code_is_none():
    error = raised(OperationalError, "1969 statement timeout 57014", sqlstate=None)
    assert kind_of("postgresql", error, connected=True) is Failure.LOST


def test_every_kind_has_words():
    assert len({kind.code for kind in Failure}) == len(Failure)


def test_an_outage_that_nobody_saw_the_end_of_is_not_told_again():
    minute = timedelta(minutes=1)
    moments, told = [NOON, NOON + minute, NOON + 3 * minute, NOON + 6 * minute], []
    for moment in moments:
        window.set_clock(iter((moment, moment)).__next__)
        told.append(failures.silent_since("panda"))
    window.set_clock(None)
    assert told == [NOON, NOON, NOON, NOON + 6 * minute]
