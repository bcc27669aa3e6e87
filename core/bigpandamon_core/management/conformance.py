"""Plugins tried on an empty monitor: what is not as the contract says.

The command sets up an instance in a folder of its own and asks for every resource there in a second process,
which starts as the web process does. A VO's own tests run the command.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management import call_command

from bigpandamon_core.config import ConfigurationErrors, Mistake
from bigpandamon_core.management import start

if TYPE_CHECKING:
    from bigpandamon_core.plugin.loading import Seen
    from bigpandamon_core.sections.registry import Mounted

CONFIGURATION = """[paths]
state = "state"

[web]
allowed_hosts = ["localhost"]

[cache]
kind = "none"

[logging]
level = "warning"
"""
FINE = frozenset({200, 302, 404})
REFUSED, OPEN = frozenset({401, 403}), "read"
"""What is not for everybody refuses who has not signed in."""
MISSING = "missing-parameter"
JSON_TYPES: Mapping[str, type] = {"array": list, "object": dict}
_CONVERTER = re.compile(r"<[^>]*>")


def run(names: Collection[str]) -> int:
    """0 when these plugins, all without names, are as they should be; what is wrong is printed."""
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        file = Path(folder) / "bigpandamon.toml"
        file.write_text(CONFIGURATION, encoding="utf-8")
        os.environ["BIGPANDAMON_CONFIG"] = str(file)
        seen = _seen(names)
        absent = sorted(set(names) - {one.name for one in seen})
        wrong = [*_declarations(seen), *(Mistake(name, "", "an installed plugin", "none") for name in absent)]
        if not wrong:
            _enable(Path(folder), seen)
            return subprocess.run([sys.executable, "-m", __name__], check=False).returncode
    return _told(wrong, 0)


def _seen(names: Collection[str]) -> "list[Seen]":
    """The plugins of these names and those that they require."""
    configuration = start.django()
    # Imported here, as below: this needs Django set up.
    from bigpandamon_core.plugin.loading import examine  # pylint: disable=import-outside-toplevel

    found = {one.name: one for one in examine(configuration, disabled=True)}
    wanted = set(names or found)
    while more := {name for one in wanted & found.keys() for name in _required(found[one])} - wanted:
        wanted |= more
    return [one for name, one in found.items() if name in wanted]


def _required(seen: "Seen") -> tuple[str, ...]:
    return seen.plugin.requires if seen.plugin else ()


def _declarations(seen: "Iterable[Seen]") -> Iterator[Mistake]:
    from bigpandamon_core.plugin import conformance  # pylint: disable=import-outside-toplevel

    for one in seen:
        yield from one.mistakes
        if one.plugin:
            yield from conformance.mistakes(one.plugin)


def _enable(folder: Path, seen: "Iterable[Seen]") -> None:
    (folder / "plugins.d").mkdir()
    for one in seen:
        (folder / "plugins.d" / f"{one.name}.toml").write_text("enabled = true\n", encoding="utf-8")


def visit() -> int:
    """In the second process: start as web does, on empty tables, and ask for everything of the plugins."""
    start.django()
    from bigpandamon_core.demo import connection, schema  # pylint: disable=import-outside-toplevel
    from bigpandamon_core.web.loading import registry  # pylint: disable=import-outside-toplevel

    try:
        mounted = [one for one in registry().mounted.values() if one.prefix]
    except ConfigurationErrors as errors:
        return _told(errors.mistakes, 0)
    call_command("migrate", database="default", verbosity=0)
    schema.create(connection.writing(), services=True)
    wrong = [*unmigrated({app for one in mounted for app in one.apps})]
    if wrong:
        return _told(wrong, 0)
    found = [mistake for one in mounted for mistake in (*answers(one), *hasty(one))]
    return _told(found, len(mounted))


def unmigrated(apps: Iterable[str]) -> Iterator[Mistake]:
    """Models that migrations do not make as they are declared."""
    for app in sorted(apps):
        try:
            call_command("makemigrations", app.rpartition(".")[2], check_changes=True, verbosity=0)
        except SystemExit:
            expected = "migrations that make its models as they are"
            yield Mistake(
                app, "apps", expected, "changes without one", "write one: docs/plugins.md, tables of its own"
            )


def _told(mistakes: Collection[Mistake], count: int) -> int:
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    print(f"{len(mistakes)} complaints." if mistakes else f"As the contract says: {count} resources answer.")
    return 1 if mistakes else 0


def answers(mounted: "Mounted") -> Iterator[Mistake]:
    """A resource in each of its forms that answers neither well nor that there is nothing."""
    from django.test import Client  # pylint: disable=import-outside-toplevel

    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    for route in mounted.routes:
        address = "/" + _CONVERTER.sub("1", route)
        for name in ("", *mounted.resource.formats):
            response = client.get(address, {"format": name} if name else {})
            missing = response.wsgi_request.META.get("bigpandamon.problem") == MISSING
            refused = response.status_code in REFUSED and mounted.resource.access != OPEN
            if response.status_code not in FINE and not missing and not refused:
                what = f"GET {address}?format={name}"
                yield Mistake(f"resource {mounted.name}", what, "200 or 404", str(response.status_code))
            if name == "json" and response.status_code == 200:
                yield from _otherwise(mounted, address, json.loads(response.getvalue()))


def _otherwise(mounted: "Mounted", address: str, told: object) -> Iterator[Mistake]:
    """JSON that is not of the type that the resource declares for its answer."""
    declared = mounted.resource.answer.get("type")
    found = next((name for name, kind in JSON_TYPES.items() if isinstance(told, kind)), "a plain value")
    if declared and declared != found:
        expected = f"{found}, as it answers"
        yield Mistake(f"resource {mounted.name}", f"answer of {address}", expected, str(declared))


def hasty(mounted: "Mounted") -> Iterator[Mistake]:
    """A resource about a noun whose builder asks a database: it runs for kept answers, too."""
    from django.test import RequestFactory  # pylint: disable=import-outside-toplevel
    from django.urls import resolve  # pylint: disable=import-outside-toplevel

    from bigpandamon_core.domain.problems import Problem  # pylint: disable=import-outside-toplevel
    from bigpandamon_core.web.asked import read  # pylint: disable=import-outside-toplevel
    from bigpandamon_core.web.loading import registry  # pylint: disable=import-outside-toplevel

    if not mounted.own or not mounted.resource.noun:
        return
    address = "/" + _CONVERTER.sub("1", mounted.routes[0])
    request = RequestFactory(headers={"host": "localhost"}).get(address)
    try:
        asked = read(request, mounted, resolve(address).kwargs, registry())
        with _statements() as asked_at_once:
            mounted.resource.build(asked.call)
    except Problem:
        return
    if asked_at_once:
        name = f"resource {mounted.name}"
        yield Mistake(name, "build", "a builder that asks no database yet", asked_at_once[0][:60])


@contextmanager
def _statements() -> Iterator[list[str]]:
    """What the databases are asked inside."""
    from django.db import connections  # pylint: disable=import-outside-toplevel

    found: list[str] = []

    def noted(execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        found.append(sql)
        return execute(sql, *more)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(noted))
        yield found


if __name__ == "__main__":
    sys.exit(visit())
