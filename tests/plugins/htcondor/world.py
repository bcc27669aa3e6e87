"""Jobs of all kinds, and how they are asked for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from tests.plugins.htcondor.conftest import JOBS

NOW = datetime(2026, 5, 4, 12, 0)
SECRETS = {
    "Environment": "TOKEN=sesame", "Args": "--password sesame", "Iwd": "/home/sesame",
    "x509userproxysubject": "/DC=org/CN=sesame", "Cmd": "/home/sesame/run.sh", "NotifyUser": "sesame@a.org",
}  # fmt: skip


def unix(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1)).total_seconds())


def jobs(many: int = 60) -> Iterator[dict[str, Any]]:
    """Jobs of all kinds."""
    for number in range(many):
        began = NOW - timedelta(hours=1, minutes=number)
        yield {
            "GlobalJobId": f"q@h{number % 3}.example#{number}.0#1",
            "JobStatus": (1, 2, 3, 4, 4, 5)[number % 6],
            "ExitCode": number % 5, "QDate": unix(began - timedelta(hours=1)), "JobStartDate": unix(began),
            "EnteredCurrentStatus": unix(began), "ServerTime": unix(NOW), "Owner": f"owner{number % 4}",
            "MATCH_GLIDEIN_Site": f"SITE_{number % 5}", "HoldReasonCode": (3, 34)[number % 12 == 5],
            "HoldReasonSubCode": (0, 102)[number % 12 == 5], "RequestCpus": 1 + number % 2,
            "HoldReason": f"held (by user owner{number % 4})", "RemoteWallClockTime": 100.0 * number,
            "CommittedTime": 90 * number, "RemoteUserCpu": 50.0 * number, "NumJobStarts": 1 + number % 3,
            "wmsid": str(9000 + number), **SECRETS,
        }  # fmt: skip


def listed(monitor: Any, **asked: Any) -> Any:
    return monitor.json(JOBS, limit=1000, **asked)
