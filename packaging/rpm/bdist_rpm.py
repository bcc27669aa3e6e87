"""`setup.py bdist_rpm`: an RPM of a distribution of the table, of another plugin's tree, or of the libraries.

The recipe is NAME.spec, else plugin.spec. What it has to know stands above it in the same file, so a source
RPM builds again anywhere, alone. Two builds of one commit give the same bytes in whatever folder.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import source_archives
import wheelhouse
from setuptools import Command, Distribution

RECIPES = Path(__file__).resolve().parent
ROOT = RECIPES.parent.parent
REQUIREMENTS = ROOT / "packaging" / "requirements" / "runtime.txt"
RUNTIME, CORE, PLUGIN = "runtime", "core", "plugin"
WITH_SAMPLES = (CORE, "htcondor_agent")
TOOLS = ("pip", "setuptools")
"""What makes a package of a folder; the private environment has no use for them."""
SWITCHED_ON = b"enabled = true\n"
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8"}


class bdist_rpm(Command):  # noqa: N801  # pylint: disable=invalid-name  # setuptools names commands so
    """Builds one RPM into dist/."""

    description = "build an RPM of the distribution that BIGPANDAMON_DIST names, or of the libraries"
    user_options = [
        ("runtime", None, "the libraries instead of a distribution"),
        ("tree=", None, "a plugin's tree elsewhere, with a pyproject.toml, instead of one of the table"),
        ("python=", None, "version of the interpreter in /usr/bin (default: the newest known one there)"),
        ("sources=", None, "folder of the wheelhouses that `make sources` fetched (default: build/sources)"),
        ("build-folder=", None, "where rpmbuild works (default: build/rpm)"),
        ("dist-dir=", "d", "where RPMs go (default: dist)"),
        ("source-only", None, "build the source RPM instead"),
    ]
    boolean_options = ["runtime", "source-only"]

    def initialize_options(self) -> None:
        self.tree = self.python = ""
        self.sources, self.build_folder, self.dist_dir = "build/sources", "build/rpm", "dist"
        self.runtime = self.source_only = 0
        self.name = self.key = self.summary = self.version = self.wheel_version = ""
        self.licence = self.url = ""
        self.source = self.wheelhouse = ROOT
        self.recipe, self.package, self.needed = RUNTIME, "", [""]

    def finalize_options(self) -> None:
        self.python = self.python or wheelhouse.newest_python()
        self.wheelhouse = Path(self.sources).resolve() / f"wheelhouse-{self.python}"
        self.source = Path(self.tree).resolve() if self.tree else ROOT
        about = _described(self.source) if self.tree else self.distribution
        self.name = f"bigpandamon-{RUNTIME}" if self.runtime else about.get_name()
        self.key = self.name.removeprefix("bigpandamon-").replace("-", "_")
        self.summary, self.wheel_version = about.get_description(), about.get_version()
        self.version = runtime_version() if self.runtime else rpm_version(self.wheel_version)
        told = about.metadata
        self.licence = getattr(told, "license_expression", "") or told.license or "not stated"
        self.url = told.url or next(iter(getattr(told, "project_urls", {}).values()), "")
        own = not self.tree and (RECIPES / f"{self.key}.spec").exists()
        self.recipe = self.key if own else PLUGIN
        self.package = f"{(about.package_dir or {}).get('', self.key)}/bigpandamon_{self.key}"
        asked = getattr(about, "install_requires", [])
        self.needed = [name for name in asked if name.startswith("bigpandamon-")]

    def run(self) -> None:
        folder = Path(self.build_folder).resolve() / self.key
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("SOURCES", "SPECS"):
            (folder / name).mkdir(parents=True)
        self._pack(folder / "SOURCES")
        spec = folder / "SPECS" / f"{self.name}.spec"
        texts = ((RECIPES / f"{name}.spec").read_text(encoding="utf-8") for name in ("common", self.recipe))
        spec.write_text(self._header() + "".join(texts), encoding="utf-8")
        self._rpmbuild(folder, spec)
        target = Path(self.dist_dir)
        target.mkdir(parents=True, exist_ok=True)
        for rpm in sorted(folder.glob("*RPMS/**/*.rpm")):
            print(shutil.copy2(rpm, target / rpm.name))

    def _header(self) -> str:
        """What a recipe has to know, as macros."""
        known = {
            "name": self.name,
            "key": self.key,
            "release_version": self.version,
            "runtime_version": runtime_version(),
            "wheel_version": self.wheel_version,
            "summary": self.summary,
            "licence": self.licence,
            "url": self.url,
            "python": self.python,
        }
        lines = [f"%global bpm_{name} {value}" for name, value in known.items() if value]
        bundled = [f"Provides: bundled(python3dist({name})) = {version}" for name, version in libraries()]
        lines += ["%global bpm_bundled %{expand:", *bundled, "}"]
        needed = (f"Requires: {name}" for name in self.needed)
        return "\n".join((*lines, "%global bpm_needed %{expand:", *needed, "}", "", ""))

    def _pack(self, folder: Path) -> None:
        if not self.wheelhouse.is_dir():
            raise SystemExit(f"{self.wheelhouse} is not there: `make sources` fetches what RPMs are made of.")
        contents = dict(self._contents())
        contents["SHA256SUMS"] = source_archives.sums(contents, "wheelhouse")
        named = f"{self.name}-{self.version}"
        moment = source_archives.changed(self.source)
        source_archives.write(folder / f"{named}.tar.gz", named, contents, moment)

    def _contents(self) -> Iterator[tuple[str, source_archives.Content]]:
        """What a wheel is made of, and the libraries that are needed for that, by name in the archive."""
        for path in self.wheelhouse.glob("[!.]*"):
            if self.runtime or path.name.partition("-")[0] in TOOLS:
                yield f"wheelhouse/{path.name}", path
        for path in self._files():
            yield path.relative_to(self.source).as_posix(), path
        if self.recipe == PLUGIN:
            switch = self.source / "etc" / "plugins.d" / f"{self.key}.toml"
            yield f"etc/plugins.d/{self.key}.toml", switch if switch.exists() else SWITCHED_ON
            programs = self.source / "etc" / "supervisord.d" / f"{self.key}.conf"
            if programs.exists():
                yield f"etc/supervisord.d/{self.key}.conf", programs

    def _files(self) -> Iterator[Path]:
        """The sources: of the table a distribution's part, of another tree all."""
        part = () if self.runtime else (self.package, *(("etc",) if self.key in WITH_SAMPLES else ()))
        names = (".",) if self.tree else ("setup.py", "README.md", "LICENSE", "packaging/rpm", *part)
        for name in names:
            yield from source_archives.files(self.source / name)

    def _rpmbuild(self, folder: Path, spec: Path) -> None:
        how = "-bs" if self.source_only else "-bb"
        unmet = ["--nodeps"] if Path("/etc/debian_version").exists() else []  # its rpm knows no package
        command = ("rpmbuild", how, *unmet, "--quiet", "--define", f"_topdir {folder}", str(spec))
        moment = str(source_archives.changed(self.source))
        environment = ENVIRONMENT | {"HOME": str(folder), "SOURCE_DATE_EPOCH": moment}
        log = folder / "log"
        with log.open("wb") as words:
            done = subprocess.run(command, env=environment, stdout=words, stderr=words, check=False)
        if done.returncode:
            raise SystemExit(f"rpmbuild failed:\n{log.read_text(encoding='utf-8')[-4000:]}")


