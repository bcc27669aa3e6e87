"""Batches: what goes in comes out, others and broken ones are refused, shortened columns still answer."""

import subprocess
import sys
from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bigpandamon_core.domain import jobs
from bigpandamon_core.domain.conditions import Op, Test, holds
from bigpandamon_core.domain.job_fields import COUNTED, HAS_GPU
from bigpandamon_core.facets import batch
from bigpandamon_core.facets.batch import NAMES, Place, Unreadable, decode, encode, gone
from bigpandamon_core.facets.columns import CODED, COLUMNS, DERIVED, WrongVersion, kept, unanswered
from tests.facets.worlds import odd_batches
from tests.queries.odd_values import SIGNS, TEXTS

(PILOT,) = (field for field in COUNTED if field.name == "pilotversion")
ROWS = odd_batches(seed=3, batches=1, jobs=200)[0]
PILOTS = st.one_of(
    st.sampled_from(TEXTS), st.text("|a3.-", max_size=8), st.lists(st.text(SIGNS, max_size=3)).map("|".join)
)


def test_rows_come_out_as_they_went_in():
    found = decode(encode(ROWS)).to_pylist()
    for row, wanted in zip(found, ROWS, strict=True):
        assert {name: row[name] for name in NAMES} == wanted | {
            name: kept(name, [wanted[name]])[0] for name in COLUMNS
        }


def test_columns_are_as_good_as_rows():
    columns = {name: [row[name] for row in ROWS] for name in NAMES}
    assert decode(encode(columns)).equals(decode(encode(ROWS)))
    assert decode(encode([])).num_rows == 0


def test_a_job_that_is_gone_needs_no_columns():
    (row,) = decode(encode([gone(7)])).to_pylist()
    assert (row["pandaid"], row["place"], row["jobstatus"]) == (7, Place.GONE, None)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"place": 4}, ValueError),
        ({"place": None}, ValueError),
        ({"pandaid": None}, ValueError),
        ({"jobstatus": 5}, (ValueError, TypeError)),
        ({"jeditaskid": "five"}, (ValueError, TypeError)),
        ({"starttime": "today"}, (ValueError, TypeError)),
    ],
)
def test_what_is_no_row_is_refused(change, error):
    with pytest.raises(error):
        encode([ROWS[0] | change])


def test_a_missing_column_is_named():
    row = dict(ROWS[0])
    del row["gshare"]
    with pytest.raises(KeyError, match="gshare"):
        encode([row])


def test_other_columns_are_refused(monkeypatch):
    monkeypatch.setattr(batch, "SCHEMA", batch.SCHEMA.with_metadata({b"bigpandamon.facets": b"0-other"}))
    data = encode(ROWS)
    monkeypatch.undo()
    with pytest.raises(WrongVersion, match="0-other"):
        decode(data)


@pytest.mark.parametrize("cut", [0, 1, 100, -1, -9, -5000])
def test_broken_bytes_are_refused(cut):
    with pytest.raises((Unreadable, WrongVersion)):
        decode(encode(ROWS)[:cut])


def test_other_arrow_streams_are_refused():
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, pa.schema([("pandaid", pa.int64())])):
        pass
    with pytest.raises(WrongVersion, match="none"):
        decode(bytes(sink.getvalue()))


def test_every_counted_field_has_its_columns():
    for field in COUNTED:
        for name in field.sources:
            assert set(DERIVED.get(name, (name,))) <= COLUMNS.keys()


@given(
    pilotid=PILOTS,
    value=st.one_of(st.sampled_from(["3.10", "|3.10", "3", "a", "-"]), PILOTS.filter(bool)),
    as_shown=st.booleans(),
)
def test_a_shortened_pilot_answers_as_the_whole_one(pilotid, value, as_shown):
    condition = PILOT.condition_shown(value) if as_shown else PILOT.condition(value)
    short = kept("pilotid", [pilotid])[0]
    assert jobs.pilot_version(short) == jobs.pilot_version(pilotid)
    if not unanswered(condition):
        assert holds(condition, {"pilotid": short}) == holds(condition, {"pilotid": pilotid})


@given(
    pilotid=PILOTS,
    op=st.sampled_from([Op.LIKE, Op.FOLDED_LIKE, Op.EQUAL, Op.ABSENT, Op.FOLDED, Op.ONE_OF]),
    pieces=st.one_of(
        st.lists(st.sampled_from(["", "|"]), min_size=1, max_size=4),
        st.lists(st.text("|a3", max_size=2), min_size=1, max_size=4),
    ),
)
@example(pilotid="||3", op=Op.LIKE, pieces=["|", ""])
@example(pilotid="|a|3", op=Op.FOLDED_LIKE, pieces=["|", "|", ""])
def test_comparisons_that_a_shortened_pilot_would_answer_otherwise_are_refused(pilotid, op, pieces):
    value = "".join(pieces) if op in (Op.EQUAL, Op.FOLDED) else tuple(pieces)
    test = Test("pilotid", op, None if op is Op.ABSENT else value)
    if not unanswered(test):
        short = kept("pilotid", [pilotid])[0]
        assert holds(test, {"pilotid": short}) == holds(test, {"pilotid": pilotid})


@pytest.mark.parametrize("version", ["3.10", "3.10.1.1", "Not specified"])
def test_versions_are_answered(version):
    assert unanswered(PILOT.condition_shown(version)) == ""
    assert unanswered(PILOT.condition(version)) == ""


@given(jobmetrics=st.one_of(st.sampled_from(TEXTS), st.sampled_from(["nGPU=", "a nGPU=2 b", "ngpu=1"])))
def test_shortened_metrics_tell_whether_there_is_a_gpu(jobmetrics):
    short = kept("jobmetrics", [jobmetrics])[0]
    assert holds(HAS_GPU, {"jobmetrics": short}) == holds(HAS_GPU, {"jobmetrics": jobmetrics})
    assert unanswered(HAS_GPU) == ""
    assert unanswered(Test("jobmetrics", Op.LIKE, ("", "leak=", ""))) != ""


def test_facets_need_no_database():
    """Batches are written, replayed and counted by programs that have not set up Django."""
    program = (
        "import sys; sys.modules['django'] = None\n"
        "import bigpandamon_core.facets.groups, bigpandamon_core.facets.counting\n"
        "import bigpandamon_core.facets.store.publishing"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_times_keep_their_microseconds():
    moment = datetime(2026, 11, 20, 1, 2, 3, 456789)
    (row,) = decode(encode([ROWS[0] | {"starttime": moment}])).to_pylist()
    assert row["starttime"] == moment


def test_dictionaries_hold_what_repeats():
    assert "pandaid" not in CODED
    assert {"jeditaskid", "modificationhost", "produsername", "vo"} <= set(CODED)
