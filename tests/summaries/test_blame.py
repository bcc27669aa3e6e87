"""What is to blame, and what is new: against numbers worked out by hand."""

from bigpandamon_core.domain.fields import Field
from bigpandamon_core.summaries.blame import suspects
from bigpandamon_core.summaries.error_changes import Change, changed
from bigpandamon_core.summaries.jobs import Attribute, Key, ValueCount

SITE, NODE = Field("site", "Site."), Field("node", "Node.")


def attribute(field, *values):
    return Attribute(field, [ValueCount(name, jobs, failed, jobs - failed) for name, jobs, failed in values])


def test_a_value_that_failures_have_more_often_is_told_with_its_lift():
    ended = attribute(SITE, ("A", 1000, 100), ("B", 900, 9), ("C", 100, 91))
    found = suspects([ended], {"site": ended}, 200, 2000)
    [one] = found
    assert (one.value, one.failures, one.ended) == ("C", 91, 100)
    assert (one.share, one.share_of_all) == (91 / 200, 100 / 2000)
    assert one.lift == (91 / 200) / (100 / 2000)


def test_the_highest_lift_comes_first_and_small_numbers_do_not_shout():
    sites = attribute(SITE, ("A", 1000, 300), ("B", 9000, 300), ("C", 3, 3))
    nodes = attribute(NODE, ("n1", 100, 100), ("n2", 9903, 503))
    found = suspects([sites, nodes], {"site": sites, "node": nodes}, 603, 10003)
    assert [one.value for one in found] == ["n1", "A"]
    assert found[0].lift > found[1].lift > 1


def test_values_that_as_many_jobs_have_are_one():
    sites = attribute(SITE, ("A", 50, 50), ("B", 950, 10))
    nodes = attribute(NODE, ("n1", 50, 50), ("n2", 950, 10))
    [one] = suspects([sites, nodes], {"site": sites, "node": nodes}, 60, 1000)
    assert (one.field, one.value, one.alike) == ("node", "n1", (("site", "A"),))


def test_two_values_of_a_field_are_never_one():
    """No job is at both, however equal their counts; whoever else has as many stands beside one of them."""
    sites = attribute(SITE, ("A", 50, 50), ("B", 50, 50), ("C", 900, 10))
    nodes = attribute(NODE, ("n1", 50, 50), ("n2", 950, 60))
    found = suspects([sites, nodes], {"site": sites, "node": nodes}, 110, 1000)
    told = [((one.field, one.value), one.alike) for one in found]
    assert told == [(("node", "n1"), (("site", "A"),)), (("site", "B"), ())]
    assert found[0].excess == 50 - 110 * 50 / 1000


def test_few_failures_are_told_where_they_are_asked_for():
    ended = attribute(SITE, ("A", 20, 20), ("B", 9000, 1980))
    assert suspects([ended], {"site": ended}, 2000, 9020) == []
    [one] = suspects([ended], {"site": ended}, 2000, 9020, least_share=0)
    assert one.value == "A"


def test_failures_of_one_error_are_compared_with_all_jobs():
    """In view are 40 jobs with one error; at A all jobs fail, but for other reasons."""
    failed = attribute(SITE, ("A", 2, 2), ("B", 38, 38))
    ended = attribute(SITE, ("A", 500, 500), ("B", 500, 38))
    [one] = suspects([failed], {"site": ended}, 40, 1000)
    assert (one.value, one.failures, one.ended, one.lift) == ("B", 38, 500, 1.9)


def test_what_fails_like_the_rest_is_not_to_blame():
    ended = attribute(SITE, ("A", 500, 50), ("B", 500, 52))
    assert suspects([ended], {"site": ended}, 102, 1000) == []
    assert suspects([], {}, 0, 0) == []


def test_changes_are_told_where_they_are_more_than_chance():
    new, grown, same, few, gone, shrunk = (("pilot", code) for code in range(1, 7))
    now: dict[Key, int] = {new: 50, grown: 90, same: 100, few: 2, shrunk: 10}
    before: dict[Key, int] = {grown: 30, same: 95, gone: 8, shrunk: 70}
    found = [(one.key, one.change, one.now, one.before) for one in changed(now, before)]
    assert found == [
        (grown, Change.GROWING, 90, 30),
        (new, Change.NEW, 50, 0),
        (gone, Change.GONE, 0, 8),
    ]
    assert changed({grown: 4}, {grown: 2}) == []


def test_errors_of_more_jobs_do_not_grow_by_that_alone():
    error: Key = ("pilot", 1)
    assert [one.change for one in changed({error: 300}, {error: 50})] == [Change.GROWING]
    assert changed({error: 300}, {error: 50}, growth=6) == []
    assert [one.change for one in changed({error: 100}, {error: 100}, growth=0.2)] == [Change.GROWING]
