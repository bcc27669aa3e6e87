"""What a payload uses: memory, CPU and I/O as functions of the time since it started.

Units are those of the job tables: memory in kB, I/O totals in kB and rates in kB/s, times in seconds.
"""

import math
from dataclasses import dataclass
from random import Random
from typing import Any

from bigpandamon_core.demo.simulation.records import Row

KB = 1024
LARGEST_TOTAL = 9_999_999_999
"""The server stores no larger total of I/O."""
WATTS_PER_CORE = 10.0
GRAMS_PER_KWH = 280.0
COLUMNS = (
    "Time", "nprocs", "nthreads", "wtime", "stime", "utime", "pss", "rss", "swap", "vmem",
    "rchar", "read_bytes", "wchar", "write_bytes", "rx_bytes", "rx_packets", "tx_bytes", "tx_packets",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Load:
    """What one job does to its node. plateau: kB that its memory settles at, growth: kB/s on top of it.
    efficiency: of the cores. reads, writes: kB/s. power: benchmark units of a core."""

    cores: int
    efficiency: float
    plateau: float
    growth: float
    reads: float
    writes: float
    power: float
    processor: str
    level: str

    def pss(self, elapsed: float) -> float:
        return self.plateau * (1 - 0.85 * math.exp(-elapsed / 300)) + self.growth * elapsed

    def cpu(self, elapsed: float) -> int:
        busy = max(0.0, elapsed - 20) * self.cores * self.efficiency
        return int(busy)


def while_running(load: Load, elapsed: float) -> Row:
    """What a heartbeat brings."""
    return {
        "cpuconsumptiontime": load.cpu(elapsed),
        "cpuconsumptionunit": f"s+{load.processor}",
        "cpu_architecture_level": load.level,
        "actualcorecount": load.cores,
        "meancorecount": round(load.cores * load.efficiency, 2),
        **_memory(load, elapsed),
    }


def at_the_end(load: Load, elapsed: float) -> Row:
    """What the last heartbeat brings."""
    cpu = load.cpu(elapsed)
    hours = elapsed / 3600
    grams = load.cores * WATTS_PER_CORE * hours / 1000 * GRAMS_PER_KWH
    return {
        **while_running(load, elapsed),
        **_transfers(load, elapsed),
        "hs06": int(load.power * load.cores),
        "hs06sec": int(cpu * load.power),
        "diskio": int(load.reads + load.writes),
        "memory_leak": int(load.growth + 0.02 * load.plateau / max(elapsed, 600)),
        "memory_leak_x2": round(0.08 + 40 / (elapsed + 60), 3),
        "gco2_global": round(grams, 2),
        "gco2_regional": round(grams * 0.8, 2),
    }


def _memory(load: Load, elapsed: float) -> Row:
    peak, mean = load.pss(elapsed), load.pss(elapsed / 2)
    return {
        "maxpss": int(peak),
        "avgpss": int(mean),
        "maxrss": int(peak * 1.07),
        "avgrss": int(mean * 1.07),
        "maxvmem": int(peak * 1.9 + 400_000),
        "avgvmem": int(mean * 1.9 + 400_000),
        "maxswap": 0,
        "avgswap": 0,
    }


def _transfers(load: Load, elapsed: float) -> Row:
    totals = {
        "rchar": load.reads * 1.8,
        "wchar": load.writes * 1.3,
        "rbytes": load.reads,
        "wbytes": load.writes,
    }
    row: Row = {f"rate{name}": int(rate) for name, rate in totals.items()}
    row |= {f"tot{name}": min(int(rate * elapsed), LARGEST_TOTAL) for name, rate in totals.items()}
    return row


def summary(load: Load, elapsed: float) -> dict[str, Any]:
    """The summary document of the process monitor: Max in kB and B, Avg in kB and B/s."""
    memory = _memory(load, elapsed)
    cpu = load.cpu(elapsed)
    high: Row = {name: memory[f"max{name}"] for name in ("pss", "rss", "swap", "vmem")}
    mean: Row = {name: float(memory[f"avg{name}"]) for name in ("pss", "rss", "swap", "vmem")}
    for name, rate in _rates(load).items():
        high[name] = int(rate * elapsed)
        mean[name] = round(rate, 3)
    high |= {"utime": cpu - cpu // 25, "stime": cpu // 25, "wtime": int(elapsed)}
    high |= {"nprocs": load.cores + 4, "nthreads": 2 * load.cores + 6}
    machine = {
        "ModelName": load.processor,
        "CPUs": 64,
        "Sockets": 2,
        "CoresPerSocket": 32,
        "ThreadsPerCore": 1,
    }
    return {
        "Max": high,
        "Avg": mean,
        "HW": {"cpu": machine, "mem": {"MemTotal": 263_855_012}},
        "prmon": {"Version": "3.1.1"},
    }


def _rates(load: Load) -> dict[str, float]:
    """B/s by the names of the process monitor."""
    return {
        "rchar": load.reads * 1.8 * KB,
        "read_bytes": load.reads * KB,
        "wchar": load.writes * 1.3 * KB,
        "write_bytes": load.writes * KB,
        "rx_bytes": load.reads * 1.1 * KB,
        "tx_bytes": load.writes * 1.1 * KB,
    }


def series(load: Load, started: int, elapsed: float, points: int, random: Random) -> str:
    """The time series of the process monitor, at least a minute between two lines. started: Unix seconds."""
    step = max(60.0, elapsed / points)
    rates = _rates(load)
    lines = [
        _line(load, rates, started, int(step * number) + 1, 1 + 0.03 * (random.random() - 0.5))
        for number in range(int(elapsed / step) + 1)
    ]
    return "\n".join(["\t".join(COLUMNS), *lines, ""])


def _line(load: Load, rates: dict[str, float], started: int, elapsed: int, flutter: float) -> str:
    pss, cpu = int(load.pss(elapsed) * flutter), load.cpu(elapsed)
    system = cpu // 25
    moved = [int(rate * elapsed) for rate in rates.values()]
    received, sent = moved[4], moved[5]
    return (
        f"{started + elapsed}\t{load.cores + 4}\t{2 * load.cores + 6}\t{elapsed}\t{system}\t{cpu - system}\t"
        f"{pss}\t{int(pss * 1.07)}\t0\t{int(pss * 1.9) + 400_000}\t"
        f"{moved[0]}\t{moved[1]}\t{moved[2]}\t{moved[3]}\t"
        f"{received}\t{received // 1400}\t{sent}\t{sent // 1400}"
    )
