"""`bigpandamon doctor` as an operator runs it: what it says of a faulty instance, and its exit code."""

import json
import stat
from time import monotonic

import pytest

from bigpandamon_core.config.installed import declared
from tests.services.process import free_port

PASSWORD = "geheimnis0815"
INSTALLED = declared()[0].name


@pytest.fixture
def doctor(bigpandamon):
    """Findings by (level, subject), each as (text, remedy), and the exit code."""

    def examine(*words, **environ):
        done = bigpandamon("doctor", "--json", *words, **environ)
        assert PASSWORD not in done.stdout + done.stderr
        assert done.stderr == ""
        found: dict[tuple[str, str], list[tuple[str, str]]] = {}
        for one in json.loads(done.stdout):
            found.setdefault((one["level"], one["subject"]), []).append((one["text"], one["remedy"]))
        return found, done.returncode

    return examine


def not_well(found):
    """(subject, text) of all that is to do."""
    return [(subject, text) for (level, subject), told in found.items() for text, _ in told if level != "ok"]


def without_web(found):
    return [entry for entry in not_well(found) if entry[0] != "web"]


def test_all_is_well_but_that_nothing_serves(bigpandamon, doctor, file):
    file.write_text(f'[paths]\nstate = "state"\n[web]\nbind = "127.0.0.1:{free_port()}"\n')
    bigpandamon("demo", "schema")
    bigpandamon("migrate")
    found, code = doctor()
    assert (without_web(found), code) == ([], 1)
    ((text, remedy),) = found["TROUBLE", "web"]
    assert text.startswith("does not run at 127.0.0.1:")
    assert remedy == "start `bigpandamon serve`"


def test_lines_for_people(bigpandamon, folder):
    done = bigpandamon("doctor")
    lines = done.stdout.splitlines()
    at = next(place for place, line in enumerate(lines) if line.startswith("TROUBLE  own database: "))
    assert lines[at + 1] == "         run `bigpandamon migrate`"
    assert lines[-1] == "3 things to do."
    subjects = [line.split("  ", 1)[1].split(":")[0].strip() for line in lines[:-1] if line[0] != " "]
    grouped = list(dict.fromkeys(subjects))
    assert subjects == sorted(subjects, key=grouped.index)
    for place, line in enumerate(lines[:-1]):
        follows = lines[place + 1].startswith(" " * 9)
        assert follows == line.startswith(("TROUBLE", "warn"))
    assert not list(folder.rglob("*.sqlite3"))


def test_nothing_is_written(bigpandamon, folder):
    bigpandamon("doctor")
    assert {path.name for path in folder.iterdir()} == {"bigpandamon.toml", "plugins.d"}


def test_mistakes_are_findings_and_the_rest_is_looked_at(bigpandamon, doctor, file, folder):
    file.write_text(
        '[paths]\nstate = "state"\n[cache]\nkind = "redis"\n[panda]\nstatement_seconds = "soon"\n'
    )
    (folder / f"plugins.d/{INSTALLED}.toml").write_text('enabled = true\n[scope]\njobs = "nonsense=5"\n')
    found, code = doctor()
    told = [text for text, _ in found["TROUBLE", "configuration"]]
    assert code == 2
    assert [text.split(": ")[1] for text in told] == ["panda.statement_seconds", "cache.kind", "scope.jobs"]
    assert all(remedy for (level, _), each in found.items() for _, remedy in each if level != "ok")
    subjects = {subject for _, subject in found}
    assert {"permissions", "plugins", "disk", "own database", "web"} <= subjects
    assert not {"PanDA database", "grants", "clock", "cache"} & subjects


@pytest.mark.parametrize(
    "rubbish", [b"\xff\xfe\x00", b"[panda", b'[panda]\nurl = "oracle://u:geheimnis0815@@"\n', b"a = {b = [[["]
)
def test_rubbish_is_told_and_never_breaks_it(doctor, file, rubbish):
    file.write_bytes(rubbish)
    found, code = doctor()
    assert code == 2
    assert found["TROUBLE", "configuration"]
    assert ("ok", "plugins") in found


def test_a_configuration_that_is_not_there(doctor, folder):
    found, code = doctor(BIGPANDAMON_CONFIG=str(folder / "absent.toml"))
    assert code == 2
    assert "expected a configuration file, found none" in found["TROUBLE", "configuration"][0][0]


def test_an_own_database_that_cannot_be(doctor, file):
    file.write_text(f'[database]\nurl = "oracle://u:{PASSWORD}@127.0.0.1:1/d"\n[paths]\nstate = "state"\n')
    found, code = doctor()
    assert code == 2
    assert ("TROUBLE", "own database") not in found
    assert ("TROUBLE", "PanDA database") in found


def test_a_driver_that_is_not_installed(doctor, file, tmp_path):
    (tmp_path / "shadow/MySQLdb").mkdir(parents=True)
    (tmp_path / "shadow/MySQLdb/__init__.py").write_text('raise ImportError("no libmariadb")')
    file.write_text(f'[paths]\nstate = "state"\n[panda]\nurl = "mysql://u:{PASSWORD}@127.0.0.1:1/d"\n')
    file.chmod(0o640)
    found, code = doctor(PYTHONPATH=str(tmp_path / "shadow"))
    assert code == 2
    ((text, remedy),) = found["TROUBLE", "configuration"]
    assert "the driver of mysql" in text
    assert remedy.startswith("install mysqlclient")


