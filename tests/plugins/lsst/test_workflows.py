"""Workflows as pages and JSON, against sums over what the world was made of."""

import csv
import html
import io
import itertools
import json
import re
from collections import Counter

import pytest

from bigpandamon_core.plugin import Record
from tests.plugins.lsst.world import KEYS, LATER, NAN, PLAN, RUN


def sums(run=RUN):
    rows = [counters for name, (_, counters) in PLAN.items() if run == RUN or name.startswith("00")]
    return dict(zip(KEYS, map(sum, zip(*rows, strict=True)), strict=True))


def test_the_json_that_programs_know(rubin, rubin_monitor):
    m = rubin_monitor()
    found = m.json("/idds/wfprogress/")
    assert [one["r_name"] for one in found] == [LATER, RUN]
    assert m.json("/lsst/workflows/") == [one | {"back_end": "PanDA"} for one in found]
    one, total = found[1], sums()
    assert one["tasks_statuses"] == Counter(status for status, _ in PLAN.values())
    assert (one["total_tasks"], one["username"], one["created_at"]) == (6, "Jane Doe", "2026-05-04 10:00:00")
    assert (one["total_files"], one["released_files"]) == (total["nfiles"], total["nfilestobeused"])
    assert one["unreleased_files"] == total["nfiles"] - total["nfilestobeused"]
    assert one["processing_files"] == total["nfilesused"] - total["nfilesfinished"] - total["nfilesfailed"]
    assert one["finished_files"] == 100 * total["nfilesfinished"] // total["nfiles"]
    assert (one["lost_files"], one["missing_files"]) == (total["nfilesfailed"], total["nfilesmissing"])
    assert {one["request_id"], one["r_status"], one["transform_type"]} == {None}


FILTERS: tuple[tuple[dict[str, str], list[str]], ...] = (
    ({"name": "DRP"}, [RUN]),
    ({"name": "u_asmith*"}, [LATER]),
    ({"user": "Jane*"}, [LATER, RUN]),
    ({"user": "nobody"}, []),
    ({"days": "1"}, [LATER, RUN]),
    ({"name": "", "user": ""}, [LATER, RUN]),
)


def test_filters(rubin, rubin_monitor):
    m = rubin_monitor()
    for query, runs in FILTERS:
        assert [one["r_name"] for one in m.json("/lsst/workflows/", **query)] == runs
        page = m.get("/lsst/workflows/", **query).content.decode()
        assert re.findall(r'href="/lsst/workflow/([^/"]+)/"', page) == runs
        lines = m.get("/lsst/workflows/", format="csv", **query).getvalue().decode()
        assert [row["r_name"] for row in csv.DictReader(io.StringIO(lines))] == runs


def test_files_run_where_jobs_do_whatever_the_counters_say(rubin, rubin_monitor):
    for state in ("running", "activated", "holding", "failed", "finished"):
        rubin.job("03_makeWarp_00", jobstatus=state)
    m = rubin_monitor()
    [warp] = [one for one in m.json(f"/lsst/workflow/{RUN}/")["labels"] if one["label"] == "makeWarp"]
    assert (warp["total"], warp["running"]) == (80, 3)
    [one] = m.json("/idds/wfprogress/", name="DRP")
    counted = PLAN["02_calibrate_00"][1]
    assert one["processing_files"] == 3 + counted[2] - counted[3] - counted[4]


def test_only_all_is_told_as_all(rubin, rubin_monitor):
    """Of 1500 files of a label 1498 are finished."""
    page = rubin_monitor().get(f"/lsst/workflow/{RUN}/").content.decode()
    row = re.findall(r"<tr>(?:(?!</tr>).)*<td>isr</td>.*?</tr>", page, re.DOTALL)[0]
    assert "&gt;99\N{NO-BREAK SPACE}%" in row
    assert "100" not in re.sub(r"href=\S+|1,500|1,498", "", row)


def listed(m, link):
    """What a link of a page leads to, as JSON."""
    return m.client.get(f"{html.unescape(link)}&json").json()


def test_states_lead_to_their_tasks(rubin, rubin_monitor):
    m = rubin_monitor()
    page = m.get("/lsst/workflows/", name="DRP").content.decode()
    links = re.findall(r'<a class="state \w+" href="([^"]+)"><i[^>]*></i>(\d+) (\w+)</a>', page)
    assert {state: int(count) for _, count, state in links} == Counter(state for state, _ in PLAN.values())
    for url, count, state in links:
        rows = listed(m, url)
        assert [row["status"] for row in rows] == [state] * int(count)


