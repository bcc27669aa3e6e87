"""The agent as a process that is killed again and again while its log grows and is rotated."""

import random
import time
from collections import Counter
from pathlib import Path
from threading import Thread

import pytest

from tests.campaigns import in_campaign
from tests.plugins.htcondor_agent.histories import History
from tests.plugins.htcondor_agent.processes import start

ROTATIONS, KILLS = 3, 10


def write(log: Path, history: History, count: int, pause: float) -> None:
    """Append events in pieces that end anywhere, and put the log aside a few times."""
    chance = random.Random(2)
    stream = log.open("ab", buffering=0)
    rest = b""
    for number, text in enumerate(history, 1):
        rest += text
        if number % (count // (ROTATIONS + 1)) == 0 and number < count:
            stream.write(rest)
            rest = b""
            rotate(log)
            stream = log.open("ab", buffering=0)
        elif chance.random() < 0.02:
            cut = chance.randrange(len(rest))
            stream.write(rest[:cut])
            rest = rest[cut:]
            time.sleep(pause)
    stream.write(rest)
    stream.close()


def rotate(log: Path) -> None:
    for number in range(ROTATIONS, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.rename(log.with_name(f"{log.name}.{number + 1}"))
    log.rename(log.with_name(f"{log.name}.1"))


@pytest.mark.slow
def test_followed_through_rotations_and_kills(configure, receiver, log):
    count = in_campaign(1_000_000, 20_000)
    history = History(count)
    seconds = in_campaign(240, 4)
    log.touch()
    writer = Thread(target=write, args=(log, history, count, seconds / (count * 0.02) / 2))
    configuration = configure("interval = 1")
    writer.start()
    chance = random.Random(3)
    for kill in range(KILLS):
        receiver.failures += chance.choices((0, 503, 429, 500), k=kill % 3)
        agent = start(configuration)
        time.sleep(seconds / KILLS * chance.uniform(0.5, 1.5))
        agent.kill()
        agent.wait()
    writer.join()
    receiver.failures.clear()
    while start(configuration, "--once").wait(600):
        time.sleep(0.1)
    truth = history.truth()
    assert receiver.jobs.keys() == truth.keys()
    known = {key: {name: receiver.jobs[key].get(name) for name in wanted} for key, wanted in truth.items()}
    assert known == truth
    assert sum(job["LoggedEvents"] for job in receiver.jobs.values()) == count
    assert len(Counter(job["JobStatus"] for job in receiver.jobs.values())) > 1
