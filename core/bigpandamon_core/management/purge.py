"""`bigpandamon plugins purge NAME`: drop the tables that a plugin left in our own database."""

import sys
from collections.abc import Sequence

from django.db import Error

from bigpandamon_core.config import Configuration
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.management import operator, start

WORD = "purge"


def run(names: Sequence[str], is_sure: bool) -> int:
    """Raises Problem: no plugin is named, it is active, it left nothing, or the answer is not its name."""
    if len(names) != 1:
        raise Problem("Whose tables?", remedy="Give the name of one plugin.", code="missing-parameter")
    name, configuration = names[0], start.django()
    switch = configuration.switches.get(name)
    if switch and switch.enabled:
        remedy = f"Say enabled = false in {switch.file}, on every host, and reload the service there."
        raise Problem(f"The plugin {name} is switched on.", remedy=remedy)
    # Imported here: models can only be imported once Django is set up.
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.sources.failures import failure
    from bigpandamon_core.state.pending import OWN

    try:
        return _purge(name, configuration, is_sure)
    except Error as error:
        raise failure(OWN, error) from error


def _purge(name: str, configuration: Configuration, is_sure: bool) -> int:
    # pylint: disable=import-outside-toplevel
    from bigpandamon_core.accounts.audit import Act, Actor, note
    from bigpandamon_core.management.inspection import own
    from bigpandamon_core.state import leftovers

    label = leftovers.label_of_plugin(name)
    url = configuration.get("database.url")
    if own.is_absent(url) or not leftovers.is_known(label):
        raise Problem(f"The own database has no tables of {name}.", str(url))
    tables = leftovers.tables_of(label)
    print(*(f"{table}: {leftovers.rows_in(table):,} rows" for table in tables), sep="\n")
    if not is_sure:
        _ask(name)
    leftovers.drop(label, tables)
    note(Actor(operator.name()), Act.TABLES_DROPPED, name, ", ".join(tables))
    print(f"{len(tables)} tables of {name} are dropped.")
    return 0


def _ask(name: str) -> None:
    if not sys.stdin.isatty():
        raise Problem("There is no terminal to ask at.", remedy="Use --yes if these tables are to go.")
    print("They are gone for every host of this instance; the plugin must be off on all of them.")
    if input(f"Type {name} to drop them for good: ").strip() != name:
        raise Problem("Nothing is dropped.", remedy="Type the name of the plugin if its tables are to go.")
