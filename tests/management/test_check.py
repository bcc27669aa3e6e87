"""`bigpandamon check`: what it says and its exit code."""

import json
import sqlite3

import pytest

from bigpandamon_core.config.installed import declared
from tests.services.process import free_port

FAULTY = '[jobs]\nlimit = 0\n[cache]\nkind = "redis"\n'


def findings(done):
    """Subject and text of each line by how it is."""
    lines = [line.split("  ", 1) for line in done.stdout.splitlines()]
    return {state: [text.strip() for each, text in lines if each == state] for state in ("ok", "TROUBLE")}


def test_mistakes_are_all_told_and_nothing_is_tried(bigpandamon, file, folder):
    file.write_text(FAULTY)
    done = bigpandamon("check")
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.strip().removeprefix(f"{file}: ") for line in done.stderr.splitlines()] == [
        "The configuration has 2 mistakes:",
        'cache.kind: expected one of memory, memcached, files, none, found "redis"',
        "jobs.limit: expected 1 to 10000000, found 0",
        "correct it; `bigpandamon config` shows what is in force",
    ]
    assert not (folder / "state").exists()


NAMES = """[paths]
state = "state"
[cache]
points = { jbos = 3 }
[sections]
off = ["jbos"]
[schedule]
off = ["x"]
[panda.schemas]
more = { serivce = "workflows" }
"""
SWITCHED = 'enabled = true\nstrange = 1\n[scope]\njobs = "nonsense=5"\n'
INSTALLED = declared()[0].name
"""Any plugin of this repository."""
KEYS = ("schedule.off", "strange", "scope.jobs", "sections.off", "cache.points", "panda.schemas.more")


def keys(done):
    return tuple(line.split(": ")[1] for line in done.stderr.splitlines() if line.startswith("  "))


@pytest.mark.parametrize("words", [("check", "--config-only"), ("check",), ("serve",)])
def test_names_that_nothing_declares_are_told_with_those_of_plugins(bigpandamon, file, folder, words):
    file.write_text(NAMES)
    (folder / f"plugins.d/{INSTALLED}.toml").write_text(SWITCHED)
    done = bigpandamon(*words)
    assert (done.returncode, done.stdout, keys(done)) == (2, "", KEYS)


@pytest.mark.parametrize("words", [("check", "--config-only"), ("check",)])
def test_no_mistake_hides_another(bigpandamon, file, folder, words):
    """Those of the main file, of the key, of a switch file and of what they name together."""
    file.write_text(f"{NAMES}[jobs]\nlimit = 0\n")
    (folder / f"plugins.d/{INSTALLED}.toml").write_text(SWITCHED)
    (folder / "plugins.d/another.toml").write_text('enabled = "yes"\n')
    (folder / "state").mkdir()
    (folder / "state/secret_key").write_text("short")
    done = bigpandamon(*words)
    assert keys(done) == ("jobs.limit", "enabled", "web.secret_key_file", *KEYS)
    assert [path.name for path in (folder / "state").iterdir()] == ["secret_key"]


def test_a_mistake_hides_none_in_its_own_table_or_file(bigpandamon, file, folder):
    file.write_text(
        "[cache]\npoints = {jobz = 60, jobs = -1}\n[schedule]\nevery = {nope = 60, warm-up = 1}\n"
    )
    (folder / f"plugins.d/{INSTALLED}.toml").write_text('enabled = "yes"\n[unheard]\nof = 1\n')
    done = bigpandamon("check", "--config-only")
    assert {"cache.points.jobs", "cache.points", "schedule.every.warm-up", "schedule.every", "enabled"} < set(
        keys(done)
    )
    for name in ("jobz", "nope", "unheard"):
        assert name in done.stderr


