"""What an event changes in the ClassAd of its job.

Numbers of states: https://htcondor.readthedocs.io/en/latest/classad-attributes/job-classad-attributes.html
"""

from calendar import timegm
from typing import Final

from bigpandamon_htcondor_agent.event_details import machine
from bigpandamon_htcondor_agent.event_log import Event
from bigpandamon_htcondor_agent.values import Ad, Value

IDLE, RUNNING, REMOVED, COMPLETED, HELD, TRANSFERRING, SUSPENDED = range(1, 8)
ENDED = (REMOVED, COMPLETED)
LOST_CONTACT = "LostContact"
"""Ours, not HTCondor's: its machine does not answer, it may run on."""
EVENT_TIME = "EventTime"
"""Ours: Unix seconds of the last event."""
STATES: Final = {
    0: IDLE, 1: RUNNING, 4: IDLE, 5: COMPLETED, 7: IDLE, 9: REMOVED, 10: SUSPENDED, 11: RUNNING, 12: HELD,
    13: IDLE, 24: IDLE,
}  # fmt: skip
_COUNTED = {
    1: "NumJobStarts",
    12: "NumHolds",
    4: "NumVacates",
    7: "NumShadowExceptions",
    10: "TotalSuspensions",
}
_REASONS = {4: "VacateReason", 7: "VacateReason", 24: "VacateReason", 9: "RemoveReason", 12: "HoldReason",
            13: "ReleaseReason"}  # fmt: skip
_NOT_OF_JOB = {
    "mytype", "targettype", "eventtypenumber", "eventtime", "triggereventtypenumber", "triggereventtypename",
    "cluster", "proc", "subproc", "servertime", "loggedevents",
}  # fmt: skip
_NOT_KEPT = ("Reason", "Code", "SubCode", "Host", "SlotName", "CondorScratchDir")
_HOLD = ("HoldReason", "HoldReasonCode", "HoldReasonSubCode")
_TRANSFERS = {
    "Started transferring input files": "JobCurrentStartTransferInputDate",
    "Finished transferring input files": "JobCurrentFinishTransferInputDate",
    "Started transferring output files": "JobCurrentStartTransferOutputDate",
    "Finished transferring output files": "JobCurrentFinishTransferOutputDate",
}


def of_job(event: Event) -> bool:
    """Whether the event is one of a job; clusters and resources have events too."""
    return event.cluster > 0 and event.proc >= 0


def seconds(event: Event) -> int:
    """The moment of the event, Unix seconds."""
    return timegm(event.moment.timetuple())


def global_job_id(schedd: str, event: Event) -> str:
    """The key of the job that the event submits; HTCondor makes it of the same parts."""
    return f"{schedd}#{event.cluster}.{event.proc}#{seconds(event)}"


def changes(event: Event, ad: Ad) -> Ad:
    """The attributes that the event sets; None undoes one. ad: the job as its events before left it."""
    found = Ad((name, value) for name, value in event.details.items() if _is_of_job(name))
    found["ClusterId"], found["ProcId"] = event.cluster, event.proc
    found[EVENT_TIME] = max(seconds(event), ad.number(EVENT_TIME))
    if counted := _COUNTED.get(event.number):
        found[counted] = ad.number(counted) + 1
    if reason := _REASONS.get(event.number):
        found[reason] = event.details.get("Reason")
    if event.number in STATES:
        of_state = _of_state(STATES[event.number], event, ad)
        found.update(of_state)
        if "RemoteWallClockTime" in of_state:
            _sum_up(found, event, ad)
    if special := _SPECIAL.get(event.number):
        found.update(special(event, ad))
    return found


def _is_of_job(name: str) -> bool:
    return name not in _NOT_KEPT and name.lower() not in _NOT_OF_JOB


def _of_state(state: int, event: Event, ad: Ad) -> dict[str, Value]:
    """The state, since when, and of a run that ends what remains of it."""
    before, moment = ad.get("JobStatus"), seconds(event)
    found: dict[str, Value] = {"JobStatus": state}
    if before != state:
        found |= {"LastJobStatus": before, "EnteredCurrentStatus": moment}
    if before in (RUNNING, SUSPENDED) and state not in (RUNNING, SUSPENDED):
        run = max(moment - (ad.number("JobCurrentStartDate") or moment), 0)
        found |= {
            "RemoteWallClockTime": ad.number("RemoteWallClockTime") + run,
            "CommittedTime": ad.number("CommittedTime") + (run if state == COMPLETED else 0),
            "LastRemoteHost": ad.get("RemoteHost"),
            "RemoteHost": None,
            LOST_CONTACT: False,
        }
    return found


def _sum_up(found: Ad, event: Event, ad: Ad) -> None:
    """Processor time of all runs, when one ends. The log's total leaves out those that were evicted; where it
    does not tell that of each run, the sum is not known."""
    is_first = ad.get("RemoteWallClockTime") is None
    for part in ("User", "Sys"):
        name = f"CumulativeRemote{part}Cpu"
        before, of_run = 0 if is_first else ad.get(name), event.details.get(f"Remote{part}Cpu")
        if isinstance(before, int | float) and isinstance(of_run, int | float):
            found[name] = before + of_run
        elif name in ad:
            found[name] = None
        else:
            found.pop(name, None)


def _submitted(event: Event, ad: Ad) -> dict[str, Value]:
    return {"QDate": seconds(event)}


def _started(event: Event, ad: Ad) -> dict[str, Value]:
    moment = seconds(event)
    return {
        "JobStartDate": ad.get("JobStartDate") or moment,
        "JobLastStartDate": ad.get("JobCurrentStartDate"),
        "JobCurrentStartDate": moment,
        "RemoteHost": event.details.get("SlotName") or machine(str(event.details.get("Host") or "")),
        LOST_CONTACT: False,
    }


def _completed(event: Event, ad: Ad) -> dict[str, Value]:
    return {"CompletionDate": seconds(event)}


def _held(event: Event, ad: Ad) -> dict[str, Value]:
    return {
        "HoldReasonCode": event.details.get("Code"),
        "HoldReasonSubCode": event.details.get("SubCode"),
    }


def _released(event: Event, ad: Ad) -> dict[str, Value]:
    return {f"Last{name}": ad.get(name) for name in _HOLD} | dict.fromkeys(_HOLD)


def _disconnected(event: Event, ad: Ad) -> dict[str, Value]:
    return {LOST_CONTACT: True}


def _reconnected(event: Event, ad: Ad) -> dict[str, Value]:
    return {LOST_CONTACT: False}


def _transferred(event: Event, ad: Ad) -> dict[str, Value]:
    name = _TRANSFERS.get(event.text)
    return {name: seconds(event)} if name else {}


_SPECIAL: Final = {
    0: _submitted, 1: _started, 5: _completed, 12: _held, 13: _released, 22: _disconnected, 23: _reconnected,
    40: _transferred,
}  # fmt: skip
