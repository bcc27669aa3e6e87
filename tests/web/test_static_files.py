"""Static files: names that hold a digest, what is answered under them, and under others."""

import gzip
import os
import re
import subprocess
from pathlib import Path

import pytest
from django.templatetags.static import static
from django.test import override_settings

from bigpandamon_core.web import static_files
from bigpandamon_core.web.page import PLOTS
from bigpandamon_core.web.static_files import FOR_GOOD, FOR_NOW, Package, packages
from tests.architecture.repository import ROOT
from tests.web.invented import PAGES, rendered

pytestmark = pytest.mark.once
CSS = "bigpandamon/bigpandamon.css"
ADDRESS = re.compile(r"/static/[^\"'\s]+")
IMPORTED = re.compile(rb"""(?:import\(|from |import |url\()["']([^"']+)["']""")
COMMON = ROOT / "packaging" / "rpm" / "common.spec"


@pytest.fixture
def installed(tmp_path):
    """`installed({"style.css": b""})`: an invented plugin's, for a process that starts now."""

    def install(contents: dict[str, bytes]) -> Path:
        folder: Path = tmp_path / "static" / "invented"
        for path, held in contents.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(held)
        packages.cache_clear()
        return folder

    with override_settings(STATICFILES_DIRS=[tmp_path / "static"]):
        yield install
    packages.cache_clear()


@pytest.mark.parametrize("name", PAGES)
def test_every_address_of_a_page_holds_for_good(client, name):
    vendor = PLOTS in packages()["bigpandamon"].contents
    for address in set(ADDRESS.findall(rendered(name, **PAGES[name] | {"vendor": vendor}))):
        answer = client.get(address)
        assert (answer.status_code, answer["Cache-Control"]) == (200, FOR_GOOD), address


def test_every_file_of_core_is_there_under_its_name(client):
    core = packages()["bigpandamon"]
    for path, held in core.contents.items():
        address = static(f"bigpandamon/{path}")
        answer = client.get(address)
        assert address == f"/static/bigpandamon/{core.digest}/{path}"
        assert (answer.status_code, answer["Cache-Control"], answer.content) == (200, FOR_GOOD, held)


def test_what_modules_import_and_styles_name_lies_beside_them(client):
    core = packages()["bigpandamon"]
    found = 0
    for path, held in core.contents.items():
        if path.startswith("vendor/"):
            continue
        names = IMPORTED.findall(held) if path.endswith((".js", ".css")) else []
        for name in (one.decode() for one in names):
            assert name.startswith("./"), f"{path} names {name} by more than its place"
            answer = client.get(static(f"bigpandamon/{path}").rpartition("/")[0] + name[1:])
            assert (answer.status_code, answer["Cache-Control"]) == (200, FOR_GOOD)
            found += 1
    assert found > 5


def test_a_changed_file_changes_its_name_and_that_of_its_neighbours(installed):
    installed({"style.css": b"a", "main.js": b"b"})
    before = [static(f"invented/{name}") for name in ("style.css", "main.js")]
    installed({"style.css": b"c"})
    after = [static(f"invented/{name}") for name in ("style.css", "main.js")]
    assert not set(before) & set(after)
    installed({"style.css": b"a"})
    assert before == [static(f"invented/{name}") for name in ("style.css", "main.js")]


@pytest.mark.parametrize("place", ["0123456789abcdef/", ""])
def test_another_digest_or_none_gives_the_file_of_now_and_nobody_keeps_it(client, place):
    answer = client.get(f"/static/bigpandamon/{place}bigpandamon.css")
    assert answer.content == packages()["bigpandamon"].contents["bigpandamon.css"]
    assert (answer.status_code, answer["Cache-Control"]) == (200, FOR_NOW)


@pytest.mark.parametrize(
    "path",
    ["nothing.css", "bigpandamon/nothing.css", "nowhere/a.css", "bigpandamon/../base.html", "bigpandamon/"],
)
def test_what_is_not_there_is_told_and_not_kept(client, path):
    answer = client.get(f"/static/{path}")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert b"There is nothing at" in answer.content


def test_a_process_gives_what_it_began_with(client, installed):
    """Its name is that of what it read, whatever a later release puts in its place."""
    folder = installed({"style.css": b"before"})
    address = static("invented/style.css")
    (folder / "style.css").write_bytes(b"after")
    assert (client.get(address).content, client.get(address)["Cache-Control"]) == (b"before", FOR_GOOD)


def test_compressed_it_is_the_same(client):
    for path in packages()["bigpandamon"].packed:
        address = static(f"bigpandamon/{path}")
        packed = client.get(address, headers={"accept-encoding": "gzip"})
        plain = client.get(address, headers={"accept-encoding": "gzip;q=0"})
        assert packed["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in plain
        assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) < len(plain.content)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("main.js", r"(text|application)/javascript; charset=utf-8"),
        ("bigpandamon.css", r"text/css; charset=utf-8"),
        ("icon.svg", r"image/svg\+xml"),
    ],
)
def test_types_are_those_that_browsers_run(client, path, expected):
    assert re.fullmatch(expected, client.get(static(f"bigpandamon/{path}"))["Content-Type"])


def test_what_is_not_there_has_no_digest_in_its_address():
    assert static("bigpandamon/nothing.css") == "/static/bigpandamon/nothing.css"
    assert static("nowhere/a b.css") == "/static/nowhere/a%20b.css"


def test_the_recipe_names_the_folder_alike(tmp_path):
    """By a shell that has none of our code, in any language of its user."""
    contents = {"main.js": b"1", "a b.css": b"2", "a/b.js": b"3", "a.b": b"", "B": b"4", "ä.svg": b"\xff"}
    for path, held in contents.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(held)
    (line,) = re.findall(r"^digest=\$\((.+)\); \\$", COMMON.read_text(), re.M)
    told = subprocess.run(
        ("sh", "-c", line.replace("%1", f"'{tmp_path}'")),
        env=os.environ | {"LC_ALL": "en_US.UTF-8"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == Package("any", contents).digest


def test_plugins_have_packages_of_their_own(client, installed):
    installed({"style.css": b"a"})
    assert set(static_files.packages()) == {"invented"}
    assert client.get(static("invented/style.css"))["Cache-Control"] == FOR_GOOD
