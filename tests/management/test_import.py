"""`bigpandamon import`."""

import os
import pty
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

GOOD = "pandaid,computingsite,maxrss\n1,QUEUE_ONE,5\n2,QUEUE_ONE,6\n"


@pytest.fixture
def ready(bigpandamon):
    bigpandamon("migrate")
    bigpandamon("demo", "schema")
    return bigpandamon


def test_tells_the_kinds_there_are(bigpandamon):
    done = bigpandamon("import", "list")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "table",
        "bigpanda-answer",
        "jobs",
        "queues",
    ]


def test_every_record_is_accounted_for(ready, tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(GOOD + "3,QUEUE_ONE,much\n")
    done = ready("import", "jobs", str(path))
    assert done.returncode == 1
    assert "jobs.csv (jobs): 3 records, 1 refused, 2 imported (2 new, 0 completed, 0 known)" in done.stdout
    assert done.stderr == "jobs.csv, line 4: maxrss: 'much' is not a number\n"


def test_an_empty_file_is_told(ready, tmp_path):
    path = tmp_path / "jobs.csv"
    path.touch()
    for _ in range(2):
        done = ready("import", "jobs", str(path))
        assert done.returncode == 1
        assert done.stderr == "jobs.csv, line 1: no header, as the file is empty\n"


def test_the_same_file_again_says_that_nothing_changed(ready, tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text(GOOD)
    ready("import", "jobs", str(path))
    done = ready("import", "jobs", str(path))
    assert done.returncode == 0
    assert "nothing changed: this very file was imported at" in done.stdout


def test_a_folder_is_searched(ready, tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "jobs.csv").write_text(GOOD)
    (folder / "README").write_text("nothing\n")
    done = ready("import", "auto", str(folder))
    assert done.returncode == 0
    assert "2 imported" in done.stdout
    assert "Passed over 1 files of no known kind" in done.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("import", "jobs"), "No file was named"),
        (("import", "job", "x.csv"), "There is no kind of records 'job'"),
        (("import", "jobs", "/nowhere.csv"), "cannot be read"),
    ],
)
def test_wrong_use_is_told(ready, words, told):
    done = ready(*words)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("prepare", "told"), [(("migrate",), "was not made by"), (("demo", "schema"), "bigpandamon migrate")]
)
def test_databases_have_to_be_prepared(bigpandamon, tmp_path, prepare, told):
    (tmp_path / "jobs.csv").write_text(GOOD)
    bigpandamon(*prepare)
    done = bigpandamon("import", "jobs", str(tmp_path / "jobs.csv"))
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_is_shown_progress(ready, file, tmp_path):
    path = tmp_path / "jobs.csv"
    path.write_text("pandaid,computingsite\n" + "".join(f"{number},QUEUE\n" for number in range(1, 1101)))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bigpandamon_core.management.main", "import", "jobs", str(path)]
    environment = os.environ | {"BIGPANDAMON_CONFIG": str(file)}
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=theirs, check=True, env=environment, timeout=60)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "jobs.csv: 100 %, 1,100 records" in shown