@pytest.mark.parametrize("words", [("migrate",), ("serve",), ("demo", "schema")])
def test_other_commands_refuse_a_faulty_configuration(bigpandamon, file, words):
    file.write_text(FAULTY)
    done = bigpandamon(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == bigpandamon("check").stderr


def test_the_files_alone_are_well_whatever_the_services(bigpandamon, file, folder):
    file.write_text('[panda]\nurl = "mariadb://u:p@127.0.0.1:1/d"\n[paths]\nstate = "state"\n')
    done = bigpandamon("check", "--config-only")
    assert (done.returncode, done.stderr) == (0, "")
    assert str(file) in done.stdout
    assert not (folder / "state").exists()


def test_nothing_there_yet(bigpandamon, folder):
    done = bigpandamon("check")
    state = folder / "state"
    assert done.returncode == 1
    assert findings(done)["TROUBLE"] == [
        f"own database: sqlite:///{state}/bigpandamon.sqlite3 is not there; run `bigpandamon migrate`",
        f"PanDA database: sqlite:///{state}/panda.sqlite3 does not answer: unable to open database file; "
        "see that its server runs and this host may reach it; compare user, password and place in panda.url",
    ]
    assert not list(folder.rglob("*.sqlite3"))


def test_all_is_well(bigpandamon, folder):
    assert bigpandamon("demo", "schema").returncode == 0
    assert bigpandamon("migrate").returncode == 0
    done = bigpandamon("check")
    assert (done.returncode, done.stderr, findings(done)["TROUBLE"]) == (0, "", [])
    assert "PanDA database: tables of jobs present" in findings(done)["ok"]
    assert "cache: memory" in findings(done)["ok"]


def test_a_family_that_is_absent_is_told_and_no_trouble_unless_it_is_jobs(bigpandamon, folder):
    bigpandamon("demo", "schema")
    bigpandamon("migrate")
    with sqlite3.connect(folder / "state/panda.sqlite3") as theirs:
        (name,) = theirs.execute(
            "SELECT name FROM sqlite_master WHERE name LIKE '%jobs_statuslog'"
        ).fetchone()
        theirs.execute(f'DROP TABLE "{name}"')
    done = bigpandamon("check")
    assert done.returncode == 0
    assert "PanDA database: tables of statuslog absent" in findings(done)["ok"]
    with sqlite3.connect(folder / "state/panda.sqlite3") as theirs:
        theirs.execute('DROP TABLE "jobsactive4"')
    done = bigpandamon("check")
    assert done.returncode == 1
    assert findings(done)["TROUBLE"] == [
        "PanDA database: tables of jobs absent; compare panda.schemas and the account's rights"
    ]


def test_tables_that_are_behind(bigpandamon, folder):
    (folder / "state").mkdir()
    sqlite3.connect(folder / "state/bigpandamon.sqlite3").close()
    (own, _) = findings(bigpandamon("check"))["TROUBLE"]
    assert "lacks state.0001_" in own
    assert own.endswith("; run `bigpandamon migrate`")


def test_databases_that_do_not_answer(bigpandamon, file):
    password = "geheimnis0815"
    urls = [
        f"mariadb://u:{password}@127.0.0.1:{free_port()}/d",
        f"postgresql://u:{password}@127.0.0.1:{free_port()}/d",
    ]
    file.write_text(f'[paths]\nstate = "state"\n[panda]\nurl = "{urls[0]}"\n[database]\nurl = "{urls[1]}"\n')
    done = bigpandamon("check")
    _, own, panda = findings(done)["TROUBLE"]
    assert done.returncode == 1
    assert own.startswith("own database: postgresql://u:***@127.0.0.1:")
    assert panda.startswith("PanDA database: mysql://u:***@127.0.0.1:")
    assert password not in done.stdout + done.stderr


@pytest.mark.services
def test_a_wrong_password_is_not_repeated(bigpandamon, file, mariadb_server):
    password = "geheimnis0815"
    url = mariadb_server.url("mysql").replace("loopback", password)
    file.write_text(f'[paths]\nstate = "state"\n[panda]\nurl = "{url}"\n')
    done = bigpandamon("check")
    assert "Access denied" in done.stdout
    assert password not in done.stdout + done.stderr


def test_a_password_that_everybody_can_read(bigpandamon, file):
    file.write_text('[paths]\nstate = "state"\n[panda]\nurl = "mariadb://u:p@127.0.0.1:1/d"\n')
    told = f"configuration: everybody can read {file}, which holds a password; chmod 0640 it"
    file.chmod(0o644)
    assert told in findings(bigpandamon("check"))["TROUBLE"]
    file.chmod(0o640)
    assert told not in findings(bigpandamon("check"))["TROUBLE"]


@pytest.mark.parametrize("words", [("check",), ("check", "--config-only"), ("serve",), ("migrate",)])
def test_a_key_file_that_cannot_serve_is_a_mistake(bigpandamon, folder, words):
    (folder / "state").mkdir()
    (folder / "state/secret_key").write_text("short")
    done = bigpandamon(*words)
    assert done.returncode == 2
    assert "web.secret_key_file: expected a file with a key of at least 32" in done.stderr
    assert "found 5" in done.stderr


@pytest.mark.services
def test_memcached_alive_and_dead(bigpandamon, file, memcached_server):
    dead = f"127.0.0.1:{free_port()}"
    servers = f'["{memcached_server.address}", "{dead}"]'
    file.write_text(f'[paths]\nstate = "state"\n[cache]\nkind = "memcached"\nservers = {servers}\n')
    found = findings(bigpandamon("check"))
    assert [line for line in found["ok"] if line.endswith(f" at {memcached_server.address}")]
    assert [
        line for line in found["TROUBLE"] if line.startswith(f"cache: memcached at {dead} does not answer")
    ]


@pytest.mark.parametrize(
    ("folder_name", "state"),
    [("kept", "ok"), ("bigpandamon.toml/kept", "TROUBLE")],
)
def test_a_folder_for_kept_answers(bigpandamon, file, folder_name, state):
    file.write_text(f'[paths]\nstate = "state"\n[cache]\nkind = "files"\nfolder = "{folder_name}"\n')
    assert [line for line in findings(bigpandamon("check"))[state] if line.startswith("cache: ")]


NO_DRIVER = (
    "panda.url: expected the driver of mysql to be installed, found none; "
    "install mysqlclient (bigpandamon-core[mysql]): no libmariadb\n"
)


@pytest.fixture
def without_driver(bigpandamon, tmp_path):
    """`bigpandamon` where the driver of MySQL cannot be imported."""
    (tmp_path / "shadow/MySQLdb").mkdir(parents=True)
    (tmp_path / "shadow/MySQLdb/__init__.py").write_text('raise ImportError("no libmariadb")')
    return lambda *words: bigpandamon(*words, PYTHONPATH=str(tmp_path / "shadow"))


@pytest.mark.parametrize(
    "words",
    [
        *(("check",), ("follow", "--once"), ("import", "list"), ("demo", "schema")),
        *(("queries", "--explain"), ("schedule", "run", "clean-up")),
    ],
)
def test_a_driver_that_is_not_installed_is_told(without_driver, file, words):
    file.write_text('[paths]\nstate = "state"\n[panda]\nurl = "mysql://u:p@127.0.0.1:1/d"\n')
    done = without_driver(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert NO_DRIVER in done.stderr
    assert "Traceback" not in done.stderr


def test_statements_for_a_driver_that_is_not_installed(without_driver):
    done = without_driver("queries", "--dialect", "mysql")
    assert done.returncode == 1
    assert done.stderr.startswith("The driver of mysql is not installed.\n  install mysqlclient (bigp")


def test_what_to_do_is_told_as_doctor_does(bigpandamon):
    told = {
        (one["subject"], one["text"]): one["remedy"]
        for one in json.loads(bigpandamon("doctor", "--json").stdout)
    }
    remedies = [text.split(": ", 1) for text in findings(bigpandamon("check"))["TROUBLE"]]
    assert {subject for subject, _ in remedies} == {"own database", "PanDA database"}
    for subject, text in remedies:
        seen, remedy = next(
            (seen, remedy) for (of, seen), remedy in told.items() if of == subject and text.startswith(seen)
        )
        assert remedy
        assert text == f"{seen}; {remedy}"


def test_a_file_where_the_state_should_be(bigpandamon, folder):
    """Each word about it says so: nothing can be made or removed in it."""
    state = folder / "state"
    state.write_text("mine")
    assert f"move {state} away" in bigpandamon("check").stderr
    told = json.loads(bigpandamon("doctor", "--json").stdout)
    about = [one for one in told if one["subject"] in ("configuration", "permissions", "own database")]
    wrong = [one for one in about if one["level"] == "TROUBLE"]
    assert len(wrong) == 5
    assert all(one["remedy"].startswith(f"move {state} away") for one in wrong)


def test_a_section_that_is_like_none_comes_with_those_there_are(bigpandamon, file):
    file.write_text('[paths]\nstate = "state"\n[sections]\noff = ["zzz"]\nforwarded = { yyy = [] }\n')
    said = bigpandamon("check", "--config-only").stderr.splitlines()
    for key in ("sections.off", "sections.forwarded.yyy"):
        [line] = [line for line in said if f": {key}: " in line]
        assert "errors, files, find" in line
