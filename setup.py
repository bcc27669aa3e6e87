"""One table of distributions; BIGPANDAMON_DIST says which one this run builds (core when unset).

Every distribution has its own build folder, so that no wheel can pick up files another build left behind.
"""

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent
RECIPES = ROOT / "packaging" / "rpm"
ENTRY_POINT_GROUP = "bigpandamon.plugins"
PACKAGE_DATA = ("py.typed", "templates/**/*", "static/**/*", "**/*.csv", "**/*.toml")


@dataclass(frozen=True)
class Distribution:
    """What setuptools has to know of one wheel.

    `key` is also the plugin's name, and the folder that holds the package, unless that stands `beside` the
    one of another key.
    """

    key: str
    summary: str
    dependencies: tuple[str, ...] = ()
    extras: tuple[tuple[str, tuple[str, ...]], ...] = ()
    scripts: tuple[str, ...] = ()
    plugin: str = ""
    beside: str = ""

    @property
    def name(self) -> str:
        return f"bigpandamon-{self.key.replace('_', '-')}"

    @property
    def folder(self) -> str:
        return self.beside or self.key

    @property
    def package(self) -> str:
        return f"bigpandamon_{self.key}"

    @property
    def entry_points(self) -> dict[str, list[str]]:
        """Entry points by group; a plugin is found by its name in ENTRY_POINT_GROUP."""
        points = {"console_scripts": list(self.scripts)} if self.scripts else {}
        if self.plugin:
            points[ENTRY_POINT_GROUP] = [f"{self.key} = {self.package}.plugin:{self.plugin}"]
        return points


PLUGIN_DEPENDENCIES = ("bigpandamon-core",)
DISTRIBUTIONS = (
    Distribution(
        key="core",
        summary="Monitor for the PanDA workload management system",
        dependencies=(
            "Django>=5.2,<6",
            "gunicorn>=27.0.1",
            "ijson>=3.3",
            "nh3>=0.3",
            "numpy>=2.1",
            "orjson>=3.10",
            "prometheus_client>=0.21",
            "pyarrow>=18",
            "pymemcache>=4",
        ),
        extras=(
            ("mysql", ("mysqlclient>=2.2",)),
            ("postgresql", ("psycopg[binary]>=3.2",)),
            ("oracle", ("oracledb>=2.5",)),
        ),
        scripts=("bigpandamon = bigpandamon_core.management.main:main",),
    ),
    Distribution("atlas", "ATLAS pages of bigpandamon", PLUGIN_DEPENDENCIES, plugin="Atlas"),
    Distribution(
        "lsst",
        "Rubin Observatory pages of bigpandamon",
        (*PLUGIN_DEPENDENCIES, "PyYAML>=6.0.2"),
        plugin="Lsst",
    ),
    Distribution(
        "htcondor",
        "HTCondor pages of bigpandamon",
        (*PLUGIN_DEPENDENCIES, "bigpandamon-htcondor-agent"),
        plugin="Htcondor",
    ),
    Distribution(
        "htcondor_agent",
        "Sends what an HTCondor access point knows of its jobs to bigpandamon",
        scripts=("bigpandamon-htcondor-agent = bigpandamon_htcondor_agent.main:main",),
        beside="htcondor",
    ),
    Distribution("compass", "COMPASS pages of bigpandamon", PLUGIN_DEPENDENCIES, plugin="Compass"),
)


def chosen(key: str) -> Distribution:
    """The distribution of that key; SystemExit names the ones that exist."""
    for distribution in DISTRIBUTIONS:
        if distribution.key == key:
            return distribution
    known = ", ".join(distribution.key for distribution in DISTRIBUTIONS)
    raise SystemExit(f"BIGPANDAMON_DIST={key}: no such distribution. Known: {known}.")


def git(*arguments: str) -> str:
    """The answer of git about this checkout, "" where there is none (an unpacked archive, no git, no tag)."""
    if not (ROOT / ".git").exists():
        return ""
    try:
        answer = subprocess.run(("git", *arguments), cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return answer.stdout.strip()


def version() -> str:
    """PEP 440, from BIGPANDAMON_VERSION (builds from an archive), else the newest tag v*, else the commit."""
    if given := os.environ.get("BIGPANDAMON_VERSION", ""):
        return given
    if described := git("describe", "--tags", "--long", "--match", "v[0-9]*"):
        tag, count, commit = described.rsplit("-", 2)
        return tag[1:] if count == "0" else f"{tag[1:]}.post{count}+{commit}"
    if count := git("rev-list", "--count", "HEAD"):
        return f"0.0.0+git{count}.g{git('rev-parse', '--short', 'HEAD')}"
    return "0.0.0"


def commands() -> dict[str, Any]:
    """Commands of our own; none where the recipes of RPMs are not at hand."""
    if not RECIPES.is_dir():
        return {}
    sys.path.append(str(RECIPES))
    return {"bdist_rpm": import_module("bdist_rpm").bdist_rpm}


def build(distribution: Distribution) -> None:
    """Hand one row of the table to setuptools. Metadata stays readable by setuptools 66."""
    setup(
        name=distribution.name,
        version=version(),
        description=distribution.summary,
        long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
        long_description_content_type="text/markdown",
        license="Apache-2.0",
        url="https://github.com/PanDAWMS/panda-bigmon-core",
        license_files=["LICENSE"],
        python_requires=">=3.11",
        package_dir={"": distribution.folder},
        packages=find_packages(
            distribution.folder, include=[distribution.package, f"{distribution.package}.*"]
        ),
        package_data={distribution.package: list(PACKAGE_DATA)},
        include_package_data=False,
        zip_safe=False,
        install_requires=list(distribution.dependencies),
        extras_require={extra: list(needs) for extra, needs in distribution.extras},
        entry_points=distribution.entry_points,
        cmdclass=commands(),
        options={"build": {"build_base": f"build/{distribution.key}"}},
    )


if __name__ == "__main__":
    os.chdir(ROOT)
    build(chosen(os.environ.get("BIGPANDAMON_DIST", "core")))
