"""Options that are tables whose keys the instance chooses."""

import json

import pytest

from bigpandamon_core.management import config as command


def test_lists_by_name(read):
    found = read('[accounts.site_roles]\nQUEUE_ONE = ["a", "b"]\n"queue two" = []\n')
    assert found.get("accounts.site_roles") == {"QUEUE_ONE": ("a", "b"), "queue two": ()}
    assert found.get("accounts.region_roles") == {}
    assert found.digest() != read("").digest()


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ('site_roles = ["a"]', "accounts.site_roles: expected a table, found a list"),
        ('site_roles = { Q = "a" }', 'accounts.site_roles.Q: expected a list of texts, found "a"'),
        ("site_roles = { Q = [1] }", "accounts.site_roles.Q: expected a text, found 1"),
        ('site_roles = { Q = ["ok", "not, ok"] }', "accounts.site_roles.Q: expected names of groups"),
        ('roles = { personl = ["a"] }', "accounts.roles.personl: expected a known key, found an unknown one"),
        ('roles = { read = ["a"] }', "accounts.roles.read: expected a known key, found an unknown one"),
        ('roles = { operate = "a" }', 'accounts.roles.operate: expected a list of texts, found "a"'),
    ],
)
def test_mistakes_name_the_entry(refused, text, mistake):
    (told,) = refused(f"[accounts]\n{text}\n")
    assert told.startswith(mistake)


def test_they_are_shown(read):
    found = read('[accounts.site_roles]\nQUEUE_ONE = ["a"]\n')
    assert 'accounts.site_roles = { "QUEUE_ONE" = ["a"] }' in command.as_text(found, ["accounts.site_roles"])
    told = json.loads(command.as_json(found, ["accounts.site_roles"]))
    assert told["accounts.site_roles"]["value"] == {"QUEUE_ONE": ["a"]}
