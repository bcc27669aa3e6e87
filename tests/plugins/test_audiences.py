"""Nobody receives a byte that only another may see: every resource, in every form, plain and mounted, kept in
every kind of store, asked by one audience after another."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from bigpandamon_core import config
from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from bigpandamon_core.sections.registry import Mounted
from bigpandamon_core.sections.types import Access
from bigpandamon_core.web import asked, kept, shelf
from tests.instance.people import Accounts
from tests.plugins.audiences import (
    AUDIENCES,
    DATASET,
    FILE,
    KEPT,
    QUEUE,
    RIGHTS,
    ROLES,
    SIGNED_IN,
    SUBJECT,
    TASK,
    TASKS,
    USER,
    WORKER,
    Empty,
    Monitor,
    Store,
    addresses,
    called_by,
    cookies,
    holds,
    shown,
    told,
)
from tests.web.gateway import Answer


@pytest.fixture
def memory() -> tuple[str, Empty]:
    return 'kind = "memory"', lambda: None


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, Empty]:
    folder = tmp_path / "kept"
    return f'kind = "files"\nfolder = "{folder}"', lambda: shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def memcached(memcached_server: Any) -> tuple[str, Empty]:
    from pymemcache.client.base import Client  # type: ignore[import-untyped]  # it carries no types

    client = Client(memcached_server.address)
    told = f'kind = "memcached"\nservers = ["{memcached_server.address}"]'
    return told, lambda: client.flush_all(noreply=False)


NOBODY = ("trend", "harvester-jobs", "status-log", "last-job")
"""Parts of names of resources that tell of jobs, but of nobody."""
KINDS = ("memory", "memcached", "files")
STORES = [pytest.param(kind, marks=[pytest.mark.services] if kind == "memcached" else []) for kind in KINDS]


@pytest.fixture(params=STORES)
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accounts: Accounts
) -> Iterator[Store]:
    """An instance that keeps answers and tells names to nobody who has not signed in."""
    told, empty = request.getfixturevalue(request.param)
    text = Path(str(settings.BIGPANDAMON.file)).read_text(encoding="utf-8")
    file = tmp_path / "audiences.toml"
    cache = f"[cache]\n{told}\ndefault_seconds = 60\nstale_seconds = 0\n"
    logs = f'[job_logs]\nfolders = ["{tmp_path}/{{pandaid}}.log"]\n'
    file.write_text(f'{text.partition("[cache]")[0]}{cache}{logs}[privacy]\nanonymous = "none"\n{ROLES}')
    monkeypatch.setattr(asked, "caller_of", called_by)
    with override_settings(BIGPANDAMON=config.load(file, environ={})):
        _forget()
        yield Store(empty, cookies(accounts))
    _forget()


def _forget() -> None:
    kept.cache.cache_clear()
    kept._identity.cache_clear()
    shelf.shelf.cache_clear()


@pytest.fixture
def people(community: Any, tmp_path: Path) -> Any:
    """Jobs of one user, inside the scope and outside, with logs that name them."""
    user = {"produsername": USER, "produserid": SUBJECT, "jobname": f"user.{USER}.1", "jobstatus": "failed"}
    error = {"piloterrorcode": 1099, "piloterrordiag": f"{USER} has no quota"}
    for vo, inside in (("zephyr", community.inner), ("hush", community.hush)):
        inside.append(community.job(vo=vo, computingsite=QUEUE, **user, **error))
    for pandaid in (community.inner[-1], community.hush[-1]):
        (tmp_path / f"{pandaid}.log").write_text(f"{USER} has no quota")
    dates = {"creationdate": community.now, "modificationtime": community.now}
    text = f"user.{USER}.task"
    said = {"taskname": text, "errordialog": f"{USER} waits"}
    for number, of_vo in zip(TASKS.values(), (None, "zephyr", "hush"), strict=True):
        community.panda.task(jeditaskid=number, username=USER, vo=of_vo, **said, **dates)
    of_task = {"jeditaskid": TASK, "datasetid": DATASET, "type": "input"}
    times = {"creationtime": community.now, "modificationtime": community.now}
    community.panda.row(JediDatasets, datasetname=f"user.{USER}.in", containername=text, **of_task, **times)
    contents = {"lfn": f"user.{USER}.root", "status": "ready", "creationdate": community.now}
    community.panda.row(JediDatasetContents, fileid=FILE, **of_task, **contents)
    community.panda.queue(QUEUE, status="online", special_par=f"proxy of {SUBJECT}")
    told = f"{USER} has no quota"
    community.panda.worker(community.inner[-1], workerid=WORKER, submittime=community.now, diagmessage=told)
    return community


@pytest.fixture(scope="module")
def known() -> dict[tuple[str, str], Answer]:
    """What was answered where nothing was kept, by address and audience: the same in front of any store."""
    return {}


def _alone(monitor: Monitor, known: dict[tuple[str, str], Answer], url: str, audience: str) -> Answer:
    if (url, audience) not in known:
        monitor.empty()
        known[url, audience] = monitor.ask(url, audience)
    return known[url, audience]


@pytest.mark.slow
def test_the_second_never_gets_what_only_the_first_may_see(store, people, tmp_path, request, known):
    monitor, named = Monitor(store), set()
    # stores differ in how they keep bytes, not in what they are asked for: turns are taken in one of them
    kind = request.node.callspec.params["store"]
    with ExitStack() as stack:
        for place, (name, url) in enumerate(addresses(shown(tmp_path, stack), people)):
            if KINDS[place % len(KINDS)] != kind:
                continue
            own = {audience: _alone(monitor, known, url, audience) for audience in AUDIENCES}
            if "job" in name and not any(word in name for word in NOBODY):
                assert len({told(own[audience]) for audience in KEPT}) == len(KEPT), name
            if "find" not in name:  # that repeats what is looked for
                told_to = {audience for audience in AUDIENCES if USER.encode() in own[audience].body}
                assert told_to <= {"member", "administer"}, name
                named |= told_to
            for order in (AUDIENCES, AUDIENCES[::-1]):  # so that each comes before and after each other
                monitor.empty()
                _in_turn(monitor, url, {audience: own[audience] for audience in order})
    assert named == {"member", "administer"}


def _in_turn(monitor: Monitor, url: str, own: Mapping[str, Answer]) -> None:
    """Each gets its own, new or kept for it, and is not told whether it is the same as another's."""
    for audience, expected in own.items():
        found = monitor.ask(url, audience)
        assert told(found) == told(expected), (url, audience)
        assert found.outcome == expected.outcome, (url, audience)
        refusal = "no-store" if found.status == 403 else ""
        assert found.headers["Cache-Control"] == (refusal or holds(audience, found.outcome)), (url, audience)
    for first, second in permutations(KEPT, 2):
        tag = own[first].headers.get("ETag", "")  # a refusal has none
        if tag and own[second].outcome == "miss" and told(own[first]) != told(own[second]):
            known = monitor.ask(url, second, if_none_match=tag)
            assert (known.outcome, told(known)) == ("hit", told(own[second])), (url, first, second)


