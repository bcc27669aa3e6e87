"""The same answer again: how many a second, against servers that do nothing else than hand out its bytes."""

import http.client
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from benchmarks import load, servers
from benchmarks.instance import Instance
from benchmarks.measures import PAIRS, Measured, too_slow
from benchmarks.truth import Window, WrongAnswer
from tests.services import memcached
from tests.services.process import HOST
from tests.services.programs import locate

ALONE = 3
"""How often those are asked that are only told, not compared."""
BARE = "bare WSGI"
LEAST_BARE_RATE = 2000
"""Of two processes. Below that the machine, or who asks, is too slow for a ratio to mean anything."""
JSON_BYTES = 53_000
ENDED = "jobstatus=finished"
"""How long others run is told up to the present second: two answers would differ."""
MANY = 200
UNCACHED = 3
PLAIN, PACKED = {"Accept-Encoding": "identity"}, {"Accept-Encoding": "gzip"}
_MISSES = re.compile(r'^bigpandamon_cache_answers_total\{outcome="miss",point="jobs"\} ([0-9.]+)', re.M)
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Ask:
    """One kind of request to one server. bare: the kind with the same bytes that it is held against."""

    name: str
    port: int
    path: str
    headers: Headers
    bare: str = ""

    def rate(self) -> float:
        """Answers in a second."""
        return load.rate(self.port, self.path, self.headers)


def measure(instance: Instance, window: Window, pages: bool) -> Iterator[Measured]:
    """window: of the jobs that are asked for; its ends are named, so that the answer does not change. pages:
    whether kept pages are measured, too, not only JSON."""
    with ExitStack() as stack:
        kept = {"memory": ""}
        if locate("memcached"):
            server = memcached.running()
            stack.callback(server.remove)
            kept["memcached"] = server.address
        kinds = {name: stack.enter_context(servers.ours(instance, name, at)) for name, at in kept.items()}
        yield from _rates(list(_asks(stack, instance, kinds, window, pages)))
        yield from _uncached(kinds["memory"], f"/jobs/?{window.query}")
        for name, at in kept.items():
            with servers.ours(instance, name, at, counting=True) as port:
                yield from _stampede(name, port, f"/jobs/?{window.query}&json&limit=10")


def _asks(
    stack: ExitStack, instance: Instance, kinds: Mapping[str, int], window: Window, pages: bool
) -> Iterator[Ask]:
    memory = kinds["memory"]
    data = _of_size(memory, f"/jobs/?{window.query}&json&outputs=jobs&{ENDED}")
    if _get(memory, f"{data}&timestamp=1", PLAIN).body != _get(memory, data, PLAIN).body:
        raise WrongAnswer(f"{data}: kept it differs from what is made")
    page = [("page", f"/jobs/?{window.query}", PACKED)] if pages else []
    for name, path, headers in (("json", data, PLAIN), *page):
        for kind, port in kinds.items():
            yield Ask(f"serve.{kind}.{name}", port, path, headers, f"serve.bare.{name}")
        body = _get(memory, path, headers).body
        yield Ask(
            f"serve.bare.{name}",
            stack.enter_context(servers.bare(instance.folder, name, body)),
            path,
            headers,
        )
    answer = _get(memory, data, PLAIN)
    yield Ask("serve.memory.not-modified", memory, data, PLAIN | {"If-None-Match": answer.headers["ETag"]})
    if locate("nginx"):
        static = stack.enter_context(servers.static(instance.folder, answer.body))
        yield Ask("serve.nginx-static.json", static, data, PLAIN)


def _of_size(port: int, path: str) -> str:
    """The address with a limit that makes the answer about so large."""
    size = len(_get(port, f"{path}&limit=100", PLAIN).body)
    return f"{path}&limit={max(1, round(100 * JSON_BYTES / size))}"


def _get(port: int, path: str, headers: Headers) -> Answer:
    connection = http.client.HTTPConnection(HOST, port, timeout=300)
    connection.request("GET", path, headers=dict(headers))
    response = connection.getresponse()
    answer = Answer(response.status, dict(response.getheaders()), response.read())
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {answer.body[:500]!r}")
    return answer


def _rates(asks: Sequence[Ask]) -> Iterator[Measured]:
    for ask in asks:
        ask.rate()  # every process has been asked
    by_name = {ask.name: ask for ask in asks}
    for ask in asks:
        if ask.bare:
            yield _paired(ask, by_name[ask.bare])
        else:
            yield Measured(f"{ask.name}.rate", median(ask.rate() for _ in range(ALONE)), "1/s")


def _paired(ask: Ask, bare: Ask) -> Measured:
    """What is compared is measured one after the other, now this first and now that."""
    pairs = []
    for turn in range(PAIRS):
        rates = {one.name: one.rate() for one in ((ask, bare), (bare, ask))[turn % 2]}
        pairs.append((rates[ask.name], rates[bare.name]))
    ours, theirs = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(mine / others for mine, others in pairs)
    refused = too_slow(theirs, LEAST_BARE_RATE, BARE)
    return Measured(f"{ask.name}.rate", ours, "1/s", theirs, BARE, ratio, refused=refused)


def _uncached(port: int, path: str) -> Iterator[Measured]:
    spent = []
    for number in range(UNCACHED):
        began = perf_counter()
        _get(port, f"{path}&timestamp={number}", PACKED)
        spent.append(perf_counter() - began)
    yield Measured("serve.uncached.page.time", 1000 * median(spent), "ms")


def _stampede(kind: str, port: int, path: str) -> Iterator[Measured]:
    """Many ask at once what nobody has asked before."""
    before = _misses(port)
    answers = load.all_at_once(port, path, MANY)
    if len({body for body, _ in answers}) != 1:
        raise WrongAnswer(f"{path}: {MANY} who asked at once were told different things")
    yield Measured(f"serve.stampede.{kind}.recomputations", _misses(port) - before, "")
    yield Measured(f"serve.stampede.{kind}.time", 1000 * max(seconds for _, seconds in answers), "ms")


def _misses(port: int) -> int:
    found = _MISSES.search(_get(port, "/metrics", PLAIN).body.decode())
    return int(float(found[1])) if found else 0
