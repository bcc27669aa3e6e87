"""The RPMs themselves: what each holds and asks for, and that nothing of where they were built is in them."""

import socket
import subprocess
from itertools import combinations
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT
from tests.packaging.conftest import copy_repository
from tests.packaging.rpms import AGENT, asked, build

pytestmark = [pytest.mark.packaging, pytest.mark.slow]
PLUGIN_FILES = "/usr/lib/bigpandamon/lib/python3.*/site-packages/bigpandamon_lsst*"


def files(rpm: Path) -> set[str]:
    return {line.split()[-1] for line in asked(rpm, "-l", "-v") if not line.startswith("d")}


def test_no_file_in_two_packages(rpms):
    for one, other in combinations(rpms.values(), 2):
        assert files(one) & files(other) == set()


def test_a_plugin_is_its_package_and_its_switch_and_has_no_scriptlet(rpms):
    outside = {path for path in files(rpms["lsst"]) if not Path(path).match(f"{PLUGIN_FILES}/**")}
    kept = {path for path in outside if "/bigpandamon_lsst" not in path}
    assert kept == {
        "/etc/bigpandamon/plugins.d/lsst.toml",
        "/usr/share/licenses/bigpandamon-lsst-1.2.3/LICENSE",
    }
    assert asked(rpms["lsst"], "--scripts", "--filetriggers", "--triggers") == []


def test_what_each_needs(rpms):
    needed = {key: set(asked(rpm, "--requires")) for key, rpm in rpms.items()}
    assert {"bigpandamon-core", "bigpandamon(plugin-api) = 1"} <= needed["lsst"]
    assert {"nginx", "memcached", "logrotate"} <= needed["core"]
    assert any(line.startswith("bigpandamon-runtime >= 20") for line in needed["core"])
    assert not [line for lines in needed.values() for line in lines if "python3dist" in line]
    bundled = [line for line in asked(rpms["runtime"], "--provides") if line.startswith("bundled(")]
    assert any(line.startswith("bundled(python3dist(django)) = 5.2.") for line in bundled)


def test_each_tells_whose_it_is(rpms):
    """A plugin from elsewhere is under its own licence."""
    told = {key: asked(rpm, "--queryformat", "%{LICENSE} %{URL}\n") for key, rpm in rpms.items()}
    ours = "Apache-2.0 https://github.com/PanDAWMS/panda-bigmon-core"
    assert (told["lsst"], told["demo_vo"]) == ([ours], ["MIT https://zephyr.example.org/monitor"])
    assert told["quiet_vo"] == ["not stated (none)"]


def test_the_agent_is_for_hosts_without_a_monitor(rpms):
    needed = asked(rpms[AGENT], "--requires")
    assert not [line for line in needed if line.startswith("bigpandamon")]
    assert any(line.startswith("/usr/bin/python3.") for line in needed)
    outside = {path for path in files(rpms[AGENT]) if "/bigpandamon_htcondor_agent" not in path}
    assert outside == {
        "/etc/bigpandamon-htcondor-agent.toml",
        "/usr/bin/bigpandamon-htcondor-agent",
        "/usr/lib/systemd/system/bigpandamon-htcondor-agent.service",
        "/usr/share/licenses/bigpandamon-htcondor-agent-1.2.3/LICENSE",
    }


def test_every_edited_file_is_kept(rpms):
    """Files below /etc are configuration; what may hold passwords is for the service's group alone."""
    for rpm in rpms.values():
        below = {path for path in files(rpm) if path.startswith("/etc/")}
        assert below == set(asked(rpm, "--configfiles"))
    owned = "[%{FILENAMES} %{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME}\n]"
    told = asked(rpms["core"], "--queryformat", owned)
    assert "/etc/bigpandamon/bigpandamon.toml -rw-r----- root:bigpandamon" in told


def test_nothing_tells_where_it_was_built(rpms, tmp_path, tree):
    """Paths, the name of this machine, and what looks like a secret."""
    for key in ("core", "lsst", AGENT):
        content = subprocess.run(("rpm2cpio", str(rpms[key])), capture_output=True, check=True).stdout
        for told in (str(ROOT), str(tree), "/tmp/", "BEGIN PRIVATE KEY"):
            assert told.encode() not in content, (key, told)
        assert asked(rpms[key], "--queryformat", "%{BUILDHOST}\n") == ["bigpandamon"]
    assert socket.gethostname() not in asked(rpms["runtime"], "--queryformat", "%{BUILDHOST}\n")


def test_two_folders_give_the_same_bytes(rpms, tmp_path):
    elsewhere = copy_repository(tmp_path / "another" / "place")
    for key in ("runtime", "core", "lsst"):
        again = build(elsewhere, tmp_path, key)
        assert (again.name, again.read_bytes()) == (rpms[key].name, rpms[key].read_bytes())


def test_a_source_rpm_builds_again_alone(rpms, tree, tmp_path):
    source = build(tree, tmp_path, "lsst", "1.2.3", "--source-only")
    unmet = ["--nodeps"] if Path("/etc/debian_version").exists() else []
    command = (
        "rpmbuild",
        "--rebuild",
        *unmet,
        "--quiet",
        "--define",
        f"_topdir {tmp_path}/again",
        str(source),
    )
    clean = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
    subprocess.run(command, cwd="/", env=clean, check=True)
    (again,) = (tmp_path / "again").rglob("*.rpm")
    assert files(again) == files(rpms["lsst"])


def test_a_library_that_is_another_stops_the_build(tree, tmp_path):
    """Whoever exchanges a file between fetching and building is found out."""
    source = build(tree, tmp_path, "lsst", "1.2.3", "--source-only")
    top = tmp_path / "top"
    subprocess.run(("rpm", "-i", "--nodeps", "--define", f"_topdir {top}", str(source)), check=True)
    (archive,) = (top / "SOURCES").iterdir()
    subprocess.run(("tar", "-xzf", archive.name), cwd=archive.parent, check=True)
    (wheel,) = archive.parent.glob("*/wheelhouse/setuptools-*")
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"x")
    subprocess.run(("tar", "-czf", archive.name, wheel.parent.parent.name), cwd=archive.parent, check=True)
    (spec,) = (top / "SPECS").iterdir()
    command = ("rpmbuild", "-bp", "--nodeps", "--define", f"_topdir {top}", str(spec))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"wheelhouse/{wheel.name}: FAILED" in done.stdout + done.stderr


def test_rpmlint_finds_no_error(rpms):
    rules = ROOT / "packaging" / "rpm" / "rpmlint.toml"
    command = ("rpmlint", "-c", str(rules), *map(str, rpms.values()))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert " 0 errors," in done.stdout, done.stdout
