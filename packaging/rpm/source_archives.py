"""Source archives whose bytes depend on names, modes and contents alone."""

import gzip
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from hashlib import sha256
from io import BytesIO
from pathlib import Path

Content = Path | bytes
FIRST_DAY = 1_767_225_600
"""Of 2026: for sources that do not tell when they last changed."""
_LEFT_OUT = re.compile(r"^\.git$|^build$|^__pycache__$|\.egg-info$|\.pyc$")


def changed(tree: Path) -> int:
    """When sources last changed, in seconds since 1970: SOURCE_DATE_EPOCH, else the time of the commit."""
    if given := os.environ.get("SOURCE_DATE_EPOCH", ""):
        return int(given)
    command = ("git", "log", "-1", "--format=%ct")
    if not (tree / ".git").exists() or not shutil.which("git"):
        return FIRST_DAY
    return int(subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True).stdout)


def files(path: Path) -> Iterable[Path]:
    """A file, or all below a folder but for what builds and interpreters leave behind."""
    if path.is_file():
        return [path]
    found = (one for one in path.rglob("*") if one.is_file())
    return [one for one in found if not any(map(_LEFT_OUT.search, one.relative_to(path).parts))]


def sums(contents: Mapping[str, Content], folder: str) -> bytes:
    """What `sha256sum --check` needs for the files of a folder of the archive."""
    told = [f"{sha256(_read(contents[name])).hexdigest()}  {name}\n" for name in sorted(contents)]
    return "".join(line for line in told if line.split("  ")[1].startswith(f"{folder}/")).encode()


def write(target: Path, folder: str, contents: Mapping[str, Content], moment: int) -> None:
    """A compressed archive of one folder. contents: files, or their bytes, by name in it."""
    with ExitStack() as stack:
        raw = stack.enter_context(target.open("wb"))
        packed = stack.enter_context(gzip.GzipFile("", "wb", 6, raw, moment))
        tar = stack.enter_context(tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT))
        for name, content in sorted(contents.items(), key=lambda item: item[0]):
            member, data = tarfile.TarInfo(f"{folder}/{name}"), _read(content)
            member.size, member.mtime, member.mode = len(data), moment, _mode(content)
            tar.addfile(member, BytesIO(data))


def _read(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def _mode(content: Content) -> int:
    return 0o755 if isinstance(content, Path) and os.access(content, os.X_OK) else 0o644
