"""Readers of ClassAds against what plain expressions find in real files, and on damaged ones."""

import json
import re
import tracemalloc
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_htcondor_agent import classads, dagman
from bigpandamon_htcondor_agent.values import Ad, Expression, Unreadable

READERS = (
    classads.per_job_history,
    classads.history,
    classads.submit_ad,
    classads.json_ads,
    classads.dag_status,
)
LINE = re.compile(r"^(\w+) = (.*)$", re.M)


def plainly(text: str) -> object:
    """A value of an old ad, as the files at hand have them."""
    if re.fullmatch(r'"[^"]*"', text):
        return text[1:-1]
    for form, kind in ((r"-?\d+", int), (r"-?\d+\.\d+", float)):
        if re.fullmatch(form, text):
            return kind(text)
    return {"true": True, "false": False}.get(text.lower(), text)


def ads(reader, text: str) -> list[Any]:
    return [found for _, found in reader(StringIO(text))]


def test_per_job_histories(real):
    states: Counter[int] = Counter()
    for path in (real / "per_job_history").iterdir():
        text = path.read_text()
        wanted = {name.lower(): plainly(value) for name, value in LINE.findall(text)}
        (ad,) = ads(classads.per_job_history, text)
        assert {name.lower(): value for name, value in ad.items()} == wanted
        states[ad["jobstatus"]] += 1
    assert states == {4: 18, 3: 9}


def test_json_answer(real):
    text = (real / "ads" / "condor_q_json_held_2021.json").read_text()
    (wanted,) = json.loads(text)
    (ad,) = ads(classads.json_ads, text)
    assert ad.keys() == wanted.keys()
    assert isinstance(ad["MemoryUsage"], Expression)
    assert ad["MemoryUsage"] == "((ResidentSetSize + 1023) / 1024)"
    assert {name for name in wanted if ad[name] != wanted[name]} == {
        name for name, value in wanted.items() if str(value).startswith("/Expr(")
    }


def test_verbose_submission(real):
    text = (real / "ads" / "apf_pilot_condor_submit_verbose_2012.ad").read_text()
    (ad,) = ads(classads.submit_ad, text)
    wanted = {name: plainly(value) for name, value in LINE.findall(text)}
    assert ad == {**wanted, "ClusterId": 769012, "ProcId": 0}
    assert (ad["QDATE"], ad["requestdisk"], type(ad["requestdisk"])) == (1345558923, "DiskUsage", Expression)


def test_states_of_nodes_are_as_the_workflow_counts_them(real):
    files = list((real / "dagman").glob("*.node_status"))
    assert len(files) == 5
    for path in files:
        text = path.read_text()
        workflow, *nodes = ads(dagman.nodes, text)
        assert [node.name for node in nodes] == re.findall(r'^  Node = "(.*)";$', text, re.M)
        states = Counter(node.state for node in nodes)
        for total, state in (
            ("Done", "done"),
            ("Failed", "error"),
            ("Futile", "futile"),
            ("Queued", "submitted"),
        ):
            assert workflow.totals[f"Nodes{total}"] == states[state], path
        assert workflow.moment == int(re.findall(r"Timestamp = (\d+)", text)[0])


def test_metrics(real):
    path = real / "dagman" / "tiny_problems.dag.metrics"
    assert dagman.metrics(path.open()) == json.loads(path.read_text())
    for bad in ("", "[]", '{"jobs":'):
        with pytest.raises(Unreadable):
            dagman.metrics(StringIO(bad))


def test_the_same_as_the_bindings_read(real, monkeypatch):
    monkeypatch.setenv("CONDOR_CONFIG", "ONLY_ENV")
    bindings = pytest.importorskip("classad2")
    texts = [path.read_text() for path in (real / "per_job_history").iterdir()]
    pairs = [(ads(classads.per_job_history, text)[0], bindings.parseOne(text)) for text in texts]
    for path in (real / "dagman").glob("*.node_status"):
        ours = ads(classads.dag_status, path.read_text())
        pairs += zip(ours, bindings.parseAds(path.read_text()), strict=True)
    for ours, theirs in pairs:
        assert {name.lower() for name in ours} == {name.lower() for name in theirs}
        for name, value in ours.items():
            if not isinstance(value, Expression):
                assert (value, type(value)) == (theirs[name], type(theirs[name])), name


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("-17", -17),
        ("1.5E3", 1500.0),
        ('"a \\"b\\" \\n"', 'a "b" \n'),
        ("{1, {2}, \"x;}\"}", [1, [2], "x;}"]),
        ("[a = 1; B = [c = 2]; ]", {"a": 1, "B": {"c": 2}}),
        ("1 /* not 2 */", 1),
        ("{1} + {2}", Expression("{1} + {2}")),
        ('"a" + "b"', Expression('"a" + "b"')),
        ("1" * 40, Expression("1" * 40)),
        ("1e999", Expression("1e999")),
        ("[" * 500 + "]" * 500, Expression("[" * 500 + "]" * 500)),
    ],
)  # fmt: skip
def test_values(text, wanted):
    found = classads.parse_ad(f"[x = {text}]")["X"]
    assert (found, type(found) is Expression) == (wanted, type(wanted) is Expression)