def test_databases_that_do_not_answer_are_asked_once(doctor, file):
    urls = [f"{kind}://u:{PASSWORD}@127.0.0.1:{free_port()}/d" for kind in ("mariadb", "postgresql")]
    file.write_text(f'[paths]\nstate = "state"\n[panda]\nurl = "{urls[0]}"\n[database]\nurl = "{urls[1]}"\n')
    begun = monotonic()
    found, code = doctor()
    assert code == 1
    assert monotonic() - begun < 15
    assert found["TROUBLE", "own database"][0][0].startswith("postgresql://u:***@127.0.0.1:")
    assert found["TROUBLE", "PanDA database"][0][0].startswith("mysql://u:***@127.0.0.1:")
    assert not {"grants", "clock", "schedule"} & {subject for _, subject in found}


def test_a_host_that_is_silent(doctor, file, silent):
    url = f"postgresql://u:{PASSWORD}@127.0.0.1:{silent}/d"
    file.write_text(f'[paths]\nstate = "state"\n[panda]\nurl = "{url}"\nconnect_seconds = 300\n')
    begun = monotonic()
    found, _ = doctor()
    assert ("TROUBLE", "PanDA database") in found
    assert monotonic() - begun < 20


@pytest.mark.services
def test_memcached_that_is_down(doctor, file, memcached_server):
    dead = f"127.0.0.1:{free_port()}"
    servers = f'["{memcached_server.address}", "{dead}"]'
    file.write_text(f'[paths]\nstate = "state"\n[cache]\nkind = "memcached"\nservers = {servers}\n')
    found, _ = doctor()
    ((text, remedy),) = found["TROUBLE", "cache"]
    assert text.startswith(f"memcached at {dead} does not answer")
    assert "systemctl enable --now memcached" in remedy
    assert len(found["ok", "cache"]) == 1


def test_what_is_worth_a_thought_is_no_trouble(bigpandamon, doctor, file, folder, web_of_this_release):
    """`check` says the same of a plugin that is not installed, and that all is well."""
    file.write_text(f'[paths]\nstate = "state"\n[web]\nbind = "{web_of_this_release}"\n')
    bigpandamon("demo", "schema")
    bigpandamon("migrate")
    (folder / "plugins.d/elsewhere.toml").write_text("enabled = true\n")
    found, code = doctor()
    assert code == 0
    ((text, remedy),) = found["warn", "plugins"]
    assert text.endswith("has no effect: no plugin elsewhere is installed")
    assert remedy == "install bigpandamon-elsewhere, or remove the file"
    done = bigpandamon("check")
    assert (done.returncode, "warn" in done.stdout) == (0, False)
    assert f"ok       plugins: {text}" in done.stdout
    assert bigpandamon("doctor").stdout.splitlines()[-1] == "1 thing to do."
    (folder / "plugins.d/elsewhere.toml").unlink()
    assert bigpandamon("doctor").stdout.splitlines()[-1] == "Nothing to do."


def test_secrets_in_a_switch_that_everybody_can_read(file, folder, tmp_path):
    from tests.plugins.distributions import bigpandamon as run

    place = tmp_path / "installed/bigpandamon_hush-1.0.dist-info"
    place.mkdir(parents=True)
    place.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: bigpandamon-hush\nVersion: 1.0\n")
    place.joinpath("entry_points.txt").write_text("[bigpandamon.plugins]\nhush = bigpandamon_hush:Hush\n")
    (tmp_path / "installed/bigpandamon_hush.py").write_text(HUSH)
    switch = folder / "plugins.d/hush.toml"
    switch.write_text(f'enabled = true\n[broker]\ntoken = "{PASSWORD}"\n')
    switch.chmod(0o644)
    told = f"TROUBLE  permissions: everybody can read {switch}, which holds broker.token"
    done = run(tmp_path / "installed", file, "doctor")
    assert told in done.stdout
    assert f"chmod 0640 {switch}" in done.stdout
    assert PASSWORD not in done.stdout + done.stderr
    switch.chmod(0o640)
    assert "hold" not in run(tmp_path / "installed", file, "doctor").stdout
    assert stat.S_IMODE(switch.stat().st_mode) == 0o640


HUSH = """from bigpandamon_core.plugin import Option, Plugin

class Hush(Plugin):
    name = "hush"
    title = "Hush"
    api = 1
    options = (Option("broker.token", str, "", "A token.", secret=True),)
"""


def test_its_words_are_offered(bigpandamon):
    assert "doctor" in bigpandamon("--help").stdout
    assert "Nothing is written" in bigpandamon("doctor", "--help").stdout
    assert bigpandamon("doctor", "--nonsense").returncode == 2


def test_a_switch_that_cannot_be_read_says_nothing_of_its_plugin(doctor, folder):
    (folder / f"plugins.d/{INSTALLED}.toml").mkdir()
    found, code = doctor()
    assert code == 2
    [text] = [text for text, _ in found["warn", "plugins"] if INSTALLED in text]
    assert "is not known" in text
    assert not any(text.startswith(f"{INSTALLED} ") for text, _ in found["ok", "plugins"])


def test_a_sample_is_told_whatever_is_wrong_elsewhere(bigpandamon, file):
    usual = bigpandamon("plugins", "--sample", INSTALLED)
    file.write_text('[jobs]\nlimit = 0\n[cache]\nkind = "redis"\n')
    done = bigpandamon("plugins", "--sample", INSTALLED)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", usual.stdout)
    assert "enabled" in done.stdout
