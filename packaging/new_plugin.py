"""`make new-plugin NAME=…`: a plugin to start from, its folder and its row in the table of setup.py."""

import ast
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = re.compile(r"[a-z][a-z0-9]{1,30}")

TAKEN = frozenset(
    """account api core dash dataset datasetInfo datasetList datasets errors file filebrowser fileInfo
    fileList files find harvester harvesters health incidents job jobs jobstatuslog loadFileList
    logger login logout metrics new resourcetypes search site sites static statistics status_summary task
    tasknew tasks taskstatuslog ttc user users who wn wns workersfortask workingGroups workQueues
    """.split()
)
"""First parts of core's own addresses, and its folder."""
SOURCES = frozenset({".css", ".csv", ".html", ".js", ".py", ".toml"})

PLUGIN = '''"""What this plugin adds, in a sentence."""

from bigpandamon_core.plugin import NavItem, Plugin, Section, mount


class {title}(Plugin):
    """Its jobs. Every word that can be said here is told in docs/plugins.md."""

    name = "{name}"
    title = "{title}"
    api = 1
    words = ("{name}",)
    scope = {{"jobs": "vo={name}"}}
    sections = (
        Section(
            "{name}",
            "{title}",
            (),
            nav=(NavItem("{title} jobs", "{name}-jobs"),),
            mounts=(mount("jobs"),),
        ),
    )
'''
ROW = '    Distribution("{name}", "{title} pages of bigpandamon", PLUGIN_DEPENDENCIES, plugin="{title}"),\n'


def end_of_table(source: str) -> int:
    """The line, counted from 0, that closes DISTRIBUTIONS."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "DISTRIBUTIONS":
            return (node.end_lineno or 0) - 1
    raise SystemExit("setup.py has no table named DISTRIBUTIONS.")


def with_row(source: str, name: str) -> str:
    """setup.py with one more row at the end of its table."""
    lines = source.splitlines(keepends=True)
    lines.insert(end_of_table(source), ROW.format(name=name, title=name.capitalize()))
    return "".join(lines)


def said_in_core(name: str) -> str:
    """The first of core's files with the name as a word of its own, "" if none: core names no plugin."""
    word = re.compile(rf"(?<![a-z]){name}(?![a-z])", re.IGNORECASE)
    paths = sorted(path for path in (ROOT / "core").rglob("*") if path.suffix in SOURCES)
    found = (path for path in paths if word.search(path.read_text(encoding="utf-8")))
    return next((str(path.relative_to(ROOT)) for path in found), "")


def refuse(name: str) -> None:
    """SystemExit for a name that cannot be a plugin's."""
    if not NAME.fullmatch(name):
        raise SystemExit(f"'{name}' is no name for a plugin: small letters and digits, as in NAME=myvo.")
    if name in TAKEN:
        raise SystemExit(f"{name} is an address of core.")
    if (ROOT / name).exists():
        raise SystemExit(f"{name}/ exists already.")
    if said := said_in_core(name):
        raise SystemExit(f"{name} is a word of core ({said}), which says no plugin's name.")


def make(name: str) -> None:
    """Write the package, then the row that lets it be built."""
    package = ROOT / name / f"bigpandamon_{name}"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "py.typed").touch()
    (package / "plugin.py").write_text(PLUGIN.format(name=name, title=name.capitalize()), encoding="utf-8")
    setup = ROOT / "setup.py"
    setup.write_text(with_row(setup.read_text(encoding="utf-8"), name), encoding="utf-8")


def main(name: str) -> None:
    refuse(name)
    make(name)
    print(f"{name}/bigpandamon_{name}/plugin.py is yours to fill in; its row stands in setup.py.")
    print("`make .venv/ready-run`, and so `make run`, installs it.")
    print(f"It is active once plugins.d/{name}.toml beside the configuration says: enabled = true")
    print(f"`bigpandamon plugins --sample {name}` prints such a file with every option that it declares.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) == 2 else "")