def test_a_page_of_one(rubin, rubin_monitor):
    m = rubin_monitor()
    page = m.get(f"/lsst/workflow/{RUN}/").content.decode()
    assert "nothing is known here of requests" in page
    assert "by the order of tasks" in page
    told = m.json(f"/lsst/workflow/{RUN}/")
    labels = ["pipetaskInit", "isr", "calibrate", "makeWarp", "finalJob"]
    assert [one["label"] for one in told["labels"]] == labels
    assert told["edges"] == [list(pair) for pair in itertools.pairwise(labels)]
    isr = told["labels"][1]
    assert (isr["total"], isr["finished"], isr["failed"]) == (1500, 1498, 2)
    assert sorted(isr["tasks"]) == sorted([rubin.number("01_isr_00"), rubin.number("01_isr_01")])
    assert told["verdict"] == "accepted"


def test_data_sets_tell_the_graph_where_they_can(rubin, rubin_monitor, with_libraries):
    from bigpandamon_core.panda.tasks import JediDatasets

    for name, kind in (("01_isr_00", "output"), ("03_makeWarp_00", "input")):
        number = rubin.number(name)
        numbers = {"jeditaskid": number, "datasetid": number * 10 + 5, "masterid": 1}
        rubin.panda.row(JediDatasets, **numbers, datasetname="isr.out", type=kind)
    told = rubin_monitor().json(f"/lsst/workflow/{RUN}/")
    assert told["edges"] == [["isr", "makeWarp"]]
    assert told["edges_known"].startswith("from data sets")
    assert drawn(rubin_monitor(), f"/lsst/workflow/{RUN}/")["edges"] == [["isr", "makeWarp", False]]


def drawn(m, url):
    """The graph that the page's script draws, None where there is none."""
    found = re.search(r'<script[^>]*type="application/json">(.*?)</script>', m.get(url).content.decode())
    return json.loads(found[1]) if found else None


def test_the_graph_is_drawn_in_the_colour_of_the_worst_task(rubin, rubin_monitor, with_libraries):
    """Of labels whose order is known; where it is but that of the tasks there is nothing to draw."""
    m = rubin_monitor()
    assert drawn(m, f"/lsst/workflow/{RUN}/") is None
    test_data_sets_tell_the_graph_where_they_can(rubin, rubin_monitor, with_libraries)
    nodes = {one["name"]: one for one in drawn(m, f"/lsst/workflow/{RUN}/")["nodes"]}
    assert (nodes["isr"]["group"], nodes["isr"]["note"]) == ("good", "1,498 of 1,500, finished")
    assert nodes["calibrate"]["group"] == "running"


@pytest.fixture
def table(own):
    from bigpandamon_lsst.models import Tolerated

    def row(component, code, name, pattern, **more):
        usual = {"pipetask": "", "resolved": False, "rescue": False, "intensity": 0.002, "tickets": "DM-1"}
        Tolerated.objects.create(component=component, code=code, name=name, pattern=pattern, **(usual | more))

    row("pilot", 1305, "nan", "cannot convert float .* to integer", pipetask="calibrate")
    row("jobdispatcher", 100, "heart", "lost heartbeat", rescue=True, intensity=0)
    row("transform", 137, "kill", "received signal SIGKILL", resolved=True)
    return row


def test_what_failed(rubin, rubin_monitor, table):
    pilot = {"piloterrorcode": 1305, "piloterrordiag": NAN}
    lost = [rubin.job("02_calibrate_00", **pilot) for _ in range(4)]
    rubin.panda.retry(lost[0], lost[1], jeditaskid=rubin.number("02_calibrate_00"))
    m = rubin_monitor()
    url = f"/lsst/workflow/{RUN}/"
    told = m.json(url)
    [one] = told["failures"]
    assert (told["verdict"], one["count"], one["of"], one["known_as"]) == ("accepted", 3, 1500, "nan")
    assert sorted(one["pandaids"]) == lost[1:]
    assert m.json(url, mode="nodrop")["verdict"] == "needs review"
    assert m.json(url, mode="nodrop")["failures"][0]["count"] == 4
    rubin.job("01_isr_00", jobdispatchererrorcode=100, jobdispatchererrordiag="lost heartbeat")
    assert m.json(url)["verdict"] == "needs rescue"
    killed = {"transexitcode": "137", "exeerrorcode": 5, "exeerrordiag": "Transform received signal SIGKILL"}
    rubin.job("01_isr_00", **killed)
    told = m.json(url)
    assert told["verdict"] == "needs review"
    assert [(one["known_as"], one["returned"]) for one in told["failures"]] == [
        ("kill", True),
        ("heart", False),
        ("nan", False),
    ]
    assert sum(one["count"] for one in told["failures"]) == 5
    page = m.get(url).content.decode()
    assert "kill (resolved, and back)" in page
    [link] = re.findall(r'href="(/lsst/jobs/\?pandaid=[^"]+)">3<', page)
    jobs = listed(m, link)["jobs"]
    assert sorted(job["pandaid"] for job in jobs) == lost[1:]
    assert "needs review so far" in m.get("/lsst/workflows/").content.decode()


