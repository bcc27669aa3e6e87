"""Parameters as they arrive: json-api facts, section 2, the list of rules for all pages."""

from urllib.parse import quote

import pytest

from bigpandamon_core.domain.parameters import MAY_BE_EMPTY, WHOLE_NUMBERS, clean, written
from bigpandamon_core.domain.problems import Problem
from tests.domain.requests import selection


@pytest.mark.parametrize(
    ("name", "given", "meant"),
    [
        ("computingsite", "Ab Cd", "Ab Cd"),
        ("computingsite", "a+b", "a b"),
        ("computingsite", "it's", "its"),
        ("computingsite", "a#b", "ab"),
        ("batchid", "55#3", "55#3"),
        ("computingsite", "a%20b", "a b"),
        ("computingsite", "a%252Bb", "a%2Bb"),
        ("computingsite", "a%2Bb", "a+b"),
        ("computingsite", "%27quoted%27", "quoted"),
        ("computingsite", "%zz", "%zz"),
        ("computingsite", " padded ", " padded "),
        ("computingsite.is", "a+b%41'#", "a+b%41'#"),
    ],
)
def test_a_value_is_cleaned(name, given, meant):
    assert clean([(name, given)]) == {name: meant}


def test_names_ignore_case_and_values_keep_it():
    assert clean([("ComputingSite", "Queue_A")]) == {"computingsite": "Queue_A"}


def test_of_a_repeated_name_the_last_wins():
    assert clean([("cloud", "A"), ("CLOUD", "B")]) == {"cloud": "B"}


@pytest.mark.parametrize("name", sorted(MAY_BE_EMPTY))
def test_some_parameters_may_be_empty(name):
    assert clean([(name, "")]) == {name: ""}


@pytest.mark.parametrize("value", ["", " ", "'", "%20", "#"])
def test_an_empty_value_is_refused(value):
    with pytest.raises(Problem, match="Empty value '' for jobstatus") as refused:
        clean([("jobstatus", value)])
    assert (refused.value.status, refused.value.parameter) == (400, "jobstatus")


SCRIPTS = ["<script>x</script>", "<SCRIPT src=x/>", "</a><x onload=javascript:1>"]


@pytest.mark.parametrize("value", SCRIPTS)
@pytest.mark.parametrize("name", ["computingsite", "computingsite.is", "nosuchname"])
def test_what_looks_like_a_script_is_refused(name, value):
    with pytest.raises(Problem, match="Illegal request") as refused:
        clean([(name, value)])
    assert f"markup out of {name}" in refused.value.remedy


@pytest.mark.parametrize("value", SCRIPTS)
def test_a_script_in_disguise_is_refused(value):
    with pytest.raises(Problem, match="Illegal request"):
        clean([("computingsite", quote(value))])


def test_words_that_hold_script_are_no_script():
    assert clean([("transformation", "run_script.py")]) == {"transformation": "run_script.py"}


@pytest.mark.parametrize("value", ["a\x00b", "a%00b", "\ud800"])
def test_characters_that_no_database_takes_are_refused(value):
    with pytest.raises(Problem, match="Illegal character"):
        clean([("jobname", value)])


@pytest.mark.parametrize("query", [f"limit={10**20}", f"pandaid={10**19}", f"pandaid=1,{10**20}"])
def test_of_a_number_too_large_the_bound_is_told(query):
    with pytest.raises(Problem) as refused:
        selection(query)
    assert refused.value.remedy == "Give a whole number of at most 9223372036854775807."


def test_endless_values_are_refused():
    with pytest.raises(Problem, match="too long"):
        clean([("jobname", "x" * 20_001)])
    assert clean([("pandaid", "1," * 50_000 + "1")])


@pytest.mark.parametrize("name", sorted(WHOLE_NUMBERS | {"corecount", "attemptnr", "reqid"}))
@pytest.mark.parametrize("value", ["abc", "1.5", "1-2", "1;2", "٣", "1 or 1", "99999999999999999999"])
def test_what_must_be_a_number_is_refused_otherwise(name, value):
    with pytest.raises(Problem, match=f"for {name}") as refused:
        selection(f"{name}={value}")
    assert (refused.value.status, refused.value.parameter) == (400, name)


@pytest.mark.parametrize(
    "name", "pandaid jeditaskid taskid reqid jobsetid corecount attemptnr minramcount".split()
)
@pytest.mark.parametrize("value", ["1", "1|2", "1,2", "-1", "Not%20specified", "1|Not%20specified", " 1 "])
def test_numbers_and_lists_of_them_are_taken(name, value):
    assert selection(f"{name}={value}").has(name)


@pytest.mark.parametrize("name", ["days", "hours", "limit", "earlierthan", "earlierthandays"])
@pytest.mark.parametrize("value", ["1|2", "Not specified", "-1"])
def test_what_must_be_one_number_takes_no_list(name, value):
    with pytest.raises(Problem, match=f"for {name}"):
        selection(f"{name}={value}")


@pytest.mark.parametrize("name", ["jobname", "taskname"])
def test_percent_is_refused_in_names(name):
    with pytest.raises(Problem, match=r"Use \* symbol for pattern search instead of %"):
        selection(f"{name}=a%2525b")
    assert selection("computingsite=a%2525b").get("computingsite") == "a%b"


@pytest.mark.parametrize("value", ["a+b", "a%41", "%", "100%25", "a b", "é😀", "a%2Bb"])
@pytest.mark.parametrize("name", ["computingsite", "computingsite.is", "batchid"])
def test_a_value_written_again_is_read_as_the_same(name, value):
    assert clean([(name, written(name, value))]) == {name: value}