def rpm_version(version: str) -> str:
    """A version of ours as RPM orders it: after a release `1.2.post3+gabc` is `1.2^3.gabc`, before the first
    `0.0.0+git7.gabc` is `0.0.0~git7.gabc`."""
    release, plus, local = version.partition("+")
    release, post, count = release.partition(".post")
    if post:
        return f"{release}^{count}.{local}"
    return f"{release}~{local}" if plus else release


def runtime_version(locked: Path = REQUIREMENTS) -> str:
    """That of the private environment: the day on which its libraries were locked."""
    found = re.search(r"^# Version (\S+)", locked.read_text(encoding="utf-8"), re.M)
    if not found:
        raise SystemExit(
            f"{locked} tells no version: `python packaging/rpm/wheelhouse.py lock` writes it anew."
        )
    return found[1]


def libraries(locked: Path = REQUIREMENTS) -> list[tuple[str, str]]:
    """Name and version of all that the private environment holds."""
    found = re.findall(r"^([\w.-]+)==(\S+)", locked.read_text(encoding="utf-8"), re.M)
    return [(name, version) for name, version in found if name not in TOOLS]


def _described(tree: Path) -> Distribution:
    """What the pyproject.toml of a plugin's tree tells."""
    with chdir(tree):
        found = Distribution()
        found.parse_config_files()
    return found
