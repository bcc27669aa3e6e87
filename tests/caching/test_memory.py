"""The memory of a process: bounded in bytes, the longest unasked go first, fit for threads."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from bigpandamon_core.caching.memory import LARGEST_PART, Memory
from bigpandamon_core.caching.store import Event
from tests.caching.questions import QUESTION, entry

BIG = entry(b"x" * 10_000)


def keys(memory: Memory) -> list[str]:
    return [key for key in map(str, range(1000)) if memory.get(key, QUESTION)]


def test_what_was_put_is_found():
    memory = Memory(100_000)
    memory.put("a", QUESTION, BIG)
    assert memory.get("a", QUESTION) == BIG
    assert memory.get("b", QUESTION) is None


def test_a_second_entry_takes_the_place_of_the_first():
    memory = Memory(100_000)
    for body in (b"one" * 100, b"two" * 900, b"three"):
        memory.put("a", QUESTION, entry(body))
    assert memory.state()["entries"] == 1
    assert memory.bytes == entry(b"three").size_bytes


def test_bytes_are_bounded_and_the_oldest_go():
    memory, noticed = Memory(50_000), Counter[Event]()
    memory = Memory(50_000, lambda event: noticed.update([event]))
    for number in range(20):
        memory.put(str(number), QUESTION, BIG)
        assert memory.bytes <= 50_000
    assert keys(memory) == [str(number) for number in range(16, 20)]
    assert noticed == {Event.KEPT: 20, Event.EVICTED: 16}


def test_what_was_asked_for_stays():
    memory = Memory(50_000)
    for number in range(20):
        memory.put(str(number), QUESTION, BIG)
        assert memory.get("0", QUESTION)
    assert keys(memory) == ["0", "17", "18", "19"]


def test_one_entry_cannot_push_out_all_others():
    noticed: list[Event] = []
    memory = Memory(BIG.size_bytes * LARGEST_PART - 1, noticed.append)
    memory.put("a", QUESTION, entry(b"small"))
    memory.put("b", QUESTION, BIG)
    assert keys(memory) == []
    assert memory.get("a", QUESTION)
    assert noticed == [Event.KEPT, Event.TOO_LARGE]


@pytest.mark.parametrize("seed", range(3))
def test_threads_leave_the_count_right(seed):
    memory = Memory(60_000)

    def work(number: int) -> None:
        draw = random.Random(seed * 100 + number)
        for _ in range(300):
            key = str(draw.randrange(30))
            if draw.random() < 0.5:
                memory.put(key, QUESTION, entry(b"x" * draw.randrange(9_000)))
            else:
                memory.get(key, QUESTION)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    held = [memory.get(key, QUESTION) for key in keys(memory)]
    assert memory.bytes == sum(one.size_bytes for one in held if one) <= 60_000
