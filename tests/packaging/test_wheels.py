"""Each wheel holds its own package, all of it, and nothing else."""

import subprocess
import sys
from configparser import ConfigParser
from email.parser import Parser
from itertools import combinations
from zipfile import ZipFile

import pytest

from setup import DISTRIBUTIONS, Distribution
from tests.packaging.conftest import VERSION

pytestmark = [pytest.mark.packaging, pytest.mark.slow]

each = pytest.mark.parametrize("row", DISTRIBUTIONS, ids=lambda row: row.key)


def information(row: Distribution) -> str:
    return f"{row.package}-{VERSION}.dist-info"


def read(wheels, row: Distribution, name: str) -> str:
    with ZipFile(wheels[row.key]) as wheel:
        return wheel.read(f"{information(row)}/{name}").decode()


@each
def test_own_package_alone(contents, row):
    assert {name.partition("/")[0] for name in contents[row.key]} == {row.package, information(row)}


@each
def test_every_file_of_the_package_is_in(tree, contents, row):
    found = (tree / row.folder / row.package).rglob("*")
    wanted = {path.relative_to(tree / row.folder).as_posix() for path in found if path.is_file()}
    assert wanted - contents[row.key] == set()


def test_no_file_in_two_wheels(contents):
    for one, other in combinations(contents, 2):
        assert contents[one] & contents[other] == set()


@each
def test_entry_points(wheels, row):
    points = ConfigParser(delimiters="=")
    points.read_string(read(wheels, row, "entry_points.txt"))
    found = {group: [" = ".join(point) for point in points[group].items()] for group in points.sections()}
    assert found == row.entry_points
    assert ("bigpandamon.plugins" in found) == bool(row.plugin)


@each
def test_metadata(wheels, row):
    metadata = Parser().parsestr(read(wheels, row, "METADATA"))
    assert (metadata["Name"], metadata["Version"]) == (row.name, VERSION)
    assert metadata["License"] == "Apache-2.0"
    assert "License-Expression" not in metadata, "setuptools before 77 cannot write it"


def test_the_agent_needs_nothing_beside_it(wheels):
    """Not even what else is installed here."""
    said = "from sys import argv, path; path.append(argv.pop(1)); from {}.main import main; main()"
    program = said.format("bigpandamon_htcondor_agent")
    command = (sys.executable, "-I", "-S", "-c", program, str(wheels["htcondor_agent"]), "--help")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--once" in done.stdout


def test_an_unknown_distribution_is_refused(tree):
    command = (sys.executable, "setup.py", "--name")
    nobody = {"BIGPANDAMON_DIST": "nobody"}
    answer = subprocess.run(command, cwd=tree, env=nobody, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "Known: core, " in answer.stderr
