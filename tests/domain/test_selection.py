"""Selections: known and unknown names, order, limit, keys, and the way through a URL and back."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from bigpandamon_core.domain.conditions import Superseded, conjuncts, equal
from bigpandamon_core.domain.nouns import Sort
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import MOST_ROWS, Selection, parse
from bigpandamon_core.domain.vocabulary import Doubt
from bigpandamon_core.domain.window import Window, set_clock
from tests.domain.requests import HOUR, NOON, NOUN, NOW, selection


@pytest.mark.parametrize("name", ["sync", "outputs2", "nhours", "jobs", "computingsit", "nosuch.is", "queue"])
def test_unknown_names_are_ignored_and_told(name):
    asked = selection(f"{name}=1&cloud=A")
    assert asked.ignored == (name,)
    assert [one.parameter for one in asked.asked] == ["cloud"]
    assert not asked.has(name)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("computingsit", "Did you mean computingsite?"),
        ("limits", "Did you mean limit?"),
        ("xyzzy", "See the list"),
    ],
)
def test_strict_requests_refuse_unknown_names(name, remedy):
    with pytest.raises(Problem, match=f"Unknown parameter {name}") as refused:
        selection(f"{name}=1", strict=True)
    assert remedy in refused.value.remedy


@pytest.mark.parametrize(
    "name",
    """json timestamp limit display_limit fields sortby mode noarchjobs hours region
    queuestatus site errorcategory endtimerange computingsite.is""".split(),
)
def test_names_that_steer_or_look_up_are_known(name):
    words = {"endtimerange": "2026-01-01|2026-01-02", "sortby": "alpha", "mode": "nodrop"}
    value = words.get(name, "1")
    asked = selection(f"{name}={value}&jeditaskid=1")
    assert asked.ignored == ()
    assert asked.has(name)


def test_timestamp_and_display_limit_never_filter():
    assert selection("timestamp=abc&display_limit=5&json").asked == ()


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("jobstatus=faild", "Did you mean failed?"),
        ("jobstatus=running,Failed", "Did you mean failed?"),
        ("jobstatus=runn*", "Did you mean running?"),
        ("jobstatus.is=xyzzy", "Give one of pending, defined, waiting"),
        ("jobstatus=!failed", "jobstatus takes no !: list the others instead"),
        ("eventservice=x", "Give one of eventservice, esmerge"),
        ("eventservice==!x", "Give one of eventservice, esmerge"),
        ("eventservice=1|Jumbo", "Did you mean jumbo?"),
        ("active=x", "Give all."),
        ("mode=x", "Give nodrop or drop."),
        ("noarchjobs=2", "Give 1 or 0."),
        ("witherrors=2", "Give 1 or 0."),
        ("jobtype=x", "Give one of analysis"),
        ("processor_type=tpu", "Did you mean"),
        ("sortby=tim-ascending", "Did you mean time-ascending?"),
    ],
)
def test_strict_requests_refuse_words_outside_a_closed_vocabulary(query, remedy):
    with pytest.raises(Problem, match="Illegal value") as refused:
        selection(query, strict=True)
    assert remedy in refused.value.remedy
    lenient = selection(query)
    assert lenient.asked or lenient.ignored


def test_other_requests_tell_what_was_probably_meant():
    assert selection("jobstatus=faild").doubts == (Doubt("jobstatus", "faild", "failed"),)
    assert selection("jobstatus=failed|holding,Not specified").doubts == ()


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("sortby=nonsense", "sortby"),
        ("active=x", "active"),
        ("noarchjobs=2", "noarchjobs"),
        ("mode=x", "mode"),
        ("cloud=A&Cloud=B&hours=1", "cloud"),
        ("fields=a&fields=b", ""),
    ],
)
def test_what_has_no_effect_is_named_though_its_name_is_known(query, ignored):
    assert selection(query).ignored == ((ignored,) if ignored else ())


def test_a_repeated_parameter_is_refused_where_all_must_have_effect():
    with pytest.raises(Problem, match="cloud is given more than once"):
        selection("cloud=A&cloud=B", strict=True)
    assert selection("fields=a&fields=b", strict=True).fields == ("a", "b")


@pytest.mark.parametrize(
    "query",
    """eventservice=1|jumbo eventservice.is=ordinary eventservice=not2 eventservice=all jobtype=analysis*
    jobtype=*test* witherrors=0 noarchjobs=1 active=all mode=drop priorityrange=5:5 durationmin=0-0
    sortby=count""".split(),
)
def test_words_that_mean_something_pass_strict_requests(query):
    assert selection(query, strict=True).ignored == ()


@pytest.mark.parametrize("word", ["cpu", "GPU"])
def test_words_of_a_closed_vocabulary_pass(word):
    assert selection(f"processor_type={word}&jobstatus.is=subfinished", strict=True).doubts == ()


SORTS = [
    ("", Sort("modificationtime", True)),
    ("sortby=nonsense", Sort("modificationtime", True)),
    ("sortby=count", Sort("modificationtime", True)),
    ("jeditaskid=7", Sort("attemptnr", True)),
    ("jeditaskid=7&sortby=time-ascending", Sort("modificationtime")),
    ("sort=-maxpss", Sort("maxpss", True)),
    ("sort=endtime", Sort("endtime")),
    *((f"sortby={word}-{way}", Sort(column, way == "descending"))
      for word, column in {"pandaid": "pandaid", "create": "creationtime", "time": "modificationtime",
                           "statetime": "statechangetime", "priority": "currentpriority",
                           "duration": "duration", "queuetime": "queuetime", "attemptnr": "attemptnr"}.items()
      for way in ("ascending", "descending")),
]  # fmt: skip


@pytest.mark.parametrize(("query", "sort"), SORTS)
def test_order(query, sort):
    assert selection(query).sort == (sort,)


@pytest.mark.parametrize(
    "name", ["nosuch", "wn", "jobtype", "priorityrange", "durationmin", "user", "--pandaid"]
)
def test_what_is_no_column_cannot_be_sorted_by(name):
    with pytest.raises(Problem, match="Cannot sort by"):
        selection(f"sort={name}")
    assert name not in NOUN.sortable


@pytest.mark.parametrize(("query", "limit"), [("", None), ("limit=0", 0), ("limit=5", 5)])
def test_limit(query, limit):
    assert selection(query).limit == limit


def test_a_very_large_limit_is_taken():
    assert selection("limit=9223372036854775807").limit == MOST_ROWS


MODES = [
    ("jeditaskid=7", True),
    ("jeditaskid=7&mode=drop", True),
    ("jeditaskid=7&mode=nodrop", False),
    ("jeditaskid=7|8", False),
    ("jeditaskid=Not specified", False),
    ("computingsite=x", False),
    ("computingsite=x&mode=drop", False),
]


@pytest.mark.parametrize(("query", "dropped"), MODES)
def test_with_one_task_superseded_attempts_are_dropped(query, dropped):
    text = repr(list(conjuncts(selection(query).condition)))
    assert (repr(Superseded(7)) in text) is dropped


def test_missing_task_of_a_file_is_told():
    with pytest.raises(Problem, match="fileid needs the task"):
        selection("fileid=5")


QUERIES = [
    "",
    "hours=6",
    "days=3&jobstatus=failed",
    "date_from=2026-11-19&date_to=2026-11-20T01:02:03",
    "earlierthan=3",
    "jeditaskid=7",
    "jeditaskid=7&mode=nodrop&hours=3",
    "pandaid=5,6,7",
    "endtimerange=2026-11-19|2026-11-20&starttimerange=2026-11-19|2026-11-20",
    "computingsite=!a*,!b*|c&produsername=Jane+Doe",
    "nucleus=100%252525%252B%252520&batchid=1%23a",
    "computingsite.is=a%2Bb%25%27%23&wn.is=Unknown",
    "sortby=pandaid-ascending&limit=5&fields=pandaid,jobstatus",
    "durationmin=10-29&corecount=1&eventservice=not2&minramcount=2-3GB",
    "region=X&queuestatus=online&taskname=a*&username=b",
    "jobstatus=running&hours=2",
    "noarchjobs=1&active=all&date_to=2026-11-20",
]


LIFTED = ("jeditaskid=7",)
LIFTED_LATER = Window(NOON + 5 * HOUR - timedelta(days=180), NOON + 5 * HOUR)
"""Who asks for a task asks for all of it, also for what comes later."""


def parts(asked: Selection) -> set[str]:
    """What must hold, in any order."""
    return {repr(part) for part in conjuncts(asked.condition)}


@pytest.fixture
def still_clock():
    set_clock(lambda: NOW)
    yield
    set_clock(None)


@pytest.mark.parametrize("query", QUERIES)
def test_a_selection_survives_the_way_through_a_url(query, still_clock):
    asked = selection(query)
    again = selection(asked.query())
    assert parts(again) == parts(asked)
    assert (again.window, again.sort, again.limit) == (asked.window, asked.sort, asked.limit)
    assert again.parameters == asked.parameters


@pytest.mark.parametrize("query", QUERIES)
def test_an_absolute_link_means_the_same_window_later(query, still_clock):
    asked = selection(query)
    later = parse(parse_qsl(asked.query(**asked.absolute)), NOUN, NOW + 5 * HOUR)
    assert parts(later) == parts(asked)
    assert later.window == (LIFTED_LATER if query in LIFTED else asked.window)


def test_a_query_can_be_changed():
    asked = selection("jobstatus=failed&cloud=A&timestamp=1")
    assert asked.query(("cloud",), jobstatus=None, hours="3") == "hours=3"
    assert asked.query(**{"computingsite.is": "a+b"}) == "cloud=A&jobstatus=failed&computingsite.is=a%2Bb"


@pytest.mark.parametrize("query", QUERIES)
def test_the_order_of_parameters_does_not_matter(query):
    pairs = parse_qsl(query, keep_blank_values=True)
    assert parse(pairs, NOUN, NOW).key == parse(reversed(pairs), NOUN, NOW).key


def test_different_requests_have_different_keys():
    keys = [selection(query).key for query in QUERIES]
    assert len(set(keys)) == len(keys)


SAME = [("hours=24", "hours=24&timestamp=5"), ("hours=24", "HOURS=24&json"), ("", "earlierthan=0"),
        ("days=1", "date_from=2026-11-19T12:00")]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_meaning_has_one_key(one, other):
    assert selection(one).key == selection(other).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hours=12", "hours=12&active=all"),
        ("date_from=2026-11-19T10:00:01", "date_from=2026-11-19T10:00:02"),
        ("date_to=2026-11-19T10:00:01", "date_to=2026-11-19T10:00:02"),
        ("endtimerange=2026-11-19T10:00:01|2026-11-20", "endtimerange=2026-11-19T10:00:02|2026-11-20"),
        ("cloud=A", "cloud=a"),
        ("limit=1", "limit=2"),
    ],
)
def test_another_meaning_has_another_key(one, other):
    assert selection(one).key != selection(other).key


def test_a_window_that_moves_on_has_another_key():
    assert selection("hours=3", now=NOW + timedelta(seconds=1)).key != selection("hours=3", now=NOW).key


def test_a_scope_is_part_of_the_key():
    asked = selection("")
    assert replace(asked, extra=(equal("vo", "one"),)).key != asked.key
