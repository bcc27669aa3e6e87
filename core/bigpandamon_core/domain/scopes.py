"""A plugin's scope: what every record it shows fulfils, written in the request language."""

from urllib.parse import parse_qsl

from bigpandamon_core.domain.conditions import Condition, Elapsed, Superseded, leaves
from bigpandamon_core.domain.nouns import Noun
from bigpandamon_core.domain.parameters import SHOWN, clean
from bigpandamon_core.domain.problems import Problem
from bigpandamon_core.domain.selection import parse
from bigpandamon_core.domain.window import now


def read(text: str, noun: Noun) -> Condition:
    """The condition of a scope such as `vo=one&computingsite=QUEUE_*`.

    Raises:
        Problem: it is empty or cannot be read, names nothing to filter by (a window, a limit), or would not
            mean the same at another time.
    """
    pairs = parse_qsl(text.strip(), keep_blank_values=True)
    if not pairs:
        raise Problem("It has no condition.", remedy="Write it like a query: vo=one&computingsite=QUEUE_*.")
    condition = parse(pairs, noun, now(), strict=True).condition
    cleaned = clean(pairs)
    _, used = noun.combined(cleaned)
    steering = [name for name in cleaned if noun.field(name.removesuffix(SHOWN)) is None and name not in used]
    if steering:
        raise Problem(f"{steering[0]} is no condition.", steering[0], "A scope only filters.")
    passing = noun.passing & cleaned.keys()
    if passing or any(isinstance(leaf, Elapsed | Superseded) for leaf in leaves(condition)):
        remedy = f"Leave out {', '.join(passing) or 'durationmin and single tasks'}."
        raise Problem("It changes with time.", remedy=remedy)
    return condition