@pytest.mark.slow
@pytest.mark.parametrize("store", ["memory"], indirect=True)
def test_no_address_gets_what_was_kept_for_another(store, people, tmp_path, known):
    """The same resource plain and from each point of view, one after another and backwards."""
    monitor = Monitor(store)
    with ExitStack() as stack:
        asked = [(url, audience) for _, url in addresses(shown(tmp_path, stack), people) for audience in KEPT]
        own = {one: told(_alone(monitor, known, *one)) for one in asked}
        monitor.empty()
        assert [one for one in (*asked, *asked[::-1]) if told(monitor.ask(*one)) != own[one]] == []


def test_each_audience_has_its_kept_answer(store, people, tmp_path):
    monitor = Monitor(store)
    with ExitStack() as stack:
        shown(tmp_path, stack)
        monitor.empty()
        asked_by = [*AUDIENCES, *AUDIENCES[::-1]]
        outcomes = [monitor.ask("/jobs/?json", audience).outcome for audience in asked_by]
    assert outcomes == ["miss"] * 3 + ["bypass"] * 2 + ["hit"] * 3


def test_who_signed_in_gets_what_the_rights_allow(store, people, tmp_path):
    """Who has none gets what is kept for everybody, the others what nobody keeps; each after each other."""
    monitor = Monitor(store)
    with ExitStack() as stack:
        shown(tmp_path, stack)
        for url in ("/jobs/", "/jobs/?json", "/demo_vo/jobs/?format=csv", "/api/v1/jobs"):
            monitor.empty()
            everybodys = monitor.ask(url, "anonymous")
            assert USER.encode() not in everybodys.body
            for audience in (*SIGNED_IN, *SIGNED_IN[::-1], "anonymous"):
                found = monitor.ask(url, audience)
                assert found.headers["Cache-Control"] == holds(audience, found.outcome), (url, audience)
                if RIGHTS[audience] == {Access.READ}:
                    assert (found.outcome, told(found)) == ("hit", told(everybodys)), (url, audience)
                else:
                    assert (found.outcome, USER.encode() in found.body) == ("bypass", True), (url, audience)
                    assert SUBJECT.encode() not in found.body, (url, audience)


