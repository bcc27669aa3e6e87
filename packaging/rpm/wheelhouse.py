"""The libraries of the private environment, as files: fetched by their hashes, or the hashes written anew.

python packaging/rpm/wheelhouse.py fetch [3.12]     (into build/sources, what is there stays)
python packaging/rpm/wheelhouse.py lock             (writes packaging/requirements/runtime.txt)

Wheels are those of any machine of the architecture; mysqlclient, which has none, comes as its source archive.
"""

import platform
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from time import gmtime, strftime

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "packaging" / "requirements"
TARGET = ROOT / "build" / "sources"
WANTED, LOCKED = FOLDER / "runtime.in", FOLDER / "runtime.txt"
SOURCES = ("mysqlclient",)
PYTHONS = ("3.11", "3.12")
ARCHITECTURES = ("x86_64", "aarch64")
GLIBC = ("2_28", "2_27", "2_26", "2_17", "2_5")
"""Of EL 8 and later, and older ones that wheels name."""
HEAD = """\
# The libraries of the RPMs' private environment, with the hashes of every file that may be taken.
# Written by `python packaging/rpm/wheelhouse.py lock` from runtime.in.
# Version {day}
"""


def newest_python() -> str:
    """The version of the interpreter that RPMs are built for. Ends the program if none is known here."""
    for version in reversed(PYTHONS):
        if Path(f"/usr/bin/python{version}").exists():
            return version
    raise SystemExit(f"None of the interpreters {', '.join(PYTHONS)} is in /usr/bin: RPMs are built for one.")


def fetch(python: str, target: Path = TARGET, locked: Path = LOCKED) -> None:
    """Download what is locked, for this machine's architecture. Ends the program if anything is another."""
    folder = target / f"wheelhouse-{python}"
    whole, lines = folder / ".whole", _requirements(locked)
    if whole.exists() and whole.read_text(encoding="utf-8").splitlines() == lines:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with TemporaryDirectory() as temporary:
        wheels, archives = _of_machine(python, platform.machine()), ["--no-binary=:all:"]
        for source, options in ((False, wheels), (True, archives)):
            file = Path(temporary) / f"{source}.txt"
            file.write_text("\n".join(one for one in lines if _is_source(one) is source), encoding="utf-8")
            _download(folder, "--no-deps", "--require-hashes", *options, "-r", str(file))
    whole.write_text("\n".join(lines), encoding="utf-8")


def lock() -> None:
    """Resolve what is wanted and write the hashes of its files for every interpreter and architecture."""
    hashes = defaultdict[str, set[str]](set)
    with TemporaryDirectory() as temporary:
        for place, options in enumerate(_variants()):
            folder = Path(temporary) / str(place)
            _download(folder, *options)
            for file in folder.iterdir():
                hashes[_pin(file.name)].add(sha256(file.read_bytes()).hexdigest())
    LOCKED.write_text(
        HEAD.format(day=strftime("%Y.%m.%d", gmtime())) + "\n".join(_locked(hashes.items())) + "\n",
        encoding="utf-8",
    )


def _variants() -> Iterable[list[str]]:
    """Options of the downloads that together bring every file."""
    with TemporaryDirectory() as temporary:
        wheels = Path(temporary) / "wheels.in"
        text = WANTED.read_text(encoding="utf-8").replace("-c lock.txt", f"-c {FOLDER}/lock.txt")
        wheels.write_text(re.sub(rf"^({'|'.join(SOURCES)})$", "", text, flags=re.M), encoding="utf-8")
        for python in PYTHONS:
            for architecture in ARCHITECTURES:
                yield [*_of_machine(python, architecture), "-r", str(wheels)]
    yield ["--no-deps", "--no-binary=:all:", "-c", str(FOLDER / "lock.txt"), *SOURCES]


def _of_machine(python: str, architecture: str) -> list[str]:
    platforms = [f"--platform=manylinux_{glibc}_{architecture}" for glibc in GLIBC]
    older = [f"--platform=manylinux2014_{architecture}"]
    return ["--only-binary=:all:", f"--python-version={python}", *platforms, *older]


def _download(folder: Path, *options: str) -> None:
    quietly = ("--disable-pip-version-check", "-q")
    command = (sys.executable, "-m", "pip", "download", *quietly, "-d", str(folder))
    if subprocess.run((*command, *options), check=False).returncode:
        raise SystemExit("The libraries could not be fetched: see above. The locked files stay as they are.")


def _pin(file: str) -> str:
    """`name==version` of a file of a library."""
    name, version = re.match(r"(.+?)-(\d[^-]*?)(?:-.*|\.tar\.gz)$", file).groups()  # type: ignore[union-attr]
    return f"{name.replace('_', '-').lower()}=={version}"


def _locked(hashes: Iterable[tuple[str, set[str]]]) -> Iterable[str]:
    for pin, digests in sorted(hashes):
        yield " \\\n    ".join((pin, *(f"--hash=sha256:{digest}" for digest in sorted(digests))))


def _requirements(locked: Path) -> list[str]:
    text = locked.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _is_source(requirement: str) -> bool:
    return requirement.partition("==")[0] in SOURCES


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["lock"]:
            lock()
        case ["fetch"]:
            fetch(newest_python())
        case ["fetch", version]:
            fetch(version)
        case _:
            raise SystemExit(__doc__)
