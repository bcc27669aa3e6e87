"""What a plugin shows cannot be named, placed or declared wrongly without being told."""

from typing import Any

import pytest

from bigpandamon_core.plugin import NavItem, Parameter, Section, mount
from tests.plugins.right import complaints, mounting, showing

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a mount without scope": (
        mounting(mount("jobs")),
        "sections.right.mount(jobs): expected a scope for jobs, found none; "
        "say unscoped=True if every record is meant",
    ),
    "a mount with too much": (
        mounting(mount("jobs", unscoped=True), scope={"jobs": "vo=one"}),
        "sections.right.mount(jobs): expected a scope or unscoped=True, found both",
    ),
    "a mount of nothing": (
        mounting(mount("job")),
        'sections.right.mount(job): expected a noun, or a section of a plugin in requires, found "job"; '
        "did you mean jobs?",
    ),
    "tasks without their jobs": (
        mounting(mount("tasks"), scope={"tasks": "vo=one"}),
        "sections.mount(tasks): expected mount(jobs) beside it, found none",
    ),
    "a foreign section": (
        {"sections": (Section("left", "Left", ()),)},
        'sections.left: expected a name that begins with right, found "left"',
    ),
    "a foreign resource": (
        showing(name="list"),
        'sections.right.list: expected a name that begins with right, found "list"',
    ),
    "a foreign address": (
        showing(path="list/"),
        'sections.right.right-list: expected an address below right/, found "list/"',
    ),
    "an address of v1": (
        showing(path="api/v1/right/list"),
        'sections.right.right-list: expected an address below right/, found "api/v1/right/list"',
    ),
    "an address nobody can read": (
        showing(path="right/<number:it>/"),
        "sections.right.right-list: expected an address that can be read",
    ),
    "a value that views have already": (
        showing(path="right/<int:request>/"),
        'sections.right.right-list: expected values with other names than request, found "right/<int:',
    ),
    "core's addresses": (
        showing(also_at=("jobs/right/",)),
        'sections.right.right-list: expected addresses that core leaves free, found "jobs/right/"',
    ),
    "any address": (
        showing(also_at=("<path:all>",)),
        'sections.right.right-list: expected addresses that core leaves free, found "<path:all>"',
    ),
    "no access": (
        showing(access="everybody"),
        "sections.right.right-list: expected an access: read, personal, operate, administer, "
        "found 'everybody'",
    ),
    "no help": (showing(help=""), 'sections.right.right-list: expected a help text, found ""'),
    "no form": (
        showing(formats={}),
        "sections.right.right-list: expected formats among html, json, csv, ndjson, text, found none",
    ),
    "a form nobody knows": (
        showing(formats={"xml": str}),
        "sections.right.right-list: expected formats among html, json, csv, ndjson, text, found xml",
    ),
    "core's template": (
        showing(formats={"html": str}, template="bigpandamon/jobs.html"),
        "sections.right.right-list: expected a template right/… with html, and none without, "
        'found "bigpandamon/jobs.html"',
    ),
    "a template that is not there": (
        showing(formats={"html": str}, template="right/list.html"),
        "sections: expected a file templates/right/list.html, found none",
    ),
    "a foreign caching point": (
        showing(point="jobs"),
        'sections.right.right-list: expected a caching point that begins with right, found "jobs"',
    ),
    "parameters": (
        showing(parameters=[Parameter("a", "A."), "b"]),
        "sections.right.right-list: expected a tuple of Parameter, found something else",
    ),
    "an entry that opens nothing": (
        {**showing(), "nav": (NavItem("List", "right-lst"),)},
        'nav.List: expected the name of a resource it shows, found "right-lst"; did you mean right-list?',
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_it_is_told(what, tmp_path):
    words, expected = WRONG[what]
    told = complaints(tmp_path, **words)
    assert [line for line in told if line.startswith(expected)], told
