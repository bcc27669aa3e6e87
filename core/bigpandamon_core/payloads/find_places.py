"""What else a text may mean: a site or region, a node, a harvester service, words of what a code means."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from typing import Any
from urllib.parse import quote, urlencode

from bigpandamon_core.domain.job_errors import BY_NAME, CODE_COLUMNS, DIAG_COLUMNS, errors_of
from bigpandamon_core.domain.job_fields import named
from bigpandamon_core.domain.parameters import SHOWN, written
from bigpandamon_core.domain.text import cut, fold
from bigpandamon_core.payloads import job_facets, scope
from bigpandamon_core.payloads.call import Call
from bigpandamon_core.payloads.jobs import Jobs
from bigpandamon_core.summaries.jobs import Key

SHORTEST_WORD, LONGEST_NODE, MOST_ERRORS, MOST_SERVICES = 4, 128, 5, 10
MOST_READ = 500
"""So many failed jobs have their messages read."""
_NODE = re.compile(r"(?=.*[a-z])[\w.-]+\.[\w.-]+", re.IGNORECASE)
"""Nodes have names of hosts."""
_QUEUE = named("computingsite")
_PROPERTIES = {"site": ("atlas_site", "sites/"), "region": ("cloud", "dash/region/")}
Found = Iterator[tuple[str, str, str]]
"""What it is, as a text, and where below the root."""


def sites(text: str, defined: Mapping[str, Mapping[str, Any]]) -> Found:
    """Sites and regions that are so named, by the definitions of queues."""
    for what, (name, path) in _PROPERTIES.items():
        values = {str(one[name]) for one in defined.values() if one.get(name)}
        asked = name + SHOWN if what == "site" else "region"
        for value in sorted(value for value in values if fold(value) == fold(text)):
            yield what, value, f"{path}?{urlencode({asked: written(asked, value)})}"


def nodes(call: Call, text: str) -> Found:
    """A worker node by its whole name, by queue, where recent jobs are known in memory."""
    if len(text) > LONGEST_NODE or not _NODE.fullmatch(text):
        return
    selection = scope.selection(call, (("wn" + SHOWN, written("wn", text)),))
    counted, _ = job_facets.counted(call, selection, _QUEUE)
    for (queue,) in counted.groups(_QUEUE) if counted else ():
        yield "node", f"{text} of {queue}", f"wn/{quote(str(queue), safe='')}/{quote(text, safe='')}/"


def services(text: str, names: Iterable[str]) -> Found:
    """Harvester services whose names have the text."""
    wanted = fold(text)
    fitting = (name for name in sorted(names) if wanted in fold(name) and "/" not in name)
    for name in islice(fitting, MOST_SERVICES if len(wanted) >= SHORTEST_WORD else 0):
        yield "harvester service", name, f"harvester/instance/{quote(name, safe='')}/"


def errors(text: str, known: Mapping[tuple[str, int | str], Mapping[str, Any]]) -> Found:
    """Codes whose meaning has these words."""
    wanted = fold(text)
    if len(wanted) < SHORTEST_WORD:
        return
    found = 0
    for (component, code), meaning in sorted(known.items(), key=lambda item: (item[0][0], str(item[0][1]))):
        said = meaning["description"] or meaning["acronym"]
        if component in BY_NAME and wanted in fold(said) and found < MOST_ERRORS:
            found += 1
            asked = urlencode({BY_NAME[component].code + SHOWN: code})
            yield "error", f"{component}:{code} {cut(said, 80)}", f"errors/?{asked}"


def messages(call: Call, text: str) -> Found:
    """Codes with which the newest failed jobs said these words, the most frequent first."""
    jobs = Jobs(replace(call, parameters=(("jobstatus" + SHOWN, "failed"),), strict=False))
    rows = jobs.page((*CODE_COLUMNS, *DIAG_COLUMNS), MOST_READ)
    wanted, counts, said = fold(text), Counter[Key](), dict[Key, str]()
    for error in chain.from_iterable(map(errors_of, rows)):
        if wanted in fold(error.diag):
            counts[error.component, error.code] += 1
            said.setdefault((error.component, error.code), error.diag)
    for (component, code), many in counts.most_common(MOST_ERRORS):
        asked = urlencode({BY_NAME[component].code + SHOWN: code})
        of = f"said by {many} of the newest {len(rows)} failed jobs"
        yield (
            "error message",
            f"{component}:{code} {cut(said[component, code], 80)}, {of}",
            f"errors/?{asked}",
        )
