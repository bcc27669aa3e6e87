"""Every way a file can be wrong, in the words an operator reads."""

import pytest

from bigpandamon_core.config import ConfigurationErrors

UNKNOWN = "expected a known key, found an unknown one"
WRONG = [
    ("[jobs]\nlimit = true", "jobs.limit: expected a whole number, found true"),
    ("[jobs]\nlimit = 1.5", "jobs.limit: expected a whole number, found 1.5"),
    ('[jobs]\nlimit = "12"', 'jobs.limit: expected a whole number, found "12"'),
    ("[jobs]\nlimit = 0", "jobs.limit: expected 1 to 10000000, found 0"),
    ("[jobs]\nlimit = [1]", "jobs.limit: expected a whole number, found a list"),
    ("[jobs.limit]\nx = 1", "jobs.limit: expected a whole number, found a table"),
    ("[jobs]\nlimit = 1979-05-27", 'jobs.limit: expected a whole number, found "1979-05-27"'),
    ("jobs = 5", "jobs: expected a table of options, found a single value"),
    ("[instance]\ntitle = 5", "instance.title: expected a text, found 5"),
    (
        '[instance]\nname = "Our Panda"',
        'instance.name: expected 1 to 32 of a-z, 0-9, _ and -, a letter or digit first, found "Our Panda"',
    ),
    (
        '[cache]\nkind = "redis"',
        'cache.kind: expected one of memory, memcached, files, none, found "redis"',
    ),
    ('[cache]\nservers = "a:1"', 'cache.servers: expected a list of texts, found "a:1"'),
    ('[cache]\nservers = ["a:1", "b"]', 'cache.servers: expected host:port, found "b"'),
    ('[cache]\nservers = ["a:0"]', 'cache.servers: expected host:port, found "a:0"'),
    ('[cache]\nservers = ["a:1", 2]', "cache.servers: expected a text, found 2"),
    (
        '[cache]\nkind = "memcached"\nservers = []',
        "cache.servers: expected a server, as cache.kind is memcached, found none",
    ),
    ("[cache]\nfolder = 1", "cache.folder: expected a path, found 1"),
    ('[cache]\nfolder = ""', 'cache.folder: expected a path, found ""'),
    ("[cache]\npoints = 60", "cache.points: expected a table, found 60"),
    ('[cache.points]\njobs = "60"', 'cache.points.jobs: expected a whole number, found "60"'),
    ("[cache.points]\njobs = -1", "cache.points.jobs: expected at least 0, found -1"),
    ('[web]\nbind = "8008"', 'web.bind: expected host:port or unix:/path, found "8008"'),
    ('[web]\nbind = "[::1]:70000"', 'web.bind: expected host:port or unix:/path, found "[::1]:70000"'),
    (
        '[web]\nallowed_hosts = ["https://a.b"]',
        "web.allowed_hosts: expected host names without scheme and port, such as monitor.example.org, "
        'found "https://a.b"',
    ),
    (
        '[web]\nbase_path = "/monitor/"',
        'web.base_path: expected nothing, or a path such as /monitor, no slash at its end, found "/monitor/"',
    ),
    (
        '[panda.schemas]\narch = "a b"',
        "panda.schemas.arch: expected a name, or nothing: the tables are then named without a schema, "
        'found "a b"',
    ),
    (
        '[plugins]\nfolder = "elsewhere"',
        "plugins.folder: expected a readable folder, found no such file or directory",
    ),
    (
        '[database]\nurl = "oracle://h/s"',
        "database.url: expected SQLite, PostgreSQL, MariaDB or MySQL, found Oracle",
    ),
    (
        '[database]\nurl = "mysql://a@h/d"\n[panda]\nurl = "mariadb://b:c@h/d"',
        "database.url: expected another database than panda.url, which is only read, found the same one",
    ),
    ("[cache]\nknd = 1", f"cache.knd: {UNKNOWN}; did you mean cache.kind?"),
    ("window_hours = 1", f"window_hours: {UNKNOWN}; did you mean jobs.window_hours?"),
    ("xyzzy = 1", f"xyzzy: {UNKNOWN}"),
    ("[xyzzy]", f"xyzzy: {UNKNOWN}"),
    ('"cache.kind" = "none"', f'"cache.kind": {UNKNOWN}; did you mean cache.kind?'),
]


@pytest.mark.parametrize(("text", "told"), WRONG, ids=[told[:40] for _, told in WRONG])
def test_a_mistake_is_told_with_key_expectation_and_finding(refused, text, told):
    assert refused(text) == [told]


ACCEPTED = [
    ('[web]\nbind = "unix:/run/x.sock"', "web.bind", "unix:/run/x.sock"),
    ('[web]\nbind = "[::1]:8008"', "web.bind", "[::1]:8008"),
    ('[web]\nbase_path = "/a/b.c"', "web.base_path", "/a/b.c"),
    ('[web]\nallowed_hosts = ["*", ".a.org", "b"]', "web.allowed_hosts", ("*", ".a.org", "b")),
    ("[cache.points]\njobs = 0\njob = 5", "cache.points", {"jobs": 0, "job": 5}),
    ("[cache]\npoints = { jobs = 7 }", "cache.points", {"jobs": 7}),
    ("[cache]\n[panda]\n[panda.schemas]", "cache.kind", "memory"),
    ('[panda.schemas]\npanda = "PANDA$X_1"', "panda.schemas.panda", "PANDA$X_1"),
]


@pytest.mark.parametrize(("text", "key", "value"), ACCEPTED)
def test_what_is_right_is_taken_as_written(read, text, key, value):
    assert read(text).get(key) == value


def test_all_mistakes_are_told_at_once(refused, folder):
    (folder / "plugins.d/demo.toml").write_text('enabled = "yes"')
    told = refused('titel = "x"\n[jobs]\nlimit = 0\npage_rows = 0\n[cache]\nkind = 1\n[panda]\nurl = "x"\n')
    assert [line.split(":")[0] for line in told] == [
        "titel",
        "panda.url",
        "cache.kind",
        "jobs.limit",
        "jobs.page_rows",
        "enabled",
    ]


def test_a_long_value_is_not_told_in_full(refused):
    (told,) = refused(f'[web]\nbind = "{"x" * 500}"')
    assert len(told) < 140


def test_each_file_is_named(read, folder, file):
    switch = folder / "plugins.d/demo.toml"
    switch.write_text("enabled = 1")
    with pytest.raises(ConfigurationErrors) as caught:
        read("[jobs]\nlimit = 0")
    assert str(caught.value).splitlines() == [
        f"{file}: jobs.limit: expected 1 to 10000000, found 0",
        f"{switch}: enabled: expected true or false, found 1",
    ]
