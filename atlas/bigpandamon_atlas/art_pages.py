"""ART tests as pages: packages by nightly; one package with how stable its tests are and what changed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Max

from bigpandamon_atlas.art import ACTIVE, GROUPS, HANDING_IN, PASSED, begun
from bigpandamon_atlas.models import ArtTest
from bigpandamon_atlas.shown import (
    Answer,
    Row,
    address,
    in_path,
    many,
    narrowed,
    narrowing,
    of_core,
    resources,
    share,
)
from bigpandamon_core.plugin import Call, Cell, Column, Parameter, cell, not_found, state_cell, table

MOST_NIGHTS = 30
READ = ("test", "nightly", "result", "pandaid", "exit_code", "message")
TOLD = ("result", "pandaid", "exit_code")
CHANGES = ("broken", "mended", "new", "gone")
TESTS = (
    Column("test", "Test", "mono"),
    Column("change", "Since the nightly before", "text"),
    Column("stability", "Passed lately", "percent"),
)
SAID = Column("message", "Said last", "text")
OWN = "handed in by programs"


def newest(most: int, **wanted: str) -> list[str]:
    """Names of nightlies, that which began last first, however late its tests were registered. Those whose
    names tell no moment come last."""
    grouped = ArtTest.objects.filter(**wanted).values_list("nightly").annotate(last=Max("registered"))
    told = [(begun(name) or datetime.min, last, name) for name, last in grouped.order_by()]
    return [name for _, _, name in sorted(told, reverse=True)[:most]]


def _nights(call: Call) -> int:
    return call.number("nights", call.option("atlas.art_nights"), MOST_NIGHTS)


def packages(call: Call) -> Answer:
    """Raises Problem for a number of nights that is none."""
    wanted = narrowing(call, "branch")
    nightlies = newest(_nights(call), **wanted)
    found = ArtTest.objects.filter(nightly__in=nightlies, **wanted)
    grouped = found.values("package", "branch", "nightly", "result").annotate(tests=Count("pk")).order_by()
    counts: dict[tuple[str, str], dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in grouped:
        counts[row["package"], row["branch"]][row["nightly"]][row["result"]] = row["tests"]
    rows: list[Row] = [
        {"package": name, "branch": of, "nightlies": told} for (name, of), told in sorted(counts.items())
    ]
    total = sum(tests for row in rows for told in row["nightlies"].values() for tests in told.values())
    columns = (Column("package", "Package"), Column("branch", "Branch"), *_columns(nightlies))
    about = {
        "sub": "passed of all, newest nightly first",
        "empty": "No test was handed in (POST to /api/v1/atlas/art).",
    }
    return Answer(
        call,
        "ART tests",
        f"{many(total, 'result')} of {many(len({row['package'] for row in rows}), 'package')}",
        {"nightlies": nightlies, "packages": rows},
        [table("packages", "Packages by nightly", columns, [_package(call, row) for row in rows], **about)],
        choices=narrowed(wanted),
        choices_of="Branch",
        source=OWN,
    )


def _columns(nightlies: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(f"in {name}", name, "text") for name in nightlies)


def _package(call: Call, row: Row) -> Row:
    link = address(f"{call.root}art/{quote(row['package'])}/", branch=row["branch"])
    return {
        "package": cell("text", row["package"], link),
        "branch": cell("text", row["branch"], address(call.url, branch=row["branch"])),
        **{f"in {night}": _counted(told) for night, told in row["nightlies"].items()},
    }


def _counted(told: Mapping[str, int]) -> Cell:
    """Passed of all; failures are said, too."""
    failed, running = told.get("failed", 0), told.get(ACTIVE, 0)
    text = f"{told.get(PASSED, 0)} of {sum(told.values())}" + (f", {failed} failed" if failed else "")
    return state_cell(text, "bad" if failed else "running" if running else "good")


def package(call: Call) -> Answer:
    """Raises Problem where no test of the package was handed in, or a number of nights is none."""
    name, nights, branch = call.path["package"], _nights(call), call.parameter("branch")
    branches = sorted(ArtTest.objects.filter(package=name).values_list("branch", flat=True).distinct())
    if not branches or (branch and branch not in branches):
        what = f"No ART test of {name[:80]} is known" + (f" in {branch[:100]}." if branch else ".")
        raise not_found(what, "Packages and branches with tests are listed at /atlas/art/.")
    shown = [branch] if branch else branches[-3:]
    told = {one: _of_branch(call, name, one, nights) for one in shown}
    changes = Counter(row["change"] for found in told.values() for row in found["tests"])
    cut = f"{len(branches) - len(shown)} more branches are a link away." if not branch else ""
    return Answer(
        call,
        f"ART tests of {name}",
        f"{name}: {many(changes.total(), 'ART test')}",
        {"package": name, "all_branches": branches, "branches": told, "changes": dict(changes)},
        [_tests(call, number, one, found) for number, (one, found) in enumerate(told.items())],
        choices=[("All", {}, not branch), *((one, {"branch": one}, one == branch) for one in branches)],
        choices_of="Branch",
        notes=[
            *(f"{changes[one]:,} {one} since the nightly before" for one in CHANGES if changes[one]),
            *([cut] if len(branches) > len(shown) and cut else []),
        ],
        source=OWN,
    )


def _of_branch(call: Call, name: str, branch: str, nights: int) -> Row:
    nightlies = newest(nights, package=name, branch=branch)
    found = ArtTest.objects.filter(package=name, branch=branch, nightly__in=nightlies)
    rows = (row | {"message": call.privacy.text(row["message"])} for row in found.values(*READ))
    return {"nightlies": nightlies, "tests": judged(rows, nightlies)}


def _tests(call: Call, number: int, branch: str, found: Row) -> Row:
    columns = (*TESTS, *_columns(found["nightlies"]), SAID)
    return table(f"tests-{number}", branch, columns, [_test(call, row) for row in found["tests"]])


def _test(call: Call, row: Row) -> Row:
    return row | {f"in {night}": _result(call, told) for night, told in row["results"].items()}


def _result(call: Call, told: Row) -> Cell:
    text = told["result"] + (f" ({told['exit_code']})" if told["exit_code"] else "")
    job = of_core(call, f"job/{told['pandaid']}/") if told["pandaid"] else ""
    return state_cell(text, GROUPS[told["result"]], job)


def judged(rows: Iterable[Row], nightlies: Sequence[str]) -> list[Row]:
    """By test its results in these nightlies (newest first), what changed since the one before the newest,
    and in how many percent of those in which it ended it passed."""
    by_test: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        by_test[row["test"]][row["nightly"]] = row
    return [_judged(test, by_test[test], nightlies) for test in sorted(by_test)]


def _judged(test: str, found: Mapping[str, Row], nightlies: Sequence[str]) -> dict[str, Any]:
    results = {night: {name: found[night][name] for name in TOLD} for night in nightlies if night in found}
    ended = [told["result"] for told in results.values() if told["result"] != ACTIVE]
    two = [results.get(night, {}).get("result") for night in nightlies[:2]]
    return {
        "test": test,
        "change": change(*two),
        "stability": share(ended.count(PASSED), len(ended)),
        "message": found[next(iter(results))]["message"],
        "results": results,
    }


def change(now: str | None, before: str | None = None) -> str:
    """What a test did from one nightly to the next. None: it is not in one."""
    if now is None:
        return "gone" if before else "in neither"
    if before is None:
        return "new"
    if ACTIVE in (now, before):
        return "not known yet"
    if (now == PASSED) == (before == PASSED):
        return "same"
    return "mended" if now == PASSED else "broken"


NIGHTS = Parameter("nights", f"How many of the newest nightlies, up to {MOST_NIGHTS}.", "count")
BRANCH = Parameter("branch", "One branch only.")
ART_PAGE = resources(
    "art",
    "art/",
    "ART tests: packages and branches against the newest nightlies.",
    packages,
    parameters=(NIGHTS, BRANCH),
    actions=HANDING_IN,
)
PACKAGE_PAGE = resources(
    "art-package",
    "art/<path:package>/",
    "ART tests of one package: results, stability, what changed since the nightly before.",
    package,
    parameters=(in_path("package", "Name of the package."), NIGHTS, BRANCH),
)
