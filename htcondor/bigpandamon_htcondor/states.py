"""Numbers of HTCondor in words: job states, reasons for holding, universes, events, states of DAG nodes.

Source: HTCondor manual, job ClassAd attributes and appendix of codes.
"""

IDLE, RUNNING, REMOVED, COMPLETED, HELD, TRANSFERRING, SUSPENDED = range(1, 8)
FAILED = "failed"
"""A job that completed, but by a signal or with another exit code than 0."""
STATES = {
    IDLE: "idle",
    RUNNING: "running",
    REMOVED: "removed",
    COMPLETED: "completed",
    HELD: "held",
    TRANSFERRING: "transferring",
    SUSPENDED: "suspended",
}
ORDER = ("idle", "running", "transferring", "suspended", "held", "completed", FAILED, "removed")
ALIVE = ORDER[:5]
GROUPS = {
    "idle": "waiting",
    "running": "running",
    "transferring": "post",
    "suspended": "launch",
    "held": "bad",
    "completed": "good",
    FAILED: "bad",
    "removed": "ended",
}
LETTERS = {
    "U": 0,
    "I": IDLE,
    "R": RUNNING,
    "X": REMOVED,
    "C": COMPLETED,
    "H": HELD,
    ">": TRANSFERRING,
    "<": RUNNING,
    "S": SUSPENDED,
}
"""As `condor_q` shows them."""
UNIVERSES = {
    5: "vanilla", 7: "scheduler", 9: "grid", 10: "java", 11: "parallel", 12: "local", 13: "virtual machine",
}  # fmt: skip
HOLDS = {
    1: ("the user asked for it", "Release it with condor_release when it may go on."),
    2: ("a shadow said so", "See the log of the shadow on the submit host."),
    3: ("a policy of the job", "Look at its exit code and memory, then at its expressions for holding."),
    4: ("its credential is not good", "Renew the proxy or token on the submit host, then release."),
    5: ("a policy of the job is undefined", "An attribute that the expression names is missing: mend it."),
    6: ("its executable could not be started", "Look at path and permissions; the subcode is errno."),
    7: ("its standard output could not be opened", "Look at the folder's permissions and quota."),
    8: ("its standard input could not be opened", "Look whether the file is there and readable."),
    9: ("its standard streams could not be opened", "Look at the folder's permissions and quota."),
    10: ("a stream could not be opened", "Look at the folder's permissions and quota."),
    11: ("an acknowledgement was invalid", "See the log of the submit host."),
    12: ("its output could not be transferred", "Look whether the files were made and where they are to go."),
    13: ("its input could not be transferred", "Look whether the files are there and readable."),
    14: ("its working directory is not there", "Look at the directory on the submit host."),
    15: ("it was submitted on hold", "Release it when it may go on."),
    16: ("its input is being spooled", "It goes on by itself; if not, look at the client that submits."),
    21: ("the execution point held it", "See its log; another node may be sound."),
    22: ("its event log could not be written", "Look at the log's folder, permissions and quota."),
    23: ("its owner has no account there", "Ask the operator of the pool."),
    26: ("a policy of the pool", "Ask the operator which limit it is: often memory, time or starts."),
    32: ("its input is larger than the limit", "Send less, or have the limit raised."),
    33: ("its output is larger than the limit", "Keep less, or have the limit raised."),
    34: ("it used more than it asked for", "Ask for more memory or disk, then release."),
    35: ("its container image could not be used", "Look whether the image is there and fits the node."),
    36: ("its checkpoint could not be transferred", "Look at the place of checkpoints."),
}  # fmt: skip
"""By HoldReasonCode: what it means, and what usually helps."""
GRID_HOLD = ("the gateway or cloud refused it", "See the reason, and the log of the gateway.")
HOLD_LIMITS = {102: "memory", 104: "disk"}
"""Subcodes of 34."""
GRID_FROM, OVER_LIMIT = 37, 34

EVENTS = {
    0: "submitted", 1: "began to run", 2: "executable error", 3: "checkpointed", 4: "evicted",
    5: "terminated", 6: "used memory", 7: "shadow exception", 8: "said", 9: "aborted", 10: "suspended",
    11: "unsuspended",
    12: "held", 13: "released", 14: "node began to run", 15: "node terminated", 16: "post script terminated",
    21: "remote error", 22: "disconnected", 23: "reconnected", 24: "reconnect failed",
    25: "gateway up", 26: "gateway down", 27: "sent to the gateway", 28: "told its attributes",
    29: "state unknown", 30: "state known", 31: "staged in", 32: "staged out", 33: "attribute changed",
    34: "pre script skipped it", 35: "cluster submitted", 36: "cluster removed", 37: "factory paused",
    38: "factory resumed", 40: "transferred files", 41: "reserved space", 42: "released space",
    43: "file complete", 44: "file used", 45: "file removed", 46: "skipped: its output is there",
    47: "common files",
}  # fmt: skip
AFTER_EVENT = {
    0: IDLE, 1: RUNNING, 4: IDLE, 5: COMPLETED, 7: IDLE, 9: REMOVED, 10: SUSPENDED, 11: RUNNING, 12: HELD,
    13: IDLE, 24: IDLE,
}  # fmt: skip
"""The state a job is in after an event."""
NODES = {
    "not ready": "waiting", "ready": "waiting", "pre-script": "launch", "submitted": "running",
    "post-script": "post", "done": "good", "error": "bad", "futile": "ended",
}  # fmt: skip
"""States of nodes of a DAG in their order, with their colours. Futile: one before it failed."""


def group(state: str) -> str:
    """The colour of a state."""
    return GROUPS.get(state, "waiting")


def hold(code: int | None, subcode: int | None) -> tuple[str, str]:
    """What a hold code means and what helps; two empty texts where nobody knows."""
    meaning, advice = HOLDS.get(code or 0, GRID_HOLD if (code or 0) >= GRID_FROM else ("", ""))
    limit = HOLD_LIMITS.get(subcode or 0, "") if code == OVER_LIMIT else ""
    return (f"{meaning}: {limit}" if limit else meaning), advice
