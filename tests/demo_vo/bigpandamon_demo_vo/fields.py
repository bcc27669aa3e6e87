"""What Zephyr asks and counts jobs by."""

from bigpandamon_core.plugin import (
    NOT_SPECIFIED,
    All,
    AnyOf,
    Column,
    Condition,
    Field,
    Kind,
    Not,
    absent,
    between,
    containing,
    equal,
    like,
    one_of,
    split,
)

RINGS = {"inner": "ZEPHYR_INNER_", "outer": "ZEPHYR_OUTER_"}
LARGE_MB = 4000


def ring(queue: str | None) -> str | None:
    """The ring a queue belongs to, told by its name."""
    return next((name for name, prefix in RINGS.items() if (queue or "").startswith(prefix)), None)


def _in_ring(value: str) -> Condition:
    if value == NOT_SPECIFIED:
        return All(tuple(Not(_in_ring(name)) for name in RINGS))
    return like("computingsite", f"{RINGS[value]}*") if value in RINGS else AnyOf()


def size(megabytes: int | None) -> str | None:
    """small or large, by the memory asked for; absent when nothing was asked for."""
    if megabytes is None:
        return None
    return "large" if megabytes >= LARGE_MB else "small"


def _of_size(value: str) -> Condition:
    column = "minramcount"
    wanted = {"small": between(column, None, LARGE_MB - 1), "large": between(column, LARGE_MB, None)}
    return absent(column) if value == NOT_SPECIFIED else wanted.get(value, AnyOf())


def _any_campaign(column: str, value: str) -> Condition:
    names = tuple(split(value, "|", most=20))
    return equal(column, names[0]) if len(names) == 1 else one_of(column, names)


RING = Field(
    "demo_vo_ring",
    "Ring of the queue: inner or outer.",
    column="computingsite",
    rule=lambda _column, value: _in_ring(value),
    shown=ring,
    exactly=_in_ring,
    counted=True,
)
SIZE = Field(
    "demo_vo_size",
    "small or large, by memory asked for.",
    Kind.TEXT,
    column="minramcount",
    rule=lambda _column, value: _of_size(value),
    shown=size,
    exactly=_of_size,
    counted=True,
)
CAMPAIGN = Field("demo_vo_campaign", "Campaign.", column="workinggroup", rule=_any_campaign, counted=True)
OPERATOR = Field("demo_vo_operator", "Who submitted.", column="produserid", personal=True)
FIELDS = (RING, SIZE, CAMPAIGN, OPERATOR)
SEASONS = ("spring", "autumn")


def season(name: str | None) -> str | None:
    """The season in the name of a task."""
    return next((one for one in SEASONS if one in (name or "").lower()), None)


def _in_season(value: str) -> Condition:
    if value == NOT_SPECIFIED:
        return All(tuple(Not(_in_season(name)) for name in SEASONS))
    earlier = SEASONS[: SEASONS.index(value)] if value in SEASONS else ()
    others = tuple(Not(containing("taskname", name)) for name in earlier)
    return All((containing("taskname", value), *others)) if value in SEASONS else AnyOf()


SEASON = Field(
    "demo_vo_season",
    "Season in the name of the task: spring or autumn.",
    column="taskname",
    rule=lambda _column, value: _in_season(value),
    shown=season,
    exactly=_in_season,
    counted=True,
)
SPONSOR = Field("demo_vo_sponsor", "Who pays.", column="workinggroup", counted=True)
OWNER = Field("demo_vo_owner", "Whose it is.", column="username", personal=True)
TASK_FIELDS = (SEASON, SPONSOR, OWNER)
TASK_COLUMNS = (
    Column("demo_vo_season", "Season"),
    Column("demo_vo_sponsor", "Sponsor", sort="workinggroup"),
    Column("demo_vo_owner", "Owner", personal=True),
)
COLUMNS = (
    Column("demo_vo_ring", "Ring"),
    Column("demo_vo_campaign", "Campaign", sort="workinggroup"),
    Column("demo_vo_operator", "Operator", personal=True),
)