def test_a_backslash_in_an_old_ad_is_itself():
    assert classads.parse_ad('a = "C:\\dir\\"\nb = "say \\"hi\\""') == {"a": "C:\\dir\\", "b": 'say "hi"'}


def test_the_last_value_wins_in_whatever_case():
    ad = classads.parse_ad("Wall = 0\nWALL = 910\nGone = 1\ngone = undefined")
    assert (ad, ad["wall"], "gOnE" in ad, ad.get("gone", 7)) == ({"Wall": 910}, 910, False, 7)


@pytest.mark.parametrize("bad", ['a = "x', "x =?= 3", "a =", "[a = 1", "a = {1", "words", "a = 1)"])
def test_unreadable_ads(bad):
    with pytest.raises(Unreadable):
        classads.parse_ad(bad)


def test_a_banner_closes_a_record_and_a_bad_one_stops_nothing():
    banner = "*** Offset = 0 ClusterId = 1 ProcId = 0\n"
    found = ads(classads.history, f'a = 1\n{banner}b = "open\n{banner}c = 3\n{banner}d = 4\n')
    assert [found[0], found[2]] == [{"a": 1}, {"c": 3}]
    assert [type(one) for one in found] == [Ad, Unreadable, Ad, Unreadable]


def test_places_of_records():
    text = '[\n{"a": 1},\n{"b": 2,\n{"c": "}{"}\n]\n{"d": null}'
    found = list(classads.json_ads(StringIO(text)))
    assert [place for place, _ in found] == ["line 2", "line 3", "line 4", "line 6"]
    assert [ad for _, ad in found if isinstance(ad, Ad)] == [{"a": 1}, {"c": "}{"}, {}]


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("[]\n", 0), ('[{"a":1},{"a":2}]', 2), ('{"a":1}\n{"a":2}\n', 2)]
)
def test_lists_lines_and_empty_answers(text, count):
    assert ads(classads.json_ads, text) == [{"a": number} for number in range(1, count + 1)]


def test_something_else_is_told():
    (reason,) = ads(classads.json_ads, "-- Failed to fetch ads")
    assert isinstance(reason, Unreadable)


@pytest.mark.parametrize("size", [1, 7, 64])
def test_chunks_change_nothing(real, size, monkeypatch):
    texts = [path.read_text() for path in (real / "dagman").glob("tiny*.node_status")]
    wanted = [list(classads.dag_status(StringIO(text))) for text in texts]
    monkeypatch.setattr(classads, "CHUNK", size)
    assert [list(classads.dag_status(StringIO(text))) for text in texts] == wanted


class Long:
    """So many records, made as they are read."""

    def __init__(self, record: str, count: int) -> None:
        self.record, self.left, self.rest = record, count, ""

    def read(self, size: int) -> str:
        while len(self.rest) < size and self.left:
            self.rest, self.left = self.rest + self.record, self.left - 1
        found, self.rest = self.rest[:size], self.rest[size:]
        return found

    def readline(self, size: int) -> str:
        line, _, self.rest = (self.rest or self.read(len(self.record))).partition("\n")
        return f"{line}\n" if line or self.rest else ""


@pytest.mark.parametrize(
    ("reader", "record"),
    [
        (classads.json_ads, '{"GlobalJobId": "a#1.0#1", "Cmd": "%s"},' % ("x" * 5000)),
        (classads.history, f'Cmd = "{"x" * 5000}"\n*** Offset = 0\n'),
    ],
)
def test_memory_stays_flat(reader, record):
    tracemalloc.start()
    assert sum(isinstance(ad, Ad) for _, ad in reader(Long(record, 1000))) == 1000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@given(st.text(alphabet='ab=;"\\/*[]{}(),\n 1.*T-', max_size=60) | st.text(max_size=40))
def test_no_text_breaks_a_reader(text):
    for reader in READERS:
        assert all(isinstance(found, Ad | Unreadable) for found in ads(reader, text))
