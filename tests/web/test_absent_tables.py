"""Tables an installation does not have: what needs them is left out and named, the rest is told."""

import pytest

from bigpandamon_core.panda.tasks import JediDatasetContents, JediDatasets
from bigpandamon_core.web import presence
from tests.web.conftest import NOON


@pytest.mark.parametrize("address", ["/job/{}/", "/job/{}/?json", "/api/v1/jobs/{}"])
def test_a_job_is_shown_without_what_is_not_there(panda, without, client, address):
    pandaid = panda.job(jeditaskid=5)
    for table in ("jobs_statuslog", "filestable4", "harvester_rel_jobs_workers", "error_descriptions"):
        without(table)
    response = client.get(address.format(pandaid))
    assert response.status_code == 200


def test_a_page_says_what_is_not_there(panda, without, client):
    pandaid = panda.job()
    without("jobs_statuslog")
    assert "no status log" in client.get(f"/job/{pandaid}/").content.decode()


@pytest.mark.parametrize(
    ("table", "what"), [("jedi_tasks", "tasks"), ("filestable4", "files"), ("schedconfig_json", "queues")]
)
def test_a_search_leaves_out_what_is_not_there_and_says_so(panda, without, client, table, what):
    pandaid = panda.job()
    without(table)
    found = client.get(f"/find/?q={pandaid}&json").json()
    assert [(one["what"], one["text"]) for one in found] == [("job", str(pandaid))]
    assert f"no {what}: not looked for" in client.get("/find/?q=nowhere.known").content.decode()


OPTIONAL = (
    *("error_descriptions", "schedconfig_json", "jedi_job_retry_history", "jobsarchived", "filestable_arch"),
    *("jobparamstable_arch", "metatable_arch", "filestable4", "metatable", "jobparamstable"),
    *("jedi_dataset_contents", "jedi_datasets", "jedi_tasks", "harvester_workers", "jobs_statuslog"),
)
ADDRESSES = (
    *("/", "/jobs/", "/jobs/?json", "/jobs/?jeditaskid=7000", "/jobs/?jeditaskid=7000&json"),
    *("/jobs/?json&datasets=1", "/jobs/?json&fields=metastruct", "/jobs/?json&pandaid={job}"),
    *("/jobs/?days=5&json", "/find/?q={job}", "/job/{job}/", "/job/{job}/?json"),
    "/jobs/?json&jeditaskid=7000&fileid=1&datasetid=2&mode=nodrop",
    *("/api/v1/jobs?days=5", "/api/v1/jobs/summary?jeditaskid=7000", "/api/v1/jobs/{job}", "/find/?q=name"),
)
NEEDED = {
    ("jedi_dataset_contents", "fileid"),
    ("filestable4", "fileid"),
}
"""What a question asks by must be there."""


@pytest.mark.parametrize("table", OPTIONAL)
def test_every_answer_leaves_out_what_is_not_there(panda, own, without, client, table):
    pandaid = panda.job(jeditaskid=7000, jobstatus="failed", piloterrorcode=1099, jobname="name")
    panda.metadata(pandaid, "{}")
    without(table)
    for address in ADDRESSES:
        if any(table == one and word in address for one, word in NEEDED):
            continue
        response = client.get(address.format(job=pandaid))
        assert response.status_code in (200, 302), (address, response.getvalue()[:300])
        response.getvalue()


def test_without_descriptions_the_published_ones_are_told(panda, without, client):
    panda.job(jobstatus="failed", piloterrorcode=1099)
    told = client.get("/jobs/?json").json()["errsByCount"][0]["desc"]
    without("error_descriptions")
    assert client.get("/jobs/?json").json()["errsByCount"][0]["desc"] == told != ""
    assert "no error descriptions" in client.get("/jobs/").content.decode()


def test_without_a_retry_history_nothing_is_dropped_and_it_is_told(panda, without, client):
    old, new = panda.job(jeditaskid=7000), panda.job(jeditaskid=7000)
    panda.retry(old, new)
    assert client.get("/api/v1/jobs?jeditaskid=7000").json()["meta"]["total"] == 1
    without("jedi_job_retry_history")
    answer = client.get("/api/v1/jobs?jeditaskid=7000").json()
    assert (answer["meta"]["total"], answer["meta"]["missing"]) == (2, ["retry history"])
    assert "no retry history" in client.get("/jobs/?jeditaskid=7000").content.decode()


def test_without_an_archive_long_windows_say_so(panda, without, client):
    without("jobsarchived")
    assert client.get("/api/v1/jobs?days=5").json()["meta"]["missing"] == ["long-term archive of jobs"]
    assert client.get("/api/v1/jobs?hours=5").json()["meta"]["missing"] == []
    assert "no long-term archive" in client.get("/jobs/?days=5").content.decode()


def test_without_job_tables_there_is_nothing_to_show(panda, without, client):
    without("jobsarchived4")
    response = client.get("/jobs/?json&hours=1")
    assert response.status_code == 503
    assert response.json()["problem"]["code"] in ("table-absent", "unavailable")


def test_a_file_and_a_data_set_are_told_without_what_is_not_there(panda, own, without, client):
    panda.task(jeditaskid=7000)
    times = {"creationtime": NOON, "modificationtime": NOON}
    panda.row(JediDatasets, jeditaskid=7000, datasetid=1, datasetname="a:b", type="input", **times)
    keys = {"jeditaskid": 7000, "datasetid": 1, "fileid": 2, "creationdate": NOON}
    panda.row(JediDatasetContents, lfn="name", type="input", status="ready", **keys)
    for table in ("filestable4", "jedi_dataset_locality"):
        without(table)
    assert "no files" in client.get("/file/?lfn=name").content.decode()
    assert client.get("/file/?lfn=name&json").json()["filename"] == "name"
    assert client.get("/file/?lfn=other&json").json()["frec"] is None
    assert "no data set locality" in client.get("/dataset/?datasetid=1").content.decode()
    without("jedi_dataset_contents")
    presence.forget()
    assert client.get("/files/?datasetid=1&json").status_code == 503


def test_a_harvester_instance_is_told_without_what_its_service_tells(panda, own, without, client):
    panda.worker(panda.job(), submittime=NOON, lastupdate=NOON, harvesterid="Name")
    for table in ("harvester_instances", "harvester_dialogs", "harvester_worker_stats"):
        without(table)
    presence.forget()
    page = client.get("/harvester/instance/Name/?days=3000").content.decode()
    assert "no services" in page
    assert "no worker statistics" in page
    v1 = client.get("/api/v1/instances/Name?days=3000").json()
    assert v1["meta"]["missing"] == ["services", "worker statistics"]
    assert v1["data"]["workers"] == {"running": 1}
    for path in ("/harvester/diagnostics/?json", "/harvester/stats/?json", "/harvester/instances/?json"):
        assert client.get(path).status_code == 503
    without("harvester_workers")
    presence.forget()
    for path in ("/harvester/instance/Name/?json", "/workersfortask/?jeditaskid=1"):
        assert client.get(path).status_code == 503


def test_pilots_are_told_without_what_services_tell(panda, own, without, client):
    panda.job(pilotid="a|b|1.2.3")
    for table in ("harvester_instances", "harvester_worker_stats", "schedconfig_json"):
        without(table)
    answer = client.get("/harvester/pilots/?json&days=3000").json()
    assert [one["version"] for one in answer["data"]["versions"]] == ["1.2.3"]
    assert set(answer["meta"]["missing"]) == {"queues", "services", "worker statistics"}
    assert "no worker statistics" in client.get("/harvester/pilots/?days=3000").content.decode()
