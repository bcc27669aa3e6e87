"""Kinds of callers, and a whole monitor that each of them may ask."""

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.conf import settings

from bigpandamon_core.accounts.rights import LADDER, implied
from bigpandamon_core.domain.privacy import Anonymous, Privacy
from bigpandamon_core.sections.registry import Mounted, Registry
from bigpandamon_core.sections.types import Access
from bigpandamon_core.web import access, kept
from tests.instance.factory import HARVESTER
from tests.instance.people import Accounts
from tests.plugins.conftest import ON
from tests.plugins.monitors import NAMES, registry, running
from tests.web.gateway import Answer, Gateway

USER = "Ada Byron"
SUBJECT = "/DC=org/CN=Ada Byron"
TASK, WORKER, DATASET, FILE, QUEUE = 7001, 5001, 11, 111, "ZEPHYR_INNER_1"
TASKS = {"": TASK, "demo_vo/": 7002, "quiet_vo/": 7003}
"""By point of view a task inside."""
QUERIES = {
    "find": "q=Ada+Byron",
    "job-by-parameter": "pandaid={pandaid}",
    "task-by-parameter": "jeditaskid={jeditaskid}",
    "worker": f"harvesterid={HARVESTER}&workerid={WORKER}",
    "v1-worker": f"harvesterid={HARVESTER}&workerid={WORKER}",
    "get-workers": "dt=1",
    "workers-for-task": f"jeditaskid={TASK}",
    "nodes-by-parameter": f"site={QUEUE}",
    "user-by-parameter": "user=Ada",
    **dict.fromkeys(("datasets", "v1-datasets", "files", "v1-files"), f"jeditaskid={TASK}"),
    **dict.fromkeys(("dataset", "v1-dataset", "load-file-list"), f"datasetid={DATASET}"),
    **dict.fromkeys(("file", "v1-file"), f"jeditaskid={TASK}&fileid={FILE}"),
    "site-by-parameter": f"site={QUEUE}",
    "filebrowser": "pandaid={pandaid}&filename={pandaid}.log",
}
"""By resource what has to be asked with."""
OF_SCRIPTS = {"x_requested_with": "XMLHttpRequest"}
"""Without effect but where it has to be sent."""
STATEMENTS = re.compile(rb"<span>\d+ statements?</span>")


def invented() -> Mapping[str, access.Caller]:
    """Kinds of callers that no role makes: they read what others do not, and nothing of it is personal."""
    read = frozenset({Access.READ})
    return {
        "guest": access.Caller("guest", read, Privacy(Anonymous.PSEUDONYMS, settings.SECRET_KEY)),
        "member": access.Caller("member", read, Privacy(Anonymous.NAMES, settings.SECRET_KEY)),
    }


ROLES = "[accounts.roles]\n" + "".join(f'{name} = ["{name}"]\n' for name in LADDER[1:])
SIGNED_IN = ("outsider", "personal", "operate", "administer")
"""Accounts, each called as the only group it is in; the first has no role."""
RIGHTS: Mapping[str, frozenset[Access]] = {
    **dict.fromkeys(("anonymous", "guest", "member", "outsider"), frozenset({Access.READ})),
    **{name: implied({Access(name)}) for name in SIGNED_IN[1:]},
}
AUDIENCES = ("anonymous", "guest", "member", "administer")
KEPT = ("anonymous", "guest", "member")
"""Those whose answers hold nothing personal."""


def called_by(request: Any) -> access.Caller:
    """Accounts know it; of the invented ones a cookie says it."""
    name = request.COOKIES.get("audience")
    return invented()[name] if name else access.caller_of(request)


Empty = Callable[[], None]


@dataclass(frozen=True)
class Store:
    """Where answers are kept, and the cookie of each who is not anonymous."""

    empty: Empty
    cookies: Mapping[str, str]


def cookies(accounts: Accounts) -> Mapping[str, str]:
    """Everybody signs in who has an account."""
    for name in SIGNED_IN:
        accounts.make(name, name)
    real = {name: f"{access.SESSION_COOKIE}={accounts.cookie(name)}" for name in SIGNED_IN}
    return real | {name: f"audience={name}" for name in invented()}


class Monitor:
    """The whole monitor; its store can be emptied."""

    def __init__(self, store: Store):
        self._empty = store.empty
        self._cookies = store.cookies
        self._gateway = Gateway()

    def empty(self) -> None:
        self._empty()
        kept.cache.cache_clear()

    def ask(self, url: str, audience: str, method: str = "GET", **headers: str) -> Answer:
        shown = [text for text in (headers.pop("cookie", ""), self._cookies.get(audience, "")) if text]
        told = OF_SCRIPTS | headers | ({"cookie": "; ".join(shown)} if shown else {})
        return self._gateway.get(url, method, **told)


def unchanged(mounted: Mounted) -> Mounted:
    return mounted


def shown(folder: Path, stack: ExitStack, change: Callable[[Mounted], Mounted] = unchanged) -> Registry:
    """Requests go to a monitor with both plugins from now on. change: of each of its resources."""
    found = registry(folder, dict.fromkeys(NAMES, ON))
    changed = {name: change(mounted) for name, mounted in found.mounted.items()}
    everything = replace(found, mounted=MappingProxyType(changed))
    stack.enter_context(running(everything))
    return everything


def addresses(registry: Registry, people: Any) -> list[tuple[str, str]]:
    """(resource and form, address) for every resource in each form, but for pages that are no more."""
    found = []
    for mounted in registry.mounted.values():
        if mounted.resource.name == "decommissioned":
            continue
        pandaid = people.hush[-1] if mounted.prefix == "quiet_vo/" else people.inner[-1]
        task = TASKS[mounted.prefix]
        path = re.sub(r"<\w+:(\w+)>", r"{\1}", mounted.routes[0]).format(
            harvesterid=HARVESTER,
            ring="inner",
            pandaid=pandaid,
            jeditaskid=task,
            queue=QUEUE,
            node="Unknown",
            name="Ada",
            agg="jobs",
        )
        query = QUERIES.get(mounted.resource.name, "").format(pandaid=pandaid, jeditaskid=task)
        forms = mounted.resource.formats
        found += [(f"{mounted.name} {form}", f"/{path}?{query}&format={form}") for form in forms]
    return found


def told(answer: Answer) -> tuple[int, bytes, str]:
    """What the caller learns, but for how many statements it took: some are asked once a process."""
    return answer.status, STATEMENTS.sub(b"", answer.body), answer.headers.get("Location", "")


def holds(audience: str, outcome: str) -> str:
    if audience not in ("anonymous", "outsider"):
        return "private, no-store"
    return "max-age=0, no-store" if outcome == "bypass" else "public, max-age=60"
