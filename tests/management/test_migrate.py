"""`bigpandamon migrate`."""

import sqlite3

import pytest


def tables(path):
    with sqlite3.connect(path) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_makes_folder_file_and_tables(bigpandamon, folder):
    done = bigpandamon("migrate")
    assert (done.returncode, done.stderr) == (0, "")
    assert any(name.startswith("state_") for name in tables(folder / "state/bigpandamon.sqlite3"))
    assert (folder / "state").stat().st_mode & 0o007 == 0


def test_can_be_repeated(bigpandamon):
    bigpandamon("migrate")
    done = bigpandamon("migrate")
    assert done.returncode == 0
    assert "No migrations to apply" in done.stdout


def test_a_plan_changes_nothing(bigpandamon, folder):
    done = bigpandamon("migrate", "--plan")
    assert done.returncode == 0
    assert "state.0001" in done.stdout
    assert tables(folder / "state/bigpandamon.sqlite3") == set()


def test_the_panda_database_is_not_touched(bigpandamon, folder):
    bigpandamon("demo", "schema")
    before = tables(folder / "state/panda.sqlite3")
    bigpandamon("migrate")
    assert tables(folder / "state/panda.sqlite3") == before


def test_a_folder_that_cannot_be_made(bigpandamon, file):
    file.write_text('[database]\nurl = "sqlite:////proc/nowhere/own.sqlite3"\n')
    done = bigpandamon("migrate")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-3:] == [
        "The folder cannot be made: No such file or directory.",
        "  /proc/nowhere",
        "  Make it, or set paths.state or database.url.",
    ]


@pytest.mark.services
def test_a_database_that_does_not_answer(bigpandamon, file):
    file.write_text('[paths]\nstate = "state"\n[database]\nurl = "mariadb://u:geheimnis0815@127.0.0.1:1/d"\n')
    done = bigpandamon("migrate")
    assert done.returncode == 1
    assert "The own database refuses: " in done.stderr
    assert "database.url = mysql://u:***@127.0.0.1:1/d" in done.stderr
    assert "Traceback" not in done.stderr
    assert "geheimnis0815" not in done.stdout + done.stderr
