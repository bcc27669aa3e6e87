"""Selections that hypothesis draws: what people and links ask for, on records that stand still."""

from datetime import timedelta

from hypothesis import strategies as st

from tests.truth import awkward

NOW = awkward.NOW
QUEUES = (
    "QUEUE_A",
    "queue_a",
    "QUEUE_*",
    "*a*",
    "!QUEUE_A",
    "ALPHA_GRID|BETA_HPC",
    "*",
    "Not specified",
    "50%_*",
)
STATES = ("failed", "failed,finished", "running", "finished|holding", "activated", "closed,subfinished")
CONDITIONS: dict[str, tuple[str, ...]] = {
    "computingsite": (*QUEUES, *awkward.NAMES),
    "jobstatus": STATES,
    "produsername": ("ada", "Alice*", "!Ada Example", "Not specified"),
    "jeditaskid": (str(awkward.TASK), str(awkward.RETRIED), str(awkward.EVENTS), "10001", "10001|10002"),
    "prodsourcelabel": ("managed", "user"),
    "eventservice": ("eventservice", "1|2", "not2", "all", "ordinary"),
    "priorityrange": ("500:599", "-200:99"),
    "minramcount": ("2-3GB", "2000", "0"),
    "corecount": ("1", "8", "1|8"),
    "durationmin": ("0-0", "10-29", "0-9"),
    "transformation": ("*run*", "gen"),
    "pilotversion": ("3.10", "1.1"),
    "harvesterinstance": ("one", "all", "Not specified"),
    "witherrors": ("1",),
    "piloterrorcode": ("1099", "1099|1150"),
    "transexitcode": ("65", "Not specified"),
    "jobsubstatus": ("fg_partial", "fg_*", "Not specified"),
    "pandaid": ("50001,50002,50003", "319"),
    "attemptnr": ("0", "1|2"),
    "noarchjobs": ("1",),
    "mode": ("nodrop",),
    "wn": ("node1", "Unknown"),
    "processor_type": ("gpu",),
    "sortby": ("pandaid-ascending",),
    "limit": ("3",),
}
MOMENTS = [
    (NOW - timedelta(minutes=minutes)).isoformat()
    for minutes in (0, 14, 28, 29, 121, 400, 60 * 24 * 30, 60 * 24 * 60)
]
WINDOWS = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"hours": st.sampled_from(["1", "3", "12", "1200"])}),
    st.fixed_dictionaries({"days": st.sampled_from(["1", "60"])}),
    st.fixed_dictionaries({"date_from": st.sampled_from(MOMENTS)}),
    st.fixed_dictionaries({"earlierthan": st.sampled_from(["1", "2"])}),
    st.lists(st.sampled_from(MOMENTS), min_size=2, max_size=2, unique=True).map(
        lambda ends: {"date_from": min(ends), "date_to": max(ends)}
    ),
    st.lists(st.sampled_from(MOMENTS), min_size=2, max_size=2, unique=True).map(
        lambda ends: {"endtimerange": f"{min(ends)}|{max(ends)}"}
    ),
)


@st.composite
def selections(draw: st.DrawFn) -> dict[str, str]:
    names = draw(st.lists(st.sampled_from(sorted(CONDITIONS)), max_size=3, unique=True))
    window: dict[str, str] = draw(WINDOWS)
    return {name: draw(st.sampled_from(CONDITIONS[name])) for name in names} | window
