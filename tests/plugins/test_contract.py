"""Everything that can be wrong with a plugin is told, at once, with the file and the nearest right word."""

from dataclasses import replace
from typing import Any

import pytest

from bigpandamon_core.config import ConfigurationErrors, Option
from bigpandamon_core.plugin import Column, ErrorRule, Field, NavItem, PeriodicTask
from bigpandamon_core.plugin.loading import load
from tests.plugins.monitors import announced, configured, plugin
from tests.plugins.right import DERIVED, Right, complaints, showing

TASK = PeriodicTask("right-index", "Index.", 60, lambda turn: "well")
SCOPE = "scope.jobs: expected a condition in the request language"


def test_nothing_is_wrong_with_little(tmp_path):
    assert complaints(tmp_path) == []
    assert complaints(tmp_path, **showing(), fields=(DERIVED,), nav=(NavItem("List", "right-list"),)) == []


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a word nobody knows": (
        {"fieds": ()},
        'fieds: expected a word of the contract, found "fieds"; did you mean fields?',
    ),
    "a method": (
        {"ready": lambda self: None},
        'ready: expected a word of the contract, found "ready"',
    ),
    "a list": ({"fields": [DERIVED]}, "fields: expected a tuple of Field, found list"),
    "a text for a tuple": ({"words": "right"}, "words: expected a tuple of texts, found str"),
    "something else in a tuple": ({"nav": ("List",)}, "nav: expected a tuple of NavItem, found tuple"),
    "no number": ({"api": "1"}, "api: expected a whole number, found str"),
    "scope of texts": ({"scope": {"jobs": 5}}, "scope: expected a text by noun, found dict"),
    "panels that are none": (
        {"panels": {"jobs": ("a",)}},
        "panels: expected a tuple of Panel by noun, found dict",
    ),
    "columns of columns": (
        {"columns": {"jobs": ("a",)}},
        "columns: expected a tuple of Column by noun, found dict",
    ),
    "another contract": (
        {"api": 2},
        "api: expected 1, found 2; install the release of the plugin that fits this core",
    ),
    "no contract": ({"api": 0}, "api: expected 1, found 0; say api = 1"),
    "no title": ({"title": ""}, 'title: expected a name for people, found ""'),
    "another name": ({"name": "wrong"}, 'name: expected "right", as in its entry point, found "wrong"'),
    "its own word": ({"words": ("other",)}, 'words: expected "right" among them, found it is missing'),
    "a task that is not its own": (
        {"tasks": (TASK, replace(TASK, name="index"))},
        'tasks.index: expected a name that begins with right, found "index"',
    ),
    "a task twice": (
        {"tasks": (TASK, TASK)},
        "tasks.right-index: expected each task once, found it is declared twice",
    ),
    "a task that nobody can explain": (
        {"tasks": (replace(TASK, help=""),)},
        'tasks.right-index: expected a help text, found ""',
    ),
    "a task without rest": (
        {"tasks": (replace(TASK, every_seconds=9),)},
        "tasks.right-index: expected at least 10 seconds from run to run, found 9",
    ),
    "a task without time": (
        {"tasks": (replace(TASK, limit_seconds=0),)},
        "tasks.right-index: expected a limit of its time, found 0",
    ),
    "a task that does nothing": (
        {"tasks": (PeriodicTask("right-index", "Index.", 60, "index"),)},  # type: ignore[arg-type]
        "tasks.right-index: expected a function that runs it, found 'index'",
    ),
    "a task with tables of others": (
        {"tasks": (replace(TASK, apps=("bigpandamon_left",)),)},
        "tasks.right-index: expected apps said once, by the plugin, found ('bigpandamon_left',)",
    ),
    "no task": ({"tasks": (print,)}, "tasks: expected a tuple of PeriodicTask, found tuple"),
    "a capital word": ({"words": ("right", "Left")}, 'words: expected names in small letters, found "Left"'),
    "a family nobody knows": (
        {"needs": ("harvestr",)},
        'needs: expected a family of PanDA tables, found "harvestr"; did you mean harvester?',
    ),
    "itself": ({"requires": ("right",)}, "requires: expected other plugins, found itself"),
    "a plugin that is not there": (
        {"requires": ("left",)},
        "requires: expected the plugin left to be active, found it is not",
    ),
    "an option of the switch": (
        {"options": (Option("scope.jobs", str, "", "Scope."),)},
        'options.scope.jobs: expected another key than enabled and scope, found "scope.jobs"',
    ),
    "a default that does not fit": (
        {"options": (Option("hours", int, "8", "Hours."),)},
        'options.hours: expected a default that is a whole number, found "8"',
    ),
    "an option without help": (
        {"options": (Option("hours", int, 8, ""),)},
        'options.hours: expected a help text, found ""',
    ),
    "a foreign field": (
        {"fields": (replace(DERIVED, name="kind"),)},
        'fields.kind: expected a name that begins with right_, found "kind"',
    ),
    "a field of no column": (
        {"fields": (Field("right_kind", "Kind."),)},
        "fields.right_kind: expected columns of jobs, found right_kind",
    ),
    "a field twice": (
        {"fields": (DERIVED, DERIVED)},
        "fields.right_kind: expected a name that is free, found it is taken",
    ),
    "a derived field nobody can ask for": (
        {"fields": (replace(DERIVED, exactly=None),)},
        "fields.right_kind: expected exactly, the condition for a value as shown, found none",
    ),
    "a field of several columns": (
        {"fields": (replace(DERIVED, columns=("vo", "cloud")),)},
        "fields.right_kind: expected one column that it is derived from, found 2",
    ),
    "a name in a field": (
        {"fields": (Field("right_who", "Who.", column="produsername"),)},
        "fields.right_who: expected personal=True for what comes from a person's data, found personal=False",
    ),
    "a column of no field": (
        {"fields": (DERIVED,), "columns": {"jobs": (Column("right_knd", "Kind"),)}},
        'columns.jobs.right_knd: expected the name of one of the plugin\'s fields, found "right_knd"; '
        "did you mean right_kind?",
    ),
    "a column of no noun": (
        {"columns": {"job": ()}},
        'columns: expected a noun, found "job"; did you mean jobs?',
    ),
    "a sort of no column": (
        {"fields": (DERIVED,), "columns": {"jobs": (Column("right_kind", "Kind", sort="right_kind"),)}},
        'columns.jobs.right_kind: expected a column of jobs to sort by, found "right_kind"',
    ),
    "a field of jobs elsewhere": (
        {"fields_of": {"jobs": (DERIVED,)}},
        "fields_of: expected fields of other nouns than jobs, found jobs; declare those in fields",
    ),
    "a field of no noun": (
        {"fields_of": {"taks": ()}},
        'fields_of: expected a noun, found "taks"; did you mean tasks?',
    ),
    "no field of a noun": (
        {"fields_of": {"tasks": ("a",)}},
        "fields_of: expected a tuple of Field by noun, found dict",
    ),
    "a field of no column of tasks": (
        {"fields_of": {"tasks": (replace(DERIVED, column="computingsite"),)}},
        "fields_of.tasks.right_kind: expected columns of tasks, found computingsite",
    ),
    "a name in a field of tasks": (
        {"fields_of": {"tasks": (Field("right_who", "Who.", column="username"),)}},
        "fields_of.tasks.right_who: expected personal=True for what comes from a person's data, "
        "found personal=False",
    ),
    "a column of another noun's field": (
        {"fields": (DERIVED,), "columns": {"tasks": (Column("right_kind", "Kind"),)}},
        'columns.tasks.right_kind: expected the name of one of the plugin\'s fields, found "right_kind"',
    ),
    "a sort of no column of tasks": (
        {
            "fields_of": {"tasks": (DERIVED,)},
            "columns": {"tasks": (Column("right_kind", "Kind", sort="computingsite"),)},
        },
        'columns.tasks.right_kind: expected a column of tasks to sort by, found "computingsite"',
    ),
    "a scope of tasks that asks for jobs": (
        {"scope": {"tasks": "computingsite=ONE"}},
        'scope.tasks: expected a condition in the request language, found "computingsite=ONE"; Unknown '
        "parameter computingsite",
    ),
    "a scope of tasks that moves": (
        {"scope": {"tasks": "vo=one&statenotupdated=5"}},
        'scope.tasks: expected a condition in the request language, found "vo=one&statenotupdated=5"; It '
        "changes with time. Leave out statenotupdated.",
    ),
    "a component nobody knows": (
        {"error_rules": (ErrorRule("pilt", (1,), "Retry."),)},
        'error_rules.0: expected a component, found "pilt"; did you mean pilot?',
    ),
    "a rule that says nothing": (
        {"error_rules": (ErrorRule("pilot", (1,)),)},
        "error_rules.0: expected advice, a meaning or a kind, found none of them",
    ),
    "a scope nobody can read": (
        {"scope": {"jobs": "vo=one&speed=5"}},
        f'{SCOPE}, found "vo=one&speed=5"; Unknown parameter speed',
    ),
    "a scope that is no condition": (
        {"scope": {"jobs": "vo=one&hours=5"}},
        f'{SCOPE}, found "vo=one&hours=5"; hours is no condition. A scope only filters.',
    ),
    "a scope that moves": (
        {"scope": {"jobs": "durationmin=5-10"}},
        'scope.jobs: expected a condition in the request language, found "durationmin=5-10"; It changes '
        "with time. Leave out durationmin and single tasks.",
    ),
    "an empty scope": (
        {"scope": {"jobs": " "}},
        f'{SCOPE}, found " "; It has no condition. Write it like',
    ),
    "a scope of no noun": (
        {"scope": {"job": "vo=one"}},
        'scope: expected a noun, found "job"; did you mean jobs?',
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_it_is_told(what, tmp_path):
    words, expected = WRONG[what]
    told = complaints(tmp_path, **words)
    assert [line for line in told if line.startswith(expected)], told


def test_all_complaints_are_told_together(tmp_path):
    told = complaints(
        tmp_path, api=3, words=(), needs=("x",), fields=(replace(DERIVED, help=""),), **showing(help="")
    )
    assert [line.partition(":")[0] for line in told] == [
        "api",
        "words",
        "needs",
        "fields.right_kind",
        "sections.right.right-list",
    ]


@pytest.mark.parametrize("name", ["jobs", "api", "static", "health", "find"])
def test_an_address_of_core_is_no_name(name, tmp_path):
    found = type("Taken", (Right,), {"__doc__": "Taken.", "name": name, "words": (name,)})
    with pytest.raises(ConfigurationErrors, match="expected a name that is no address of core"):
        load(configured(tmp_path, {name: "enabled = true\n"}), [announced(found, name)])


def test_no_plugin_at_all(tmp_path):
    with pytest.raises(
        ConfigurationErrors, match=r"expected a subclass of bigpandamon_core\.plugin\.Plugin, found dict"
    ):
        load(configured(tmp_path, {"right": "enabled = true\n"}), [announced({}, "right")])


def test_a_loaded_plugin_is_frozen():
    one = plugin("demo_vo")()
    with pytest.raises(AttributeError, match="frozen once it is loaded: scope cannot be set"):
        one.scope = {}
    with pytest.raises(AttributeError, match="frozen"):
        del one.scope
    with pytest.raises(TypeError):
        one.scope["jobs"] = "vo=other"  # type: ignore[index]  # that is what is tried
    assert one.scope["jobs"] == "vo=zephyr&computingsite=ZEPHYR_*"


def test_what_is_changed_later_has_no_effect():
    found: Any = type("Changed", (Right,), {"scope": {"jobs": "vo=one"}})
    one = found()
    found.scope = {"jobs": "vo=other"}
    assert one.scope == {"jobs": "vo=one"}