@pytest.mark.parametrize("store", ["memory"], indirect=True)
def test_what_asks_for_a_right_is_never_kept(store, people, tmp_path):
    """The rights take turns over the resources, and of what is mounted over its points of view."""

    def restricted(mounted: Mounted) -> Mounted:
        turn = len(mounted.resource.name) + list(TASKS).index(mounted.prefix)
        access = (Access.PERSONAL, Access.OPERATE, Access.ADMINISTER)[turn % 3]
        return replace(mounted, resource=replace(mounted.resource, access=access))

    monitor = Monitor(store)
    with ExitStack() as stack:
        registry = shown(tmp_path, stack, restricted)
        for name, url in addresses(registry, people):
            access = registry.mounted[name.split()[0]].resource.access
            entitled = [audience for audience, rights in RIGHTS.items() if access in rights]
            for audience in entitled:
                answer = monitor.ask(url, audience)
                assert answer.status in (200, 302), name
                assert (answer.outcome, answer.headers["Cache-Control"]) == ("bypass", "private, no-store"), (
                    name
                )
            for audience in set(RIGHTS) - set(entitled):
                refused = monitor.ask(url, audience, if_none_match=answer.headers.get("ETag", ""))
                assert (refused.status, refused.headers["Cache-Control"]) == (403, "no-store"), name
                assert USER.encode() not in refused.body, name
    assert kept.cache().store.state()["entries"] == 0


@pytest.mark.parametrize("store", ["memory"], indirect=True)
def test_answers_to_post_are_never_kept(store, people, tmp_path):
    monitor = Monitor(store)
    with ExitStack() as stack:
        registry = shown(tmp_path, stack)
        taking = {one.name for one in registry.mounted.values() if "POST" in one.resource.methods}
        for name, url in addresses(registry, people):
            answer = monitor.ask(url, "member", "POST")
            if name == "demo_vo-notes html" or answer.status == 401:
                continue
            if name.split()[0] in taking:
                told = answer.outcome, answer.headers["Cache-Control"]
                assert told == ("bypass", "private, no-store"), name
            else:
                assert answer.status == 405, name
    assert len(taking) >= 9
    assert kept.cache().store.state()["entries"] == 0


# --- the theme


WILD = ("", "dark", "light", "auto", "DARK", "<script>", "dark light", "x" * 500, '"dark"', "%64ark")


def test_a_theme_cookie_makes_three_pages_and_no_more(store, people, tmp_path):
    monitor = Monitor(store)
    with ExitStack() as stack:
        shown(tmp_path, stack)
        for url in ("/jobs/", "/demo_vo/jobs/", "/", f"/job/{people.inner[-1]}/"):
            monitor.empty()
            answers = [monitor.ask(url, "anonymous", cookie=f"bigpandamon_theme={value}") for value in WILD]
            assert sum(answer.outcome == "miss" for answer in answers) == 3
            assert len({answer.body for answer in answers}) == 3
            assert {answer.headers["Cache-Control"] for answer in answers} == {"public, max-age=60"}
            cookies = [f"bigpandamon_theme={value}" for value in WILD]
            data = [monitor.ask(f"{url}?json", "anonymous", cookie=cookie) for cookie in cookies]
            assert sum(answer.outcome == "miss" for answer in data) == 1


def test_a_theme_is_no_audience(store, people, tmp_path):
    """Beside a theme the cookie that says who asks still counts."""
    monitor = Monitor(store)
    with ExitStack() as stack:
        shown(tmp_path, stack)
        for first, second in permutations(AUDIENCES, 2):
            monitor.empty()
            bodies = [
                monitor.ask("/jobs/", audience, cookie="bigpandamon_theme=dark").body
                for audience in (first, second)
            ]
            assert (USER.encode() in bodies[1]) == (second in ("member", "administer"))
