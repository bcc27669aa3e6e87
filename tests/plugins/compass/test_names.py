"""What names of jobs tell, and that the jobs counted are the jobs found, whatever the name."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bigpandamon_compass import names, steps
from bigpandamon_core.domain.conditions import holds

PARTS = ("production", "run", "chunk")
CONDITIONS = {"production": names.of_production, "run": names.of_run, "chunk": names.of_chunk}
TOLD = {
    "dvcs2016P09t2-2016--276187-11001-0-7-5150-1": ("dvcs2016P09t2", "276187", "11001"),
    "dvcs2016P07t1_mu+-2016--274508-12013-0-8-1-5": ("dvcs2016P07t1_mu+", "274508", "12013"),
    "bpc_stage3_mu--2017--278463-11001-4-7-90-2": ("bpc_stage3_mu-", "278463", "11001"),
    "two-words-2016--276187-11001-0-7-5150-1": ("two-words", "276187", "11001"),
    "dvcs2016P09t2-merge-mdst-276187-ch000": ("dvcs2016P09t2", "276187", "000"),
    "bpc_stage3_mu--merge-dump-276187-ch012": ("bpc_stage3_mu-", "276187", "012"),
    "two-words-merge-hist-276187-0-7-ch001": ("two-words", "276187", "001"),
}
OTHERS = (
    None, "", "hello world", "user.0123.analysis", "a-b-c", "x-check-278463-ch1",
    "dvcs-2016-276187-11001-0-7-1-1",
    "dvcs-2016--276187-11001-0-7-1", "dvcs-2016--276187-11001-0-7-5150-1-9", "-2016--276187-11001-0-7-1-1",
    "2016--276187-11001-0-7-5150-1", "a---2016--1-2-3-4-5-6", "a--b--2016--1-2-3-4-5-6",
    "a*-2016--1-2-3-4-5-6",
    "a-merge-mdst-276187", "a-merge-log-276187-ch000", "a-merge-mdst-276187-ch", "a-merge-mdst--ch000",
    "-merge-mdst-276187-ch000", "a-merge-mdst-276187-ch000-1", "a-merge-merge-mdst-276187-ch000",
    "a-merge-mdst-1-ch1-merge-mdst-1-ch1",
)  # fmt: skip
PIECES = (
    "-", "--", "-merge-", "merge", "mdst", "hist", "dump", "ch", "ch1", "-ch1", "-ch000", "2016", "27", "a",
    "mu-", "*", "-2016--", "-merge-mdst-27-ch1", "-merge-hist-27-0-7-ch1", "27-11-0-7-5-1", "7-8-9-1-2-3",
    "µ",
)  # fmt: skip
NAMES = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join)


def parts_of(name: str) -> set[str]:
    """All that may be taken for a part of a name."""
    words = name.split("-")
    joined = {"-".join(words[:length]) for length in range(1, len(words) + 1)}
    return {*words, *joined, *(word.removeprefix("ch") for word in words)} - {""}


@pytest.mark.parametrize(("name", "told"), TOLD.items())
def test_names_of_both_forms(name, told):
    found = names.place(name)
    assert found is not None
    assert (found.production, found.run, found.chunk) == told


@pytest.mark.parametrize("name", OTHERS)
def test_names_of_no_form_tell_nothing(name):
    assert names.place(name) is None
    assert holds(names.nameless("Not specified"), {"jobname": name})


@given(NAMES)
@example("mu--2016--2016-2016-0-7-5-1")
@example("a-merge-mdst-a-ch1-ch1")
@example("276187-276187--276187-276187-276187-276187-276187-276187")
def test_the_condition_takes_the_jobs_whose_name_tells_the_value(name):
    found, row = names.place(name), {"jobname": name}
    assert holds(names.nameless("Not specified"), row) == (found is None)
    for part in PARTS:
        for value in parts_of(name):
            told = found is not None and getattr(found, part) == value
            assert holds(CONDITIONS[part](value), row) == told, (part, value)


@pytest.mark.parametrize("value", ["", "*", "27*", "a-b", "Not specified"])
def test_values_that_no_run_can_have_take_nothing(value):
    for name in TOLD:
        assert not holds(names.of_run(value), {"jobname": name})


def test_every_link_of_the_chain_has_words_of_its_own():
    words = [word for step in steps.STEPS for word in step.words]
    assert len(set(words)) == len(words)
    assert len(steps.STEPS) == 9
    for word in (*words, "Mass production", "runGen-00-00-02", "", None):
        told = steps.step(word)
        for name in (*steps.BY_NAME, "Not specified", "nonsense"):
            expected = name == (told or "Not specified")
            assert holds(steps.of_step(name), {"transformation": word}) == expected
