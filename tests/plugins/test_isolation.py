"""With and without plugins core's answers are the same to the byte, and the <main> of its pages too."""

from bigpandamon_core.sections.openapi import document
from tests.plugins.community import TASK

TASKS = (
    "",
    "?vo=zephyr",
    "?taskname=mill*",
    "?demo_vo_season=spring",
    "?sort=-demo_vo_season",
    "?hours=none",
)
JOBS = (
    "",
    "?vo=zephyr",
    "?computingsite=ZEPHYR_INNER_1&limit=1",
    f"?jeditaskid={TASK}&mode=nodrop",
    "?demo_vo_ring=inner",
    "?sort=-demo_vo_ring",
    "?hours=none",
)
FORMS = ("html", "json", "csv", "ndjson", "text")
PAGES = ("/", "/find/?q=zephyr", "/find/?q=same.name", "/nowhere/", "/demo_vo-jobs/", "/job/0/", "/job/")


def lists() -> list[str]:
    asked = (("jobs", JOBS), ("tasks", TASKS))
    return [
        f"/{noun}/{query}{'&' if query else '?'}format={form}"
        for noun, queries in asked
        for query in queries
        for form in FORMS
    ]


def addresses(community) -> list[str]:
    api = [f"/api/v1/jobs{query}{'&' if query else '?'}format={form}" for query in JOBS for form in FORMS[1:]]
    summaries = [f"/api/v1/jobs/summary{query}" for query in JOBS]
    jobs = [
        address.format(job)
        for job in (community.inner[0], community.hush[0], community.live[0])
        for address in ("/job/{}/", "/job/{}/?json", "/api/v1/jobs/{}", "/find/?q={}&json", "/find/?q={}")
    ]
    return [*lists(), *api, *summaries, *jobs, *tasks(community), *PAGES]


def tasks(community) -> list[str]:
    api = [
        f"/api/v1/tasks{query}{'&' if query else '?'}format={form}" for query in TASKS for form in FORMS[1:]
    ]
    ones = [
        address.format(task)
        for task in (community.windmills[0], community.hushed[0], community.foreign[1], TASK)
        for address in (
            "/task/{}/", "/task/{}/?json", "/api/v1/tasks/{}", "/api/v1/tasks/{}/profile", "/find/?q={}&json",
        )
    ]  # fmt: skip
    return [*api, *ones, "/task/?taskname=same.name&json", "/find/?q=mill*&json"]


def answers(monitor, asked: list[str]) -> dict[str, tuple[int, str, bytes]]:
    return {address: answer(monitor.client.get(address)) for address in asked}


def answer(response) -> tuple[int, str, bytes]:
    """Status, ignored parameters, and the body; of a page its <main>."""
    body = response.getvalue() if response.streaming else response.content
    if b"<main" in body:
        body = body.partition(b"<main")[2].partition(b"</main>")[0]
        assert body
    return response.status_code, response.get("X-Ignored-Parameters", ""), body


def test_cores_answers_are_the_same(community, monitor):
    asked = addresses(community)
    without = answers(monitor(), asked)
    assert {status for status, *_ in without.values()} == {200, 302, 400, 404}
    for names in (("quiet_vo",), ("demo_vo", "quiet_vo")):
        beside = answers(monitor(*names), asked)
        assert {address for address in asked if without[address] != beside[address]} == set(), names


def test_a_quiet_plugin_does_not_notice_a_loud_one(community, monitor):
    asked = [f"/quiet_vo{address}" for address in lists()]
    asked += [f"/quiet_vo/task/{community.hushed[0]}/", "/quiet_vo/task/?taskname=same.name&json"]
    asked += [f"/quiet_vo/job/{community.hush[0]}/", "/quiet_vo/find/?q=same.name", "/quiet_vo/greeting/"]
    alone = answers(monitor("quiet_vo"), asked)
    assert answers(monitor("quiet_vo", "demo_vo"), asked) == alone
    assert 200 in {status for status, *_ in alone.values()}


def test_the_description_of_cores_addresses_is_the_same(monitor):
    without = document(monitor().registry, "", "", "/")["paths"]
    beside = document(monitor("demo_vo", "quiet_vo").registry, "", "", "/")["paths"]
    assert {path: beside[path] for path in without} == without
    assert len(beside) > len(without)


def test_pages_of_core_gain_nothing_but_navigation(community, monitor):
    def around(page: bytes) -> str:
        head, _, rest = page.decode().partition("<nav")
        return head + rest.partition("</nav>")[2]

    without, beside = (monitor(*names).get("/jobs/").content for names in ((), ("demo_vo", "quiet_vo")))
    assert without != beside
    assert around(without) == around(beside)
