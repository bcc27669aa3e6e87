"""Folders for servers: short paths (a socket path has 107 bytes) that the server's user may enter."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def make_folder(name: str, owner: str = "") -> Path:
    """A new folder in /tmp that others may pass through, owned by the server's user when we are root."""
    folder = Path(tempfile.mkdtemp(prefix=f"bpm-{name}-", dir="/tmp"))
    folder.chmod(0o711)
    give(folder, owner)
    return folder


def give(path: Path, owner: str) -> None:
    if owner and os.geteuid() == 0:
        shutil.chown(path, owner)


@contextmanager
def folder(name: str, owner: str = "") -> Iterator[Path]:
    made = make_folder(name, owner)
    try:
        yield made
    finally:
        shutil.rmtree(made)
