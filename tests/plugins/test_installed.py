"""Plugins found by their entry points, by processes of their own."""

import json
import runpy
import shutil
from pathlib import Path

import pytest

from bigpandamon_core.plugin.examining.identity import taken
from tests.architecture.repository import ROOT
from tests.packaging.conftest import build_wheel, copy_repository
from tests.plugins.distributions import Ran, bigpandamon, editable, installed, run
from tests.plugins.monitors import NAMES

pytestmark = pytest.mark.slow
ON = "enabled = true\n"
VISIT = """
import os, re
os.environ["DJANGO_SETTINGS_MODULE"] = "bigpandamon_core.config.django"
from bigpandamon_core.web.wsgi import application
from django.test import Client
client = Client(headers={"host": "localhost"})
page = client.get("/demo_vo/shift/")
style = client.get(re.search("/static/demo_vo/[0-9a-f]{16}/shift.css", page.content.decode())[0])
print(page.status_code, "demo_vo-rings" in page.content.decode(), style.status_code)
print("immutable" in style["Cache-Control"])
"""


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return editable(tmp_path_factory.mktemp("plugins"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "plugins.d").mkdir()
    path = tmp_path / "bigpandamon.toml"
    path.write_text('[paths]\nstate = "state"\n')
    return path


def enable(file: Path, **switches: str) -> None:
    for name, text in switches.items():
        (file.parent / "plugins.d" / f"{name}.toml").write_text(text)


def states(done) -> dict[str, str]:
    return {one["name"]: one["state"] for one in json.loads(done.stdout)}


def test_the_command_tells_what_each_declares(plugins, file):
    enable(file, demo_vo=ON + '[logbook]\ntoken = "sesame"\n', quiet_vo=ON)
    done = bigpandamon(plugins, file, "plugins", "demo_vo", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    [told] = json.loads(done.stdout)
    assert (told["state"], told["distribution"], told["version"]) == ("active", "bigpandamon-demo_vo", "1.0")
    assert told["scope"] == {"jobs": "vo=zephyr&computingsite=ZEPHYR_*", "tasks": "vo=zephyr|Zephyr"}
    assert told["fields_of"] == {"tasks": ["demo_vo_season", "demo_vo_sponsor", "demo_vo_owner"]}
    assert told["error_rules"] == {"transform": 2}
    assert told["options"] == {"shift_hours": "8", "logbook.token": "***"}
    assert told["sections"] == {
        "demo_vo": [
            "/demo_vo/shift/",
            "/zephyr/shiftlist/",
            "/api/v1/demo_vo/shift/<str:ring>",
            "/demo_vo/notes/",
            "/demo_vo/wind/",
            "/demo_vo/alarms/",
            "/demo_vo/load/",
            "mount jobs",
            "mount quiet_vo",
        ],
        "demo_vo-tasks": ["mount tasks"],
    }
    assert list(told["fields"]) == ["demo_vo_ring", "demo_vo_size", "demo_vo_campaign", "demo_vo_operator"]
    text = bigpandamon(plugins, file, "plugins").stdout
    assert "demo_vo: active, bigpandamon-demo_vo 1.0\n" in text
    assert "sesame" not in text


def test_halves_are_harmless_and_told(plugins, file):
    enable(file, quiet_vo=ON, left_over=ON)
    assert bigpandamon(plugins, file, "demo", "schema").returncode == 0
    assert bigpandamon(plugins, file, "migrate").returncode == 0
    done = bigpandamon(plugins, file, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert "ok       plugins: quiet_vo 1.0 is active" in done.stdout
    assert "ok       plugins: demo_vo is installed, not enabled" in done.stdout
    assert (
        f"{file.parent}/plugins.d/left_over.toml has no effect: no plugin left_over is installed"
        in done.stdout
    )
    found = states(bigpandamon(plugins, file, "plugins", "--json"))
    assert found["left_over"] == "enabled but not installed"
    assert (found["quiet_vo"], found["demo_vo"]) == ("active", "installed, not enabled")


FAULTY = ON + "shift_hours = true\n"


@pytest.mark.parametrize("words", [("check",), ("serve",), ("plugins",)])
def test_a_faulty_plugin_stops_the_start(words, plugins, file):
    enable(file, demo_vo=FAULTY)
    done = bigpandamon(plugins, file, *words)
    assert done.returncode == 2
    assert [line.strip() for line in done.stderr.splitlines()] == [
        "The configuration has 2 mistakes:",
        f"{file.parent}/plugins.d/demo_vo.toml: shift_hours: expected a whole number, found true",
        f"{plugins}/bigpandamon_demo_vo/plugin.py: requires: expected the plugin quiet_vo to be active, "
        "found it is not",
        "correct it; `bigpandamon config` shows what is in force",
    ]


def test_the_web_process_does_not_start_either(plugins, file):
    enable(file, demo_vo=FAULTY)
    done = run(plugins, file, "-c", VISIT)
    assert done.returncode != 0
    assert "shift_hours: expected a whole number, found true" in done.stderr


def test_it_brings_its_own_templates_and_files(plugins, file):
    enable(file, demo_vo=ON, quiet_vo=ON)
    bigpandamon(plugins, file, "demo", "schema")
    bigpandamon(plugins, file, "migrate")
    assert run(plugins, file, "-c", VISIT).stdout.split() == ["200", "True", "200", "True"]


ASK = (
    VISIT.partition("page = ")[0]
    + """
for path in ("/jobs/?json", "/demo_vo/jobs/?json", "/demo_vo/notes/?json", "/health"):
    answer = client.get(path)
    print(path, answer.status_code, b"run `bigpandamon migrate`" in answer.content)
"""
)
CORE_ANSWERS = ["/jobs/?json 200 False", "/demo_vo/jobs/?json 200 False"]


def test_its_tables_come_by_migrate_and_stay_until_they_are_purged(plugins, file):
    enable(file, quiet_vo=ON)
    bigpandamon(plugins, file, "demo", "schema")
    bigpandamon(plugins, file, "migrate")
    enable(file, demo_vo=ON)
    asked = run(plugins, file, "-c", ASK).stdout.splitlines()
    assert asked == [*CORE_ANSWERS, "/demo_vo/notes/?json 503 True", "/health 200 False"]
    checked = bigpandamon(plugins, file, "check")
    assert checked.returncode == 1
    assert "lacks bigpandamon_demo_vo.0001_notes" in checked.stdout
    listed = bigpandamon(plugins, file, "import", "list")
    assert "demo_vo-notes" not in listed.stdout
    assert "Records of Zephyr wait for `bigpandamon migrate`." in listed.stderr
    bigpandamon(plugins, file, "migrate")
    assert "demo_vo-notes    notes of shift crews" in bigpandamon(plugins, file, "import", "list").stdout
    asked = run(plugins, file, "-c", ASK).stdout.splitlines()
    assert asked == [*CORE_ANSWERS, "/demo_vo/notes/?json 200 False", "/health 200 False"]
    assert "demo_vo is switched on" in bigpandamon(plugins, file, "plugins", "purge", "demo_vo").stderr


def purged_without(gone: Path, file: Path) -> Ran:
    """Asked to purge while the own database is away."""
    away = file.with_name("away.toml")
    away.write_text(file.read_text() + '[database]\nurl = "mysql://a:b@127.0.0.1:1/own"\nwait_seconds = 1\n')
    done = bigpandamon(gone, away, "plugins", "purge", "demo_vo", "--yes")
    assert done.returncode == 1
    return done


def test_what_an_absent_plugin_left_is_purged_by_name(plugins, file, tmp_path):
    enable(file, quiet_vo=ON, demo_vo=ON)
    bigpandamon(plugins, file, "migrate")
    (tmp_path / "plugins.d" / "demo_vo.toml").unlink()
    gone = tmp_path / "nothing"
    gone.mkdir()
    asked = bigpandamon(gone, file, "plugins", "purge", "demo_vo")
    assert (asked.returncode, "no terminal" in asked.stderr) == (1, True)
    assert asked.stdout.splitlines() == [
        "bigpandamon_demo_vo_answer: 0 rows",
        "bigpandamon_demo_vo_note: 0 rows",
    ]
    assert bigpandamon(gone, file, "plugins", "purge", "demo_vo", "--yes").returncode == 0
    assert "Traceback" not in purged_without(gone, file).stderr
    again = bigpandamon(gone, file, "plugins", "purge", "demo_vo", "--yes")
    assert (again.returncode, "no tables of demo_vo" in again.stderr) == (1, True)
    enable(file, demo_vo=ON)
    assert "Applying bigpandamon_demo_vo.0001_notes" in bigpandamon(plugins, file, "migrate").stdout


def test_every_installed_plugin_conforms(plugins, file):
    done = bigpandamon(plugins, file, "plugins", "--conformance")
    assert (done.returncode, done.stderr) == (0, "")
    names = states(bigpandamon(plugins, file, "plugins", "--json"))
    assert {*NAMES} <= names.keys()


def test_what_does_not_conform_is_told(plugins, file, tmp_path):
    folder = editable(tmp_path / "spoilt")
    package = folder / "bigpandamon_quiet_vo"
    source = package.joinpath("plugin.py").read_text()
    package.unlink()
    package.mkdir()
    package.joinpath("__init__.py").touch()
    spoilt = source.replace('words = ("quiet_vo", "hush")', 'words = ("quiet_vo", "panda")').replace(
        '    """Scopes', '    # """Scopes'
    )
    package.joinpath("plugin.py").write_text("import bigpandamon_core.domain.window\n" + spoilt)
    done = bigpandamon(folder, file, "plugins", "quiet_vo", "--conformance")
    assert done.returncode == 1
    place = f"{package}/plugin.py"
    assert (
        f"{place}: expected imports of bigpandamon_core.plugin only, found bigpandamon_core.domain.window"
        in done.stderr
    )
    assert f"{place}: expected a docstring that says what the plugin adds, found none" in done.stderr
    assert 'words: expected no name of a plugin in core, found "' in done.stderr


def test_an_answer_that_fails_does_not_conform(plugins, file, tmp_path):
    folder = editable(tmp_path / "failing")
    package = folder / "bigpandamon_quiet_vo"
    source = package.joinpath("plugin.py").read_text()
    package.unlink()
    package.mkdir()
    package.joinpath("__init__.py").touch()
    package.joinpath("plugin.py").write_text(
        source.replace("return Table", "raise ValueError\n    return Table")
    )
    done = bigpandamon(folder, file, "plugins", "quiet_vo", "--conformance")
    assert done.returncode == 1
    assert "GET /quiet_vo/greeting/?format=csv: expected 200 or 404, found 500" in done.stderr


def with_gauges(tmp_path, old, new):
    """demo_vo with something else in its gauges."""
    folder = editable(tmp_path / "changed")
    package = folder / "bigpandamon_demo_vo"
    real = package.resolve()
    package.unlink()
    shutil.copytree(real, package)
    gauges = package / "gauges.py"
    gauges.write_text(gauges.read_text().replace(old, new))
    return folder


def test_an_answer_of_another_type_than_declared_does_not_conform(plugins, file, tmp_path):
    folder = with_gauges(tmp_path, 'answer={"type": "object"', 'answer={"type": "array"')
    done = bigpandamon(folder, file, "plugins", "demo_vo", "--conformance")
    assert done.returncode == 1
    assert "answer of /demo_vo/load/: expected object, as it answers, found array" in done.stderr


def test_a_builder_that_counts_at_once_does_not_conform(plugins, file, tmp_path):
    hasty = "self.jobs = GroupedJobs(call)\n        self.jobs.count()"
    folder = with_gauges(tmp_path, "self.jobs = GroupedJobs(call)", hasty)
    done = bigpandamon(folder, file, "plugins", "demo_vo", "--conformance")
    assert done.returncode == 1
    assert "resource demo_vo-load: build: expected a builder that asks no database yet" in done.stderr


@pytest.mark.packaging
def test_wheels_of_the_invented_plugins(file, tmp_path):
    tree = copy_repository(tmp_path / "tree")
    wheels = [build_wheel(tree / "tests" / name, name, tmp_path) for name in NAMES]
    folder = installed(wheels, tmp_path / "installed")
    assert {states(bigpandamon(folder, file, "plugins", "--json"))[name] for name in NAMES} == {
        "installed, not enabled"
    }
    enable(file, demo_vo=ON, quiet_vo=ON)
    assert states(bigpandamon(folder, file, "plugins", "--json"))["demo_vo"] == "active"
    done = bigpandamon(folder, file, "plugins", *NAMES, "--conformance")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.packaging
def test_a_new_plugin_conforms(file, tmp_path):
    tree = copy_repository(tmp_path / "tree")
    made = run(tree, file, str(tree / "packaging" / "new_plugin.py"), "demoland")
    assert made.returncode == 0, made.stderr
    folder = installed([build_wheel(tree, "demoland", tmp_path)], tmp_path / "installed")
    done = bigpandamon(folder, file, "plugins", "demoland", "--conformance")
    assert (done.returncode, done.stderr) == (0, "")
    assert "resources answer" in done.stdout


def test_a_new_plugin_gets_no_address_of_core():
    made = runpy.run_path(str(ROOT / "packaging" / "new_plugin.py"))
    assert made["TAKEN"] - {"core"} == taken()