def test_the_ladder_of_memory(rubin, rubin_monitor):
    steps = [
        (1, 4000, "failed", 3_900_000),
        (1, 4000, "finished", 1_024_000),
        (2, 8000, "finished", 5_120_000),
    ]
    ids = [
        rubin.job("02_calibrate_00", attemptnr=number, minramcount=asked, jobstatus=state, maxrss=used)
        for number, asked, state, used in steps
    ]
    rubin.panda.retry(ids[0], ids[2], jeditaskid=rubin.number("02_calibrate_00"))
    m = rubin_monitor()
    found = m.json(f"/lsst/retries/{RUN}/")["steps"]
    names = ("attempt", "memory", "jobs", "finished", "failed", "retried", "used")
    assert [tuple(step[name] for name in names) for step in found] == [
        (1, 4000, 2, 1, 1, 1, 3808),
        (2, 8000, 1, 1, 0, 0, 5000),
    ]
    assert "Attempts by memory" in m.get(f"/lsst/retries/{RUN}/").content.decode()


@pytest.mark.parametrize("path", ["workflow", "retries"])
@pytest.mark.parametrize(
    "run", ["nothing", "u_a_b_20260504T100000Z", "*_20260504T100000Z", RUN[:-1], f"{RUN}|x"]
)
def test_what_is_not_there(path, run, rubin, rubin_monitor):
    assert rubin_monitor().get(f"/lsst/{path}/{run}/").status_code == 404


def test_bad_questions(rubin, rubin_monitor):
    m = rubin_monitor()
    for days in ("0", "x", "99999", "²"):
        answer = m.get("/lsst/workflows/", json="", days=days)
        assert answer.status_code == 400
        assert "days" in answer.json()["error"]


def test_bad_mode(rubin, rubin_monitor):
    assert rubin_monitor().get(f"/lsst/workflow/{RUN}/", mode="x").status_code == 400


def test_runs_on_htcondor_have_the_same_columns(shared, rubin, rubin_monitor):
    """Against the counters in the files of DAGMan themselves."""
    from bigpandamon_htcondor.importing import KINDS

    [kind] = (one for one in KINDS if one.name == "htcondor-dag")
    files = sorted((shared / "data/htcondor/dagman").glob("*.node_status"))
    expected = {}
    for file in files:
        text = file.read_text()
        [run] = re.findall(r'([^"/]+)\.dag"', text)
        counters = dict(re.findall(r"Nodes(Total|Done|Failed|Futile) = (\d+)", text))
        expected[run, file.stem] = {name: int(count) for name, count in counters.items()}
        with file.open("rb") as stream:
            read = [one for one in kind.readers[file.suffix](stream) if isinstance(one, Record)]
        kind.writer(file).write(read)
    page = rubin_monitor().get("/lsst/workflows/", days="3000").content.decode()
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        for dag, run in re.findall(r'href="/htcondor/dag/([^"/]+)/">([^<]+)</a></td>', row):
            cells = re.findall(r'<td class="n">(\d+)', row)[:7]
            total, _, _, done, failed, futile, _ = map(int, cells)
            found[run, dag] = {"Total": total, "Done": done, "Failed": failed, "Futile": futile}
    assert found == expected
    assert "HTCondor" not in rubin_monitor().get("/lsst/workflows/").content.decode()


def test_without_that_plugin_there_are_none_of_these(rubin, rubin_monitor, monkeypatch):
    from bigpandamon_lsst import condor

    monkeypatch.setattr(condor, "APP", "bigpandamon_absent")
    assert RUN in rubin_monitor().get("/lsst/workflows/", days="3000").content.decode()


def test_a_list_that_was_cut_says_so_in_every_form(rubin, rubin_monitor, monkeypatch):
    monkeypatch.setattr("bigpandamon_lsst.reading.MOST_TASKS", 3)
    m, words = rubin_monitor(), "only the first 3 tasks were looked at"
    assert words in m.get("/lsst/workflows/").content.decode()
    for form in ({"json": ""}, {"format": "csv"}):
        assert m.get("/lsst/workflows/", **form)["X-Truncated"] == words
    assert m.get("/lsst/workflows/", format="text").getvalue().decode().strip().endswith(words)
