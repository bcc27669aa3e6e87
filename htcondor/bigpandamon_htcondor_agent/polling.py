"""Asks a schedd for its jobs, through HTCondor's own bindings where they are installed.

Bindings: https://htcondor.readthedocs.io/en/latest/apis/python-bindings/
"""

from collections.abc import Iterator
from importlib import import_module
from math import isfinite
from typing import Any

from bigpandamon_htcondor_agent.configuration import Configuration
from bigpandamon_htcondor_agent.spool import SERVER_TIME
from bigpandamon_htcondor_agent.values import Ad, Expression, Value

ATTRIBUTES = """ClusterId ProcId GlobalJobId JobStatus LastJobStatus EnteredCurrentStatus QDate JobStartDate
    JobCurrentStartDate JobCurrentStartExecutingDate JobLastStartDate CompletionDate RemoteWallClockTime
    CommittedTime CumulativeSlotTime CumulativeSuspensionTime TotalSuspensions RemoteUserCpu RemoteSysCpu
    CumulativeRemoteUserCpu CumulativeRemoteSysCpu CPUsUsage RequestCpus RequestGPUs CpusProvisioned
    GPUsProvisioned RequestMemory MemoryProvisioned MemoryUsage ResidentSetSize ImageSize RequestDisk
    DiskUsage DiskProvisioned BytesSent BytesRecvd ExitBySignal ExitCode ExitSignal HoldReason
    HoldReasonCode HoldReasonSubCode NumHolds VacateReason VacateReasonCode RemoveReason ReleaseReason
    NumJobStarts NumShadowStarts NumJobCompletions NumSystemHolds LastRejMatchReason LastMatchTime
    RemoteHost LastRemoteHost MATCH_GLIDEIN_Site MATCH_EXP_JOBGLIDEIN_ResourceName
    MATCH_GLIDEIN_Entry_Name JobUniverse GridResource GridJobId GridJobStatus Owner User AcctGroup
    AccountingGroup ProjectName x509UserProxyVOName JobBatchName DAGManJobId DAGNodeName
    DAGParentNodeNames DAG_NodesTotal DAG_NodesDone DAG_NodesFailed DAG_NodesQueued DAG_NodesReady
    DAG_Status Cmd JobPrio MATCH_APF_QUEUE harvesterID harvesterWorkerID ServerTime""".split()
"""Of what a schedd knows: neither environment nor arguments nor certificate, which may hold secrets."""

MARGIN = 3600
"""Seconds by which jobs may stand in the history in another order than they ended."""


class NotPolled(Exception):
    """The schedd was not asked, or did not answer; the text says why."""


class Schedd:
    """The schedd of a configuration. `asked`: its own time at the last answer, Unix seconds, 0 for none.
    `newest`: the job that was last in its history then, `cluster.proc`, "" where that is not known."""

    def __init__(self, configuration: Configuration, asked: int = 0, newest: str = "") -> None:
        self._configuration, self.asked, self.newest = configuration, asked, newest

    def ads(self) -> Iterator[Ad]:
        """The jobs of its queue, then those that left it since the last answer; NotPolled: what failed."""
        try:
            bindings = import_module("htcondor2")
        except ImportError as reason:
            raise NotPolled(f"the bindings htcondor2 are not installed: {reason}") from reason
        try:
            found = self._answer(self._located(bindings))
            yield from (ad for ad in found if {"ClusterId", "ProcId"} <= ad.keys())
        except (bindings.HTCondorException, OSError, RuntimeError, ValueError, LookupError) as reason:
            raise NotPolled(f"{self._configuration.schedd}: {reason}") from reason

    def _located(self, bindings: Any) -> Any:
        pool = self._configuration.poll.pool
        collector = bindings.Collector(pool) if pool else bindings.Collector()
        return bindings.Schedd(collector.locate(bindings.DaemonType.Schedd, self._configuration.schedd))

    def _answer(self, schedd: Any) -> Iterator[Ad]:
        constraint, answered = self._configuration.poll.constraint, self.asked
        for ad in map(plain, schedd.query(constraint=constraint, projection=ATTRIBUTES)):
            answered = max(answered, int(ad.number(SERVER_TIME)))
            yield ad
        if self.asked:
            yield from self._left(schedd, constraint)
        self.asked = answered

    def _left(self, schedd: Any, constraint: str) -> Iterator[Ad]:
        """Jobs that left the queue, the last first. Some stay there long after their end: a time says how far
        to read only where no job is known that left before."""
        since = self.newest or f"EnteredCurrentStatus < {self.asked - MARGIN}"
        newest = ""
        for ad in map(plain, schedd.history(constraint=constraint, projection=ATTRIBUTES, since=since)):
            newest = newest or f"{ad.get('ClusterId')}.{ad.get('ProcId')}"
            yield ad
        self.newest = newest or self.newest


def plain(found: Any) -> Ad:
    """An ad of the bindings in values of ours; undefined attributes are left out."""
    return Ad((name, value) for name in found if (value := _plain(found, name)) is not None)


def _plain(ad: Any, name: str) -> Value:
    """The value, of an expression what comes of it by the ad alone, if anything does."""
    value = ad[name]
    if type(value).__name__ != "ExprTree":
        return _of_bindings(value)
    evaluated = _of_bindings(ad.eval(name))
    return Expression(value) if evaluated is None else evaluated


def _of_bindings(value: Any) -> Value:
    kind = type(value).__name__
    if kind == "Value":  # undefined, or an error
        return None
    if kind == "ClassAd":
        return plain(value)
    if isinstance(value, list):
        return [_of_bindings(item) for item in value]
    known = isinstance(value, bool | int | str) or (isinstance(value, float) and isfinite(value))
    return value if known else Expression(value)
