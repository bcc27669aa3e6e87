"""The sample file and the reference page, generated from the options.

python -m bigpandamon_core.config.reference sample > etc/bigpandamon.toml
python -m bigpandamon_core.config.reference page > docs/configuration.md
"""

import sys
import textwrap
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from bigpandamon_core.config.options import OPTIONS, Option
from bigpandamon_core.config.toml import written
from bigpandamon_core.config.urls import DatabaseUrl

WIDTH = 100
TYPES: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Path: "path",
    DatabaseUrl: "database URL",
    list[str]: "list of texts",
    dict[str, str]: "table of texts",
    dict[str, int]: "table of whole numbers",
    dict[str, list[str]]: "table of lists of texts",
}
HEAD_OF_SAMPLE = """\
# Configuration of bigpandamon. Every line that is commented out shows a default: remove the mark
# to change it. `bigpandamon check` tells all mistakes, `bigpandamon config` what is in force.
# Paths are relative to this file; {state} in a path or database URL is paths.state.
"""
ABOUT_SWITCHES = """\
# It is active while it is installed and this says true. Every line that is commented out shows a
# default: remove the mark to change it. [scope] replaces which records are shown (docs/plugins.md).
"""
HEAD_OF_PAGE = """\
# Configuration

<!-- Generated from the options: python -m bigpandamon_core.config.reference page > docs/configuration.md -->

The monitor reads `/etc/bigpandamon/bigpandamon.toml`, or the file that the environment variable
`BIGPANDAMON_CONFIG` names. With neither it runs on the defaults below, with both databases as SQLite
files in the state folder. `etc/bigpandamon.toml` is a sample with every option at its default.

- `bigpandamon check` tells every mistake at once, each with file, key, what was expected and the nearest
  known key; then it tries the databases and the cache. `--config-only` tries nothing. The exit
  code is 0 if all is well, 1 if a service is not, 2 if the configuration is wrong.
- `bigpandamon doctor` goes on where `check` stops, looks at more and says what to do
  ([install.md](install.md)).
- `bigpandamon config` shows each value in force and the file it came from, without secrets.
- No process starts on a configuration that has a mistake.

Keys are dotted here; in the file each part before the last is a table: `cache.kind` is `kind` under
`[cache]`. Relative paths begin at the file's folder. `{state}` in a path or database URL is `paths.state`.

A database URL is `sqlite:////folder/file` (four slashes for an absolute path) or
`mysql|mariadb|postgresql|oracle://user:password@host:port/name`; reserved characters are percent-encoded
(`@` is `%40`, `/` is `%2F`). On Oracle the name is the service, or without a host a TNS alias. What follows
a question mark goes to the driver. Secrets are never printed: a URL is shown with `***` for its password.

## Plugins

A plugin is active when it is installed and `plugins.d/<name>.toml` beside the configuration file (or in
`plugins.folder`) says `enabled = true`. The file's other keys are the plugin's own options; they are checked
like the ones here. `[scope]` replaces which records it shows, by noun: `jobs = "vo=one|other"`, in the words
of the page's own filters. Only `*.toml` is read. `bigpandamon plugins` tells what each declares and what is
wrong with it.
"""


def sample(options: Iterable[Option] = OPTIONS, head: str = HEAD_OF_SAMPLE) -> str:
    """A TOML file that sets nothing and shows everything."""
    lines = [head.rstrip()]
    for table, members in groupby(options, key=lambda option: option.key.rpartition(".")[0]):
        lines += ["", f"[{table}]"] if table else [""]
        for option in members:
            lines += _commented(option)
    return "\n".join(lines) + "\n"


def switch(title: str, about: str, options: Iterable[Option]) -> str:
    """The switch file of a plugin: on, and every option of its own at its default."""
    head = "\n".join(_comment(f"{title}: {about}"))
    return sample(sorted(options, key=_table), f"{head}\n{ABOUT_SWITCHES}\nenabled = true\n").rstrip() + "\n"


def _table(option: Option) -> str:
    """Keys without a table have to come first; those of a table stand together."""
    return option.key.rpartition(".")[0]


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="# ", subsequent_indent="# ")


def _commented(option: Option) -> Iterator[str]:
    name = option.key.rpartition(".")[2]
    text = " ".join(part for part in (option.help, _limits(option)) if part)
    yield from _comment(text)
    yield f"#{name} = {written(option.default)}"


def _limits(option: Option) -> str:
    """What is allowed, as a sentence; empty if the help says it all."""
    parts = [f"One of {', '.join(option.choices)}."] if option.choices else []
    if option.rule:
        parts.append(f"Allowed: {option.rule.expected} {option.unit}".rstrip() + ".")
    elif option.unit:
        parts.append(f"Unit: {option.unit}.")
    return " ".join(parts)


def page(options: Iterable[Option] = OPTIONS) -> str:
    """The reference in Markdown."""
    lines = [HEAD_OF_PAGE.rstrip()]
    for table, members in groupby(options, key=lambda option: option.key.partition(".")[0]):
        lines += ["", f"## {table}", "", "| key | type | default | meaning |", "|---|---|---|---|"]
        lines += [_row(option) for option in members]
    return "\n".join(lines) + "\n"


def _row(option: Option) -> str:
    meaning = " ".join(part for part in (option.help, _limits(option)) if part)
    kind = TYPES[option.type] + (", secret" if option.secret else "")
    cells = (f"`{option.key}`", kind, f"`{written(option.default)}`", meaning.replace("|", "\\|"))
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write({"sample": sample, "page": page}[sys.argv[1]]())
