"""Database URLs: what they mean, what is refused, how they are shown."""

import pytest

from bigpandamon_core.config.urls import DatabaseUrl, parse

TLS = {"sslmode": "verify-full", "sslrootcert": "/etc/ca"}
MEANT = [
    ("sqlite:////a/b.sqlite3", DatabaseUrl("sqlite3", "/a/b.sqlite3")),
    ("sqlite:///b.sqlite3", DatabaseUrl("sqlite3", "b.sqlite3")),
    ("sqlite:////a%20b/%3F@c", DatabaseUrl("sqlite3", "/a b/?@c")),
    ("mysql://u:p@h:3306/d", DatabaseUrl("mysql", "d", "u", "p", "h", "3306")),
    ("mariadb://u@h/d", DatabaseUrl("mysql", "d", "u", "", "h")),
    ("postgres://h/d", DatabaseUrl("postgresql", "d", host="h")),
    ("postgresql://u:p%40%2F%3A%3F%23@h/d", DatabaseUrl("postgresql", "d", "u", "p@/:?#", "h")),
    ("postgresql://u:a:b@[::1]:5432/d", DatabaseUrl("postgresql", "d", "u", "a:b", "[::1]", "5432")),
    ("postgresql://u@%2Frun%2Fpostgresql/d", DatabaseUrl("postgresql", "d", "u", "", "/run/postgresql")),
    ("oracle://u:p@h:1521/service.name", DatabaseUrl("oracle", "service.name", "u", "p", "h", "1521")),
    ("oracle://u:p@/alias", DatabaseUrl("oracle", "alias", "u", "p")),
    (
        "postgresql://h/d?sslmode=verify-full&sslrootcert=%2Fetc%2Fca",
        DatabaseUrl("postgresql", "d", host="h", options=TLS),
    ),
]


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_a_url_is_read(text, meant):
    assert parse(text) == meant


REFUSED = [
    "",
    "mysql",
    "mysql:u:p@h/d",
    "redis://h/1",
    "MYSQL://h/d",
    "sqlite://:memory:",
    "sqlite://u:p@h/d",
    "sqlite:///",
    "sqlite:////a?mode=rw",
    "mysql:///d",
    "mysql://h",
    "mysql://h/",
    "mysql://h/a/b",
    "mysql://h:0/d",
    "mysql://h:port/d",
    "mysql://u:p",
    "mysql://u:p/d",
    "mysql://u:p@ss@h/d",
    "mysql://u:p/ss@h/d",
    "mysql://u:p?ss@h/d",
    "mysql://u:12?ss@h/d",
    "mysql://u:p#ss@h/d",
    "mysql://::1/d",
    "mysql://h/d?charset",
]


@pytest.mark.parametrize("text", REFUSED)
def test_anything_doubtful_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("sqlite:////a%20b", "sqlite:////a%20b"),
        ("mariadb://u:p@h:1/d", "mysql://u:***@h:1/d"),
        ("mysql://u%40x:p@h/d?ssl=1&pass=x", "mysql://u%40x:***@h/d?ssl=***&pass=***"),
        ("postgresql://:p@h/d", "postgresql://:***@h/d"),
        ("oracle://h/d", "oracle://h/d"),
    ],
)
def test_shown_without_password_and_option_values(text, shown):
    assert str(parse(text)) == shown
    assert "'p'" not in repr(parse(text))


def test_one_database_is_one_place_whoever_connects():
    assert parse("mysql://a:b@h/d").place == parse("mariadb://c@h/d?x=1").place
    assert parse("mysql://h/d").place != parse("mysql://h/e").place
