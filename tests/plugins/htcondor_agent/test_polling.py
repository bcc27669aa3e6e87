"""Asking a schedd, with a stand-in for the bindings, and what bindings hand out with the real ones."""

import sys
from inspect import signature
from types import SimpleNamespace

import pytest

from bigpandamon_htcondor_agent.configuration import load
from bigpandamon_htcondor_agent.main import main
from bigpandamon_htcondor_agent.polling import ATTRIBUTES, NotPolled, Schedd, plain
from bigpandamon_htcondor_agent.values import Expression

QUEUE: list[dict[str, object]] = [
    {"ClusterId": 1, "ProcId": 0, "ServerTime": 1000, "JobStatus": 2},
    {"ClusterId": 2, "ServerTime": 1000},
]
HISTORY: list[dict[str, object]] = [{"ClusterId": 3, "ProcId": 0, "JobStatus": 4}]


class BindingsFailed(Exception):
    """As theirs, of no other kind."""


class Bindings(SimpleNamespace):
    """Notes what it is asked; fails as told."""

    HTCondorException = BindingsFailed

    def __init__(self) -> None:
        super().__init__(asked=[], failure=None, DaemonType=SimpleNamespace(Schedd="schedd"))
        self.Collector = lambda *pool: SimpleNamespace(locate=lambda kind, name: (pool, kind, name))

    def Schedd(self, located: object) -> "Bindings":  # noqa: N802
        self.asked.append(located)
        return self

    def query(self, **more: object) -> list[dict[str, object]]:
        self.asked.append(more)
        if self.failure:
            raise self.failure
        return QUEUE

    def history(self, **more: object) -> list[dict[str, object]]:
        self.asked.append(more)
        return HISTORY


@pytest.fixture
def bindings(monkeypatch) -> Bindings:
    made = Bindings()
    monkeypatch.setitem(sys.modules, "htcondor2", made)
    return made


def test_the_queue_then_what_left_it_since(configure, bindings):
    schedd = Schedd(
        load(configure('poll = {interval = 60, pool = "cm.example.org", constraint = "JobUniverse == 9"}'))
    )
    assert [ad["ClusterId"] for ad in schedd.ads()] == [1]
    assert [ad["ClusterId"] for ad in schedd.ads()] == [1, 3]
    located, first, _, _, since = bindings.asked
    assert located == (("cm.example.org",), "schedd", "ap.example.org")
    assert first == {"constraint": "JobUniverse == 9", "projection": ATTRIBUTES}
    assert since["constraint"] == "JobUniverse == 9"
    assert since["since"] == "EnteredCurrentStatus < -2600"
    list(schedd.ads())
    assert bindings.asked[-1]["since"] == "3.0"


def test_what_left_the_queue_while_the_agent_was_down(configure, bindings, receiver, monkeypatch):
    """Its end is told: the history is asked from the last answer on that was kept, not from a broken one."""
    configuration = str(configure("poll = {interval = 60}"))
    running = {"ClusterId": 7, "ProcId": 0, "GlobalJobId": "ap#7.0#5", "QDate": 5}
    monkeypatch.setitem(globals(), "QUEUE", [running | {"ServerTime": 2000, "JobStatus": 2}])
    assert main(["--config", configuration, "--once"]) == 0
    assert receiver.jobs["ap#7.0#5"]["JobStatus"] == 2
    monkeypatch.setitem(globals(), "QUEUE", [])
    monkeypatch.setitem(globals(), "HISTORY", [running | {"JobStatus": 4, "CompletionDate": 2100}])
    bindings.failure = OSError("no route")
    main(["--config", configuration, "--once"])
    bindings.failure = None
    assert main(["--config", configuration, "--once"]) == 0
    assert receiver.jobs["ap#7.0#5"]["JobStatus"] == 4
    assert bindings.asked[-1]["since"] == "EnteredCurrentStatus < -1600"
    main(["--config", configuration, "--once"])
    assert bindings.asked[-1]["since"] == "7.0"
    monkeypatch.setitem(globals(), "HISTORY", [])
    for _ in range(2):
        main(["--config", configuration, "--once"])
        assert bindings.asked[-1]["since"] == "7.0"


def test_a_time_that_is_none(configure, bindings, monkeypatch):
    monkeypatch.setitem(globals(), "QUEUE", [QUEUE[0] | {"ServerTime": told} for told in ("x", True, [1], 9)])
    schedd = Schedd(load(configure("poll = {interval = 60}")))
    assert (len(list(schedd.ads())), schedd.asked) == (4, 9)


@pytest.mark.parametrize(
    "failure", [BindingsFailed("no schedd"), OSError("no route"), ValueError("no constraint")]
)
def test_failures_are_told(configure, bindings, failure):
    bindings.failure = failure
    with pytest.raises(NotPolled, match=str(failure)):
        list(Schedd(load(configure())).ads())


def test_without_bindings(configure, monkeypatch):
    monkeypatch.setitem(sys.modules, "htcondor2", None)
    with pytest.raises(NotPolled, match="not installed"):
        list(Schedd(load(configure())).ads())


def test_the_bindings_themselves(configure, monkeypatch):
    """Nobody listens there; and they take what they are asked with."""
    monkeypatch.setenv("CONDOR_CONFIG", "ONLY_ENV")
    theirs = pytest.importorskip("htcondor2")
    with pytest.raises(NotPolled, match=r"ap\.example\.org: "):
        list(Schedd(load(configure('poll = {interval = 60, pool = "127.0.0.1:9"}'))).ads())
    for ask, wanted in (
        ("query", {"constraint", "projection"}),
        ("history", {"constraint", "projection", "since"}),
    ):
        assert wanted <= signature(getattr(theirs.Schedd, ask)).parameters.keys()


def test_nothing_secret_is_asked_for():
    secret = {"environment", "env", "args", "arguments", "x509userproxysubject", "claimid"}
    assert not secret & {name.lower() for name in ATTRIBUTES}


def test_values_of_the_bindings(monkeypatch):
    monkeypatch.setenv("CONDOR_CONFIG", "ONLY_ENV")
    classad2 = pytest.importorskip("classad2")
    ad = classad2.parseOne(
        '[a = 1; b = "x"; c = true; d = (R + 1023) / 1024; R = 2048; e = undefined;'
        'f = {1, "y", Q}; g = [h = 2.5]; i = Q > 1]'
    )
    assert plain(ad) == {
        "a": 1, "b": "x", "c": True, "d": 2, "R": 2048, "f": [1, "y", "Q"], "g": {"h": 2.5}, "i": "Q > 1",
    }  # fmt: skip
    assert isinstance(plain(ad)["i"], Expression)
