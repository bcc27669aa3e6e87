"""What decides how long a DAG takes: the chain of nodes, each after the one before, that took the longest."""

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping


def in_order(parents: Mapping[str, list[str]]) -> Iterator[str]:
    """Nodes, each after all that come before it; what is in a circle or after one is left out."""
    waits = {name: sum(one in parents for one in before) for name, before in parents.items()}
    children = defaultdict[str, list[str]](list)
    for name, before in parents.items():
        for one in before:
            children[one].append(name)
    ready = deque(sorted(name for name, count in waits.items() if not count))
    while ready:
        name = ready.popleft()
        yield name
        for child in children[name]:
            waits[child] -= 1
            if not waits[child]:
                ready.append(child)


def critical_path(seconds: Mapping[str, float], parents: Mapping[str, list[str]]) -> list[str]:
    """The nodes of the longest chain, first to last. seconds: how long each took, 0 where it did not run."""
    whole: dict[str, float] = {}
    before: dict[str, str] = {}
    for name in in_order(parents):
        earlier = [one for one in parents[name] if one in whole]
        last = max(earlier, key=lambda one: (whole[one], one), default="")
        before[name] = last
        whole[name] = whole.get(last, 0.0) + seconds.get(name, 0.0)
    name = max(whole, key=lambda one: (whole[one], one), default="")
    chain: list[str] = []
    while name:
        chain.append(name)
        name = before[name]
    return chain[::-1]
