"""`bigpandamon config`: what is in force and where it came from, secrets hidden."""

import json
import sys
from argparse import ArgumentParser, Namespace

from bigpandamon_core.config import Configuration, examine
from bigpandamon_core.config.mistakes import nearest
from bigpandamon_core.config.toml import written
from bigpandamon_core.management import start

NAME = "config"
HELP = "show the effective configuration and where each value came from; secrets are hidden"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("key", nargs="?", default="", help="one option, or a table such as cache")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(parsed: Namespace) -> int:
    """2 for an unknown key and for a faulty configuration, which is shown nevertheless."""
    configuration, mistakes = examine()
    keys = selected(configuration, parsed.key)
    if not keys:
        near = nearest(parsed.key, [option.key for option in configuration])
        print(
            f"There is no option {parsed.key}." + (f" Did you mean {near}?" if near else ""), file=sys.stderr
        )
        return start.MISCONFIGURED
    print(as_json(configuration, keys) if parsed.json else as_text(configuration, keys))
    if mistakes:
        start.tell(mistakes)
    return start.MISCONFIGURED if mistakes else 0


def selected(configuration: Configuration, key: str) -> list[str]:
    """The option of this key, all of a table, or everything for an empty key."""
    return [
        option.key
        for option in configuration
        if not key or option.key == key or option.key.startswith(f"{key}.")
    ]


def as_text(configuration: Configuration, keys: list[str]) -> str:
    settings = [f"{key} = {written(configuration.shown(key))}" for key in keys]
    width = max(map(len, settings))
    return "\n".join(
        f"{setting:{width}}  # {configuration.origin(key)}"
        for key, setting in zip(keys, settings, strict=True)
    )


def as_json(configuration: Configuration, keys: list[str]) -> str:
    entries = {key: {"value": configuration.shown(key), "origin": configuration.origin(key)} for key in keys}
    return json.dumps(entries, indent=2, ensure_ascii=False)
