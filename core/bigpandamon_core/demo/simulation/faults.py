"""The errors that jobs commonly meet, and the texts that PanDA would store with them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """An error that jobs meet. at: when it strikes (`setup` before a pilot has the job, `launch` before
    the payload, `start`, `run` and `end` of the payload, `store` after it). diag: text with {lfn}, {node},
    {site}, {storage}, {mb}, {code}. exit: of the payload, "" where it was not asked."""

    component: str
    code: int
    at: str
    weight: float
    diag: str
    exit: str = ""


FAULTS = (
    Fault("dataservice", 100, "setup", 2, "failed to get dispatch block for {lfn}: no replica at {storage}"),
    Fault("dataservice", 101, "setup", 1, "lfn={lfn} not found in catalogue"),
    Fault("taskbuffer", 102, "setup", 1, "expired in assigned, status unchanged since 12 h"),
    Fault("jobdispatcher", 102, "launch", 3, "sent message to pilot but no reply within 30 min"),
    Fault("supervisor", 3831, "launch", 2, "Payload execution error: returned non-zero: {code}"),
    Fault("supervisor", 5530, "launch", 1, "removed by policy: MemoryUsage {mb} > RequestMemory"),
    Fault("pilot", 1099, "start", 6, "Failed to stage-in file: {lfn} from {storage}: [ERROR] <timeout>"),
    Fault("pilot", 1151, "start", 2, "Copy command timed out: rucio download {lfn} & log, exit code=-9"),
    Fault("pilot", 1110, "start", 2, "Failed during payload setup: line {code}: 'unbound \"variable\"'"),
    Fault("pilot", 1098, "start", 1, "Too little space left on local disk to run job: {mb} MB at {node}"),
    Fault("pilot", 1163, "start", 1, "Proxy is not valid on {node}: less than 1 h left"),
    Fault("pilot", 1305, "run", 5, 'Failed to execute payload: ERROR in <open>: {lfn} "is a zombie"', "1"),
    Fault("pilot", 1305, "run", 3, "Failed to execute payload: bad_alloc in fill<T> ({code})", "65"),
    Fault("pilot", 1328, "run", 2, "SIGSEGV: Invalid memory reference at event {code} & later", "139"),
    Fault("pilot", 1235, "run", 2, "Payload exceeded maximum allowed memory: {mb} MB", "137"),
    Fault("pilot", 1150, "run", 1, "Looping job killed by pilot: no output touched in 7200 s"),
    Fault("pilot", 1201, "run", 2, "Job killed by signal: SIGTERM on {node}", "143"),
    Fault("pilot", 1213, "run", 1, "Reached maximum batch system time limit"),
    Fault("pilot", 1220, "run", 2, "Job failed: Non-zero failed job return code: {code}", "2"),
    Fault("pilot", 1137, "end", 5, "Failed to stage-out file: {lfn} to {storage}: no space left on device"),
    Fault("pilot", 1152, "end", 1, "Copy command timed out: rucio upload {lfn}"),
    Fault("pilot", 1165, "end", 1, "File {lfn} is missing on {node}"),
    Fault("dataservice", 200, "store", 3, "could not add files to DDM: <IdentifierAlreadyExists> {lfn}"),
    Fault("jobdispatcher", 103, "store", 1, "not in transferring or merging after 3 hours"),
)
BLACK_HOLE = Fault("pilot", 1377, "start", 0, "CVMFS is not alive on {node}: endpoint is not connected")
OUT_OF_MEMORY = Fault("pilot", 1305, "run", 0, "Failed to execute payload: bad_alloc in fill<T>", "65")
LOST = Fault("jobdispatcher", 100, "lost", 0, "lost heartbeat : {code}")
SLOW = Fault("jobdispatcher", 104, "transfer", 0, "transferring for more than 12 hours")
MERGE_FAILED = Fault("taskbuffer", 113, "merge", 0, "merge of the outputs failed")
WORKER_CODES = (
    (1000, "worker ended without exit code"),
    (8982, "removed by the batch system: held too long"),
    (4211, "killed: memory {mb} over the limit"),
    (6819, "pod ended: node lost"),
)
"""Codes of harvester and its texts for workers that the batch system took away."""
