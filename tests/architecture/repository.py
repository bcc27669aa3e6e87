"""The files of this repository, as the architecture tests read them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "core" / "bigpandamon_core"


def files(*folders: str) -> list[Path]:
    """Files under the folders (all when none is given), committed or about to be; ignored ones left out."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = sorted({ROOT / name for name in listed.stdout.split("\0") if name})
    return [path for path in paths if path.is_file()]


def sources(*folders: str) -> list[Path]:
    """The Python files under the folders."""
    return [path for path in files(*folders) if path.suffix == ".py"]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
