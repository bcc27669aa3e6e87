"""Invented jobs: the text of their events, and what must be known of them at the end."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 3, 28, 20, 0, 0)
"""Local time of a place whose clocks change in the following night."""

AT_ONCE = 40


@dataclass
class Job:
    cluster: int
    proc: int
    state: int = 0
    truth: dict[str, object] = field(default_factory=dict)
    told: int = 0
    starts: int = 0


def seconds(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


def header(number: int, job: Job, moment: datetime, text: str) -> str:
    return f"{number:03d} ({job.cluster:03d}.{job.proc:03d}.000) {moment:%Y-%m-%d %H:%M:%S} {text}\n"


class History:
    """So many events of jobs that run side by side, the same for the same seed."""

    def __init__(self, count: int, seed: int = 1, schedd: str = "ap.example.org") -> None:
        self._random, self._count, self._schedd = random.Random(seed), count, schedd
        self._moment = BEGIN
        self.jobs: list[Job] = []

    def __iter__(self) -> Iterator[bytes]:
        alive: list[Job] = []
        for number in range(self._count):
            self._moment += timedelta(seconds=self._random.randrange(2))
            job = self._chosen(alive, number + 1)
            text = self._event(job)
            job.told += 1
            job.truth |= {
                "LoggedEvents": job.told,
                "JobStatus": job.state,
                "EventTime": seconds(self._moment),
            }
            if job.state == 4:
                alive.remove(job)
            yield text.encode() + b"...\n"

    def _chosen(self, alive: list[Job], number: int) -> Job:
        if alive and (len(alive) == AT_ONCE or self._random.random() > 0.2):
            return self._random.choice(alive)
        job = Job(number, self._random.choice((0, 0, 7, 1418)))
        self.jobs.append(job)
        alive.append(job)
        return job

    def _event(self, job: Job) -> str:
        if not job.told:
            return self._submitted(job)
        if job.state == 1:
            return self._started(job)
        if job.state == 5:
            return self._released(job)
        happens = (self._measured, self._evicted, self._held, self._completed)
        return self._random.choices(happens, (12, 3, 1, 4))[0](job)

    def _released(self, job: Job) -> str:
        job.state = 1
        return (
            header(13, job, self._moment, "Job was released.") + "\tvia condor_release (by user somebody)\n"
        )

    def _evicted(self, job: Job) -> str:
        job.state = 1
        return header(4, job, self._moment, "Job was evicted.") + "\t(0) Job was not checkpointed.\n"

    def _submitted(self, job: Job) -> str:
        job.state = 1
        moment = seconds(self._moment)
        job.truth |= {"QDate": moment, "GlobalJobId": f"{self._schedd}#{job.cluster}.{job.proc}#{moment}"}
        return header(0, job, self._moment, "Job submitted from host: <10.0.0.1:9618>")

    def _started(self, job: Job) -> str:
        job.state, job.starts = 2, job.starts + 1
        job.truth |= {"NumJobStarts": job.starts, "JobCurrentStartDate": seconds(self._moment)}
        return (
            header(1, job, self._moment, "Job executing on host: <10.0.0.2:9618>")
            + "\tSlotName: slot1@node\n"
        )

    def _measured(self, job: Job) -> str:
        size = self._random.randrange(1, 10**6)
        job.truth["ResidentSetSize"] = size
        text = header(6, job, self._moment, f"Image size of job updated: {size + 1}")
        return (
            text + f"\t{size >> 10}  -  MemoryUsage of job (MB)\n\t{size}  -  ResidentSetSize of job (KB)\n"
        )

    def _held(self, job: Job) -> str:
        job.state = 5
        return header(12, job, self._moment, "Job was held.") + "\tas told\n\tCode 34 Subcode 102\n"

    def _completed(self, job: Job) -> str:
        job.state, code = 4, self._random.choice((0, 0, 1, 65))
        job.truth |= {"ExitCode": code, "CompletionDate": seconds(self._moment)}
        return (
            header(5, job, self._moment, "Job terminated.")
            + f"\t(1) Normal termination (return value {code})\n"
            "\t\tUsr 0 00:00:07, Sys 0 00:00:01  -  Run Remote Usage\n"
        )

    def truth(self) -> dict[object, dict[str, object]]:
        return {job.truth["GlobalJobId"]: job.truth for job in self.jobs}
