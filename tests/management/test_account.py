"""`bigpandamon account`."""

import re
import sqlite3
import sys
from types import SimpleNamespace

import pytest

from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import operator

PASSWORD = "four words nobody guesses"
CONFIGURATION = '[paths]\nstate = "state"\n[accounts.roles]\npersonal = ["watchers"]\n'

pytestmark = pytest.mark.slow


@pytest.fixture
def instance(bigpandamon, file):
    file.write_text(CONFIGURATION)
    assert bigpandamon("migrate").returncode == 0
    return bigpandamon


@pytest.fixture
def typed(monkeypatch):
    """What somebody types at a terminal."""

    def type_in(*words):
        answers = iter(words)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
        monkeypatch.setattr(operator, "getpass", lambda _prompt: next(answers))

    return type_in


def cells(done):
    assert (done.returncode, done.stderr) == (0, "")
    return [re.split(r" {2,}", line) for line in done.stdout.splitlines()][1:]


def test_an_account_and_what_becomes_of_it(instance):
    made = instance("account", "create", "ada", "--full-name", "Ada Example", "--group", "watchers",
                    "--no-password", SUDO_USER="grace")  # fmt: skip
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    assert cells(instance("account", "list")) == [
        ["ada", "enabled", "personal", "-", "watchers", "Ada Example"]
    ]
    assert instance("account", "groups", "ada", SUDO_USER="grace").returncode == 0
    assert instance("account", "disable", "ada", SUDO_USER="grace").returncode == 0
    assert cells(instance("account", "list")) == [["ada", "disabled", "read", "-", "-", "Ada Example"]]
    assert instance("account", "enable", "ada", SUDO_USER="grace").returncode == 0
    told = [(one[1], *one[3:5]) for one in cells(instance("account", "audit"))]
    acts = ("account-created", "groups-changed", "account-disabled", "account-enabled")
    assert told == [("grace at the command line", act, "ada") for act in acts]
    assert [one[3] for one in cells(instance("account", "audit", "--last", "1"))] == ["account-enabled"]


def test_a_password_comes_by_the_standard_input(instance, folder):
    reading = folder / "password"
    reading.write_text(f"{PASSWORD}\n")
    for words in (("create", "ada"), ("password", "ada")):
        with reading.open() as given:
            done = instance("account", *words, "--password-stdin", stdin=given)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with sqlite3.connect(folder / "state/bigpandamon.sqlite3") as connection:
        (kept,) = connection.execute("SELECT password FROM state_account").fetchone()
    assert kept.startswith("pbkdf2_sha256$")
    assert PASSWORD not in (folder / "state/bigpandamon.sqlite3").read_bytes().decode("latin-1")


def test_a_password_is_no_argument(instance):
    for words in (("create", "ada", PASSWORD), ("create", "ada", "--password", PASSWORD)):
        done = instance("account", *words)
        assert done.returncode == 2
        assert "unrecognized arguments" in done.stderr


def test_without_a_terminal_nobody_is_asked(instance):
    done = instance("account", "create", "ada")
    assert done.returncode == 1
    assert done.stderr == "There is no terminal to ask for a password at.\n  Use --password-stdin.\n"
    assert cells(instance("account", "list")) == []


def test_a_password_is_typed_twice(typed):
    typed("one", "one")
    assert operator.password(from_input=False) == "one"
    typed("one", "other")
    with pytest.raises(Problem, match="differ"):
        operator.password(from_input=False)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("create", "Ada", "--no-password"), "'Ada' is no name of an account.\n  Give 1 to 64 of a-z"),
        (("create", "ada", "--no-password", "--group", "a b"), "'a b' is no name of a group."),
        (("disable", "eve"), "There is no account eve.\n  `bigpandamon account list` tells them all."),
        (("password", "eve", "--no-password"), "There is no account eve."),
        (("groups", "eve", "staff"), "There is no account eve."),
    ],
)
def test_what_cannot_be_is_told(instance, words, told):
    done = instance("account", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(told)


@pytest.mark.parametrize("words", [("account", "list"), ("account", "audit"), ("token", "list")])
def test_without_tables(bigpandamon, words):
    done = bigpandamon(*words)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "own database" in done.stderr


@pytest.mark.parametrize(
    "words", [("account",), ("account", "remove", "ada"), ("account", "audit", "--last", "0")]
)
def test_wrong_use(bigpandamon, words):
    assert bigpandamon(*words).returncode == 2
