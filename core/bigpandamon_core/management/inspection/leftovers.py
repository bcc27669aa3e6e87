"""Files of a package manager that lie beside the configuration: nothing reads them, somebody should."""

from collections.abc import Iterator
from pathlib import Path

from bigpandamon_core.config import Configuration
from bigpandamon_core.management.inspection import Finding, files, warning

NEW, SAVED = ".rpmnew", ".rpmsave"


def findings(configuration: Configuration) -> Iterator[Finding]:
    beside = [configuration.file.parent] if configuration.file else []
    for folder in dict.fromkeys([*beside, configuration.get("plugins.folder")]):
        yield from _of_folder(folder)


def _of_folder(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.glob("*.rpm*")) if folder.is_dir() else ():
        ours = path.with_suffix("")
        compare = f"compare with `diff {ours} {path}`"
        if path.suffix == NEW:
            text = f"{path} has the defaults of a newer release; {ours.name} stayed as it was edited"
            yield warning(files.SUBJECT, text, f"{compare}, take over what is wanted, remove {path.name}")
        elif path.suffix == SAVED:
            text = f"{path} was edited and is no longer in force"
            yield warning(files.SUBJECT, text, f"{compare} if that is there, then remove {path.name}")
