"""What the name of a job tells: production, run and chunk.

Two forms are known (ProdSys, send_jobs and send_merging_jobs_*), of jobs that work on one raw file and of
those that merge what a run gave:

    <production>-<year>--<run>-<chunk>-<prodslt>-<phastver>-<number>-<attempt>
    <production>-merge-<mdst|hist|dump>-<run>[-<prodslt>-<phastver>]-ch<number of the output>

Productions may hold dashes and end with one (`…_mu-`). Every rule here is told twice, as a function of a name
and as a condition on the column, and both take the same jobs: that is what makes each count a link.
"""

from dataclasses import dataclass

from bigpandamon_core.plugin import NOT_SPECIFIED, All, AnyOf, Condition, Not, containing, like

NAME = "jobname"
MERGED = ("mdst", "hist", "dump")
MERGE = "-merge-"
TAIL = 6
"""Words after the double dash."""


@dataclass(frozen=True)
class Place:
    """Where in the hierarchy a job belongs."""

    production: str
    run: str
    chunk: str


def place(name: str | None) -> Place | None:
    """None of a name that has neither form."""
    if not name or "*" in name:
        return None
    return _of_merge(name) if MERGE in name else _of_file(name)


def _of_merge(name: str) -> Place | None:
    production, _, rest = name.partition(MERGE)
    what, *words = rest.split("-")
    if MERGE in f"-{rest}" or not production or what not in MERGED or len(words) < 2 or not all(words):
        return None
    run, *between, output = words
    is_output = [word.startswith("ch") for word in (run, *between, output)]
    if sum(is_output) != 1 or not is_output[-1] or output == "ch":
        return None
    return Place(production, run, output.removeprefix("ch"))


def _of_file(name: str) -> Place | None:
    head, _, tail = name.rpartition("--")
    production, words = head.rpartition("-")[0], tail.split("-")
    if name.startswith("-") or "---" in name or name.count("--") > 2 or len(words) != TAIL:
        return None
    return Place(production, words[0], words[1]) if production else None


def _fits(*patterns: str) -> Condition:
    return All(tuple(like(NAME, pattern) for pattern in patterns))


def _none_of(*patterns: str) -> Condition:
    return All(tuple(Not(like(NAME, pattern)) for pattern in patterns))


PLAIN = Not(containing(NAME, "*"))
IS_MERGE = All(
    (
        AnyOf(tuple(like(NAME, f"*{MERGE}{what}-*-ch*") for what in MERGED)),
        _none_of("*-merge-*-merge-*", "*-merge-merge-*", "-merge-*"),
        _none_of("*-merge-*--*", "*-merge-*-ch*-*", "*-ch"),
        PLAIN,
    )
)
_REST = "-".join("*" * TAIL)
BEFORE = ("*--", "*--*--")
"""What stands before the run: one double dash, or two where the production ends with a dash."""
_NUMBERED = (
    All((_fits(f"*-*--{_REST}"), _none_of("*--*--*", f"*--{_REST}-*"))),
    All((_fits(f"*--*--{_REST}"), _none_of("*--*--*--*", f"*--*--{_REST}-*"))),
)
_BESIDE = All((_none_of(f"*{MERGE}*", "-*", "*---*"), PLAIN))
IS_FILE = All((AnyOf(_NUMBERED), _BESIDE))


def _any(*patterns: str) -> Condition:
    return AnyOf(tuple(like(NAME, pattern) for pattern in patterns))


def _after(*rests: str) -> Condition:
    """Names of jobs on files that go on like one of these after what stands before the run."""
    forms = zip(BEFORE, _NUMBERED, strict=True)
    found = (All((form, _any(*(before + rest for rest in rests)))) for before, form in forms)
    return All((AnyOf(tuple(found)), _BESIDE))


def _is_word(value: str) -> bool:
    return bool(value) and not set(value) & {"-", "*"}


def of_production(*values: str) -> Condition:
    """Jobs of one of some productions."""
    told = [value for value in values if value and "*" not in value]
    begins = AnyOf(tuple(All((_fits(f"{one}-*--*"), _none_of(f"{one}-*-*--*"))) for one in told))
    merges = _any(*(f"{one}{MERGE}*" for one in told))
    return AnyOf((All((begins, IS_FILE)), All((merges, IS_MERGE)))) if told else AnyOf()


def of_run(*values: str) -> Condition:
    """Jobs of one of some runs."""
    told = [value for value in values if _is_word(value)]
    merges = _any(*(f"*{MERGE}{what}-{one}-*" for what in MERGED for one in told))
    return AnyOf((_after(*(f"{one}-*" for one in told)), All((merges, IS_MERGE)))) if told else AnyOf()


def of_chunk(*values: str) -> Condition:
    """Jobs on one of some chunks, or that write one."""
    told = [value for value in values if _is_word(value)]
    rests = ("-".join(("*", one, *"*" * (TAIL - 2))) for one in told)
    merges = _any(*(f"*-ch{one}" for one in told))
    return AnyOf((_after(*rests), All((merges, IS_MERGE)))) if told else AnyOf()


def nameless(value: str) -> Condition:
    """Jobs whose name has neither form; nothing else."""
    return Not(AnyOf((IS_MERGE, IS_FILE))) if value == NOT_SPECIFIED else AnyOf()
