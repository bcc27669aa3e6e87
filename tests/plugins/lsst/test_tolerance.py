"""Failures against the table of tolerated ones."""

from time import monotonic

import pytest

from bigpandamon_lsst.tolerance import (
    LONGEST_PATTERN,
    Error,
    Failure,
    Pattern,
    Verdict,
    holds,
    judged,
    pieces,
    verdict,
)

NAN = "cannot convert float NaN to integer"


def row(
    name: str = "nan",
    pattern: str = NAN,
    pipetask: str = "calibrate",
    resolved: bool = False,
    rescue: bool = False,
    intensity: float = 0.001,
) -> Pattern:
    return Pattern("pilot", 1305, name, pieces(pattern), pipetask, "DM-1", resolved, rescue, intensity)


def failure(text=f"Failed to execute payload:{NAN}", label="calibrate", component="pilot", code=1305):
    return Failure(1, label, (Error(component, code, text),))


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("PSF at (.*) has an invalid FWHM", "PSF at (10.5, 3) has an\n invalid FWHM value of nan", True),
        ("PSF at (.*) has an invalid FWHM", "PSF at 10.5 has an invalid FWHM", False),
        ("[Errno 11] Resource temporarily", "caught: [Errno 11] Resource temporarily unavailable", True),
        ("[Errno 11] Resource temporarily", "caught: E Resource temporarily", False),
        ("from .* to .*.", "from 1 to 2.", True),
        ("from .* to .*.", "to 2. from 1", False),
        ('File \\"src/a.cc\\", line .*\\nEnd', 'File "src/a.cc", line 12 End', True),
        ("(380, 40)", "KeyError: (380, 40)", True),
        ("lost heartbeat", "Lost heartbeat", False),
    ],
)
def test_patterns(pattern, text, found):
    assert holds(text, pieces(pattern)) is found


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"line \d+", r"not \d"),
        ("line [0-9]+", "not .0-9"),
        ("this|that", "not |"),
        (".*", "a text to look for"),
        ("", "a text to look for"),
        ("a" * (LONGEST_PATTERN + 1), "at most"),
    ],
)
def test_patterns_that_would_be_read_otherwise(pattern, why):
    with pytest.raises(ValueError, match=why.replace("\\", "\\\\").replace("|", "[|]")):
        pieces(pattern)


def test_no_text_takes_long():
    begin = monotonic()
    assert not holds("a " * 100_000, pieces("a.*" * 300 + "b"))
    assert monotonic() - begin < 0.5


@pytest.mark.parametrize(
    ("more", "lost", "found"),
    [
        ({}, 1, Verdict.ACCEPTED),
        ({}, 2, Verdict.REVIEW),
        ({"intensity": 0.0}, 1, Verdict.REVIEW),
        ({"rescue": True, "intensity": 0.0}, 1, Verdict.RESCUE),
        ({"resolved": True, "rescue": True}, 1, Verdict.REVIEW),
        ({"pipetask": ""}, 1, Verdict.ACCEPTED),
        ({"pipetask": "detection"}, 1, Verdict.REVIEW),
    ],
)
def test_verdicts(more, lost, found):
    [one] = judged([failure()] * lost, [row(**more)], {"calibrate": 1000})
    assert (one.verdict, one.count, one.returned) == (found, lost, more.get("resolved", False))
    assert verdict([one]) is found


def test_each_failure_counts_once_and_the_worst_comes_first():
    table = [row(), row("all", pattern="NaN", pipetask=""), row("heart", "lost", pipetask="", rescue=True)]
    failures = [
        *[failure()] * 3,
        *[failure("lost heartbeat", "isr")] * 2,
        failure("something new"),
        failure(code=1099),
        failure("NaN", "isr"),
    ]
    found = list(judged(failures, table, {"calibrate": 10_000, "isr": 10_000}))
    assert sum(one.count for one in found) == len(failures)
    told = [(one.verdict, one.count, one.pattern and one.pattern.name) for one in found]
    assert told == [
        (Verdict.REVIEW, 1, None),
        (Verdict.REVIEW, 1, None),
        (Verdict.RESCUE, 2, "heart"),
        (Verdict.ACCEPTED, 3, "nan"),
        (Verdict.ACCEPTED, 1, "all"),
    ]
    assert verdict(found) is Verdict.REVIEW
    assert verdict([]) is Verdict.ACCEPTED


def test_of_several_errors_the_one_that_is_known_counts():
    several = Failure(1, "calibrate", (Error("transform", 1, ""), Error("pilot", 1305, NAN)))
    [one] = judged([several], [row()], {"calibrate": 1000})
    assert (one.component, one.code, one.verdict) == ("pilot", 1305, Verdict.ACCEPTED)
    [other] = judged([several, Failure(2, "isr", ())][:1], [], {})
    assert (other.component, other.code, other.verdict) == ("transform", 1, Verdict.REVIEW)
    [silent] = judged([Failure(1, "isr", ())], [row()], {})
    assert (silent.component, silent.verdict) == ("", Verdict.REVIEW)


def test_of_a_cluster_any_pipetask_may_have_failed():
    errors = (Error("pilot", 1305, NAN),)
    for is_cluster, found in ((True, Verdict.ACCEPTED), (False, Verdict.REVIEW)):
        [one] = judged([Failure(1, "step1", errors, is_cluster)], [row()], {"step1": 1000})
        assert one.verdict is found
