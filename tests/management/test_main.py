"""The command as a whole."""

import os
import subprocess
import sys
from importlib import import_module

import pytest

import bigpandamon_core
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import check, main


@pytest.mark.parametrize(("name", "module"), main.COMMANDS)
def test_each_command_has_what_the_program_asks_of_it(name, module):
    command = import_module(f"bigpandamon_core.management.{module}")
    assert name == command.NAME
    assert command.HELP
    assert command.HELP[0].islower()
    main.parser([name]).parse_args  # noqa: B018  # its arguments can be declared


def test_help_lists_every_command(bigpandamon):
    shown = bigpandamon("--help").stdout
    assert [name for name, _ in main.COMMANDS if f"    {name} " not in shown] == []
    assert "cannot be used" not in shown


def test_the_version(bigpandamon):
    assert bigpandamon("--version").stdout == f"{bigpandamon_core.__version__}\n"


@pytest.mark.parametrize("words", [(), ("chekc",), ("check", "--no-such-thing")])
def test_wrong_use_is_2(bigpandamon, words):
    done = bigpandamon(*words)
    assert done.returncode == 2
    assert "usage: bigpandamon" in done.stderr


def test_a_broken_part_does_not_stop_the_others(monkeypatch, capsys):
    broken = (("check", "check"), ("absent", "no_such_module"))
    monkeypatch.setattr(main, "COMMANDS", broken)
    with pytest.raises(SystemExit) as ended:
        main.main(["--help"])
    assert ended.value.code == 0
    assert "(cannot be used: ModuleNotFoundError)" in capsys.readouterr().out
    assert main.parser(["check"]).parse_args(["check"]).run is check.run


def test_a_broken_part_says_so_when_asked(monkeypatch):
    monkeypatch.setattr(main, "COMMANDS", (("absent", "no_such_module"),))
    with pytest.raises(ModuleNotFoundError):
        main.main(["absent"])


@pytest.mark.parametrize("words", [("facets", "--rebuil"), ("demo", "schema", "--no-index"), ("--vers",)])
def test_options_are_not_abbreviated(bigpandamon, words):
    done = bigpandamon(*words)
    assert done.returncode == 2
    assert "usage: bigpandamon" in done.stderr


@pytest.mark.parametrize("bind", ["127.0.0.1:99999", "x", "unix:x"])
@pytest.mark.parametrize("words", [("serve",), ("schedule",)])
def test_where_to_listen_is_looked_at_as_web_bind_is(bigpandamon, words, bind):
    done = bigpandamon(*words, "--bind", bind)
    assert done.returncode == 2
    assert f"argument --bind: expected host:port or unix:/path, found {bind}\n" in done.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_who_stops_reading_is_not_complained_to(file, unbuffered):
    command = [sys.executable, "-m", "bigpandamon_core.management.main", "config"]
    reading, writing = os.pipe()
    os.close(reading)
    environment = os.environ | {"BIGPANDAMON_CONFIG": str(file), "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, check=False, env=environment, timeout=60
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_problem_is_told_in_words(monkeypatch, capsys):
    def run(_parsed):
        raise Problem("It does not work.", "here", "Do this.")

    monkeypatch.setattr(check, "run", run)
    assert main.main(["check"]) == 1
    assert capsys.readouterr().err == "It does not work.\n  here\n  Do this.\n"
