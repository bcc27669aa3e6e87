"""Files and data sets as programs parse them: every key with its type, which are meant, what is refused."""

import json

import pytest

from tests.truth.task_columns import DATASET, FILE
from tests.web.asking_files import NAME, OTHER, TASK, content, dataset, world
from tests.web.compatible import ask, refused
from tests.web.conftest import NOON

__all__ = ["content", "dataset", "world"]
pytestmark = pytest.mark.usefixtures("own", "clock", "world")
SPACED, WITH_T = "2026-03-01 12:00:00", "2026-03-01T12:00:00"
TEXTS = ("lfn", "guid", "type", "status", "checksum", "scope", "procstatus")


def test_data_sets_have_every_column_names_without_scope(client):
    found = ask(client, "/datasets/", jeditaskid=TASK)
    assert [one["datasetid"] for one in found] == [1, 2]
    assert found[0].keys() == {*DATASET, "scope"}
    assert (found[0]["datasetname"], found[0]["scope"]) == ("user.ada.data", "user.ada")
    assert (found[1]["datasetname"], found[1]["scope"]) == ("user.ada.out", "")
    assert (found[0]["creationtime"], found[0]["frozentime"]) == (WITH_T, None)
    assert (found[0]["vo"], found[0]["streamname"], found[0]["nevents"], found[0]["nfiles"]) == (
        "",
        "",
        None,
        3,
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"jeditaskid": f"{TASK}|{OTHER}"}, [1, 2, 3]),
        ({"jeditaskid": f"{TASK},{OTHER}", "type": "input"}, [1, 3]),
        ({"containername": "user.ada:user.ada.all/"}, [1, 3]),
        ({"containername": "user.ada.all/"}, [1, 3]),
        ({"containername": "user.ada"}, []),
        ({"containername": "user.ada.all/", "jeditaskid": OTHER}, [3]),
        ({"jeditaskid": TASK, "datasetname": "user.ada.data"}, [1]),
        ({"jeditaskid": TASK, "datasetname": NAME}, [1]),
        ({"jeditaskid": TASK, "datasetname": "another:user.ada.data"}, [1]),
        ({"jeditaskid": TASK, "datasetname": "any:user.ada.out"}, [2]),
        ({"jeditaskid": TASK, "datasetname": "user.ada.*"}, [1, 2]),
        ({"jeditaskid": TASK, "datasetname": "x:*.o*t"}, [2]),
        ({"jeditaskid": TASK, "datasetname": "USER.ADA.*"}, []),
        ({"jeditaskid": TASK, "datasetname": "ada.data"}, []),
        ({"jeditaskid": TASK, "datasetname": "user.ada.dat_"}, []),
        ({"jeditaskid": TASK, "limit": 1}, [1]),
        ({"jeditaskid": TASK, "sort": "-datasetid"}, [2, 1]),
        ({"jeditaskid": 1}, []),
        ({"jeditaskid": "Not specified"}, []),
    ],
)
def test_which_data_sets_are_meant(client, asked, expected):
    assert [one["datasetid"] for one in ask(client, "/datasets/", **asked)] == expected
    v1 = client.get("/api/v1/datasets", asked).json()
    assert [one["datasetid"] for one in v1["data"]] == expected
    assert v1["meta"]["total"] == (2 if "limit" in asked else len(expected))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "datasetname=user.ada.data",
        "datasetid=1",
        "containername.is=Not+specified",
    ],
)
@pytest.mark.parametrize("path", ["/datasets/", "/datasetList/"])
def test_data_sets_of_nothing_are_an_empty_array_that_is_refused(client, path, query):
    assert refused(client, f"{path}?{query}&json") == (400, [])


def test_the_files_of_data_sets_are_counted_and_their_names(client):
    expected = {"name": NAME, "id": "1", "type": "input", "nfilestotal": 3, "nfilesunique": 2}
    assert ask(client, "/files/", datasetid=1) == {"dataset": expected}
    assert ask(client, "/fileList/", datasetid=1) == {"dataset": expected}


@pytest.mark.parametrize(
    ("asked", "numbers", "total", "unique"),
    [
        ({"jeditaskid": TASK}, "1,2", 4, 3),
        ({"datasetid": "1,3"}, "1,3", 4, 2),
        ({"datasetid": "3|2"}, "2,3", 2, 2),
        ({"datasetid": 1, "jeditaskid": OTHER}, "", 0, 0),
        ({"datasetname": NAME}, "1,3", 4, 2),
        ({"datasetname": "user.ada.data"}, "1,3", 4, 2),
        ({"datasetname": "data", "jeditaskid": TASK}, "", 0, 0),
        ({"datasetname": "x:user.ada.*", "jeditaskid": TASK}, "1,2", 4, 3),
        ({"containername": "user.ada.all/"}, "1,3", 4, 2),
        ({"datasetid": 1, "procstatus": "running"}, "1", 1, 1),
        ({"datasetid": 1, "procstatus": "running,finished"}, "1", 2, 2),
        ({"datasetid.is": 2}, "2", 1, 1),
        ({"jeditaskid": 1}, "", 0, 0),
    ],
)
def test_which_files_are_meant(client, asked, numbers, total, unique):
    told = ask(client, "/files/", **asked)["dataset"]
    assert (told["id"], told["nfilestotal"], told["nfilesunique"]) == (numbers, total, unique)
    assert client.get("/api/v1/files", asked).json()["meta"]["total"] == total
    assert (
        f"<h1>{total} file{'' if total == 1 else 's'}</h1>" in client.get("/files/", asked).content.decode()
    )


def test_the_list_of_files_is_json_whether_asked_for_or_not(client):
    answer = client.get("/loadFileList/?datasetid=1,2", headers={"Accept": "text/html"})
    assert answer.headers["Content-Type"] == "application/json"
    files = json.loads(answer.getvalue())
    assert [one["fileid"] for one in files] == [11, 12, 13, 21]
    first, second = files[:2]
    assert first.keys() == {*FILE, "fsizemb", "creationdatecut", "end_start_nevents"}
    assert (first["creationdate"], first["creationdatecut"], first["fsizemb"]) == (
        SPACED,
        "2026-03-01",
        "1.50",
    )
    assert (first["startevent"], first["endevent"], first["end_start_nevents"]) == (0, 99, 100)
    assert all(isinstance(second[name], str) for name in TEXTS)
    assert (second["pandaid"], second["lastattempttime"], second["fsizemb"]) == (None, None, "0.00")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("datasetid=1&procstatus=running", [12]),
        ("datasetid=1&limit=2", [11, 12]),
        ("datasetid=1&limit=0", []),
        ("datasetid=9", []),
        ("datasetid=1&sort=-fileid", [13, 12, 11]),
        (f"datasetid=1,3&jeditaskid={TASK}", [11, 12, 13]),
    ],
)
def test_which_files_are_listed(client, query, expected):
    assert [one["fileid"] for one in client.get(f"/loadFileList/?{query}").json()] == expected


def test_a_list_that_was_cut_says_so_beside(client, content):
    answer = client.get("/loadFileList/?datasetid=1&limit=2")
    assert answer.headers["X-Truncated"] == "2 of 3 files: limit asks for more"
    assert "X-Truncated" not in client.get("/loadFileList/?datasetid=1&limit=3").headers
    for number in range(1000, 2000):
        content(number, 2)
    answer = client.get("/loadFileList/?datasetid=2")
    assert len(answer.json()) == 1000
    assert answer.headers["X-Truncated"].startswith("1000 of 1001 files")


@pytest.mark.parametrize("query", ["", "json", f"jeditaskid={TASK}", "datasetname=user.ada.data&limit=1"])
def test_a_list_of_no_data_set_is_an_empty_object_that_is_refused(client, query):
    assert refused(client, f"/loadFileList/?{query}") == (400, {})


def test_a_file_is_told_by_each_of_its_occurrences(client):
    for path, asked in (("/file/", {"lfn": "one"}), ("/fileInfo/", {"filename": "one"})):
        found = ask(client, path, **asked)
        assert found.keys() == {"frec", "files", "filename", "columns"}
        assert found["filename"] == "one"
        assert [(one["jeditaskid"], one["fileid"]) for one in found["files"]] == [(OTHER, 31), (TASK, 11)]
        assert found["frec"] == found["files"][0]
        assert {one["name"]: one["value"] for one in found["columns"]} == found["frec"]
    unknown, known = found["files"]
    assert known.keys() == {*FILE, "fsizemb", "datasetname"}
    assert (known["datasetname"], known["fsizemb"], known["creationdate"]) == (NAME, "1.50", SPACED)
    assert (known["startevent"], known["endevent"], known["attemptnr"], known["maxattempt"]) == (1, 100, 2, 3)
    assert [unknown[name] for name in ("startevent", "endevent", "attemptnr", "maxattempt")] == [-1] * 4


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"lfn": "two"}, [13, 12]),
        ({"lfn": "One"}, []),
        ({"lfn": "o*"}, []),
        ({"lfn": "one", "scope": "user.ada"}, [31, 11]),
        ({"lfn": "one", "scope": "other"}, []),
        ({"lfn": "one", "pandaid": 501}, [11]),
        ({"lfn": "one", "datasetname": NAME, "jeditaskid": TASK}, [11]),
        ({"lfn": "one", "datasetname": "nothing"}, []),
        ({"guid": "g-1", "jeditaskid": TASK}, [11]),
        ({"guid": "g-1", "datasetname": "user.ada.data"}, [31, 11]),
        ({"guid": "g-1", "pandaid": 502}, [31]),
        ({"fileid": 11, "jeditaskid": TASK}, [11]),
        ({"fileid": "11,12", "datasetid": 1}, [12, 11]),
        ({"fileid": 11, "jeditaskid": OTHER}, []),
    ],
)
def test_which_file_is_meant(client, asked, expected):
    found = ask(client, "/file/", **asked)
    assert [one["fileid"] for one in found["files"]] == expected
    assert (found["frec"] is None) is (not expected)
    v1 = client.get("/api/v1/file", asked)
    assert v1.status_code == (200 if expected else 404)
    assert client.get("/file/", asked).status_code == v1.status_code


def test_a_file_that_no_task_knows_is_told_by_its_jobs(client, panda):
    panda.job(pandaid=600, jobstatus="finished", modificationtime=NOON)
    panda.file(600, row_id=9, lfn="old", type="output", dataset="old.data", fsize=2_000_000, guid="g-9")
    [told] = ask(client, "/file/", lfn="old")["files"]
    assert told.keys() >= {*FILE, "fsizemb", "datasetname"}
    assert (told["pandaid"], told["datasetname"], told["fsizemb"]) == (600, "old.data", "2.00")
    page = client.get("/file/?lfn=old").content.decode()
    assert 'href="/job/600/"' in page


def test_a_data_set_or_null(client):
    told = ask(client, "/dataset/", datasetid=1)
    assert told.keys() >= {*DATASET}
    assert (told["datasetname"], told["creationtime"], told["statechecktime"]) == (NAME, SPACED, None)
    for path, asked, expected in (
        ("/datasetInfo/", {"datasetid": 2}, 2),
        ("/dataset/", {"datasetname": NAME}, 3),
        ("/dataset/", {"datasetname": "user.ada.data"}, 3),
        ("/dataset/", {"datasetname": "user.ada.data", "jeditaskid": TASK}, 1),
        ("/dataset/", {"datasetname": "x:user.ada.out", "jeditaskid": TASK}, 2),
        ("/dataset/", {"datasetid": 3, "jeditaskid": TASK}, None),
        ("/dataset/", {"datasetname": "nothing"}, None),
        ("/dataset/", {"datasetid": 99}, None),
    ):
        found = ask(client, path, **asked)
        assert (found["datasetid"] if found else found) == expected, asked
        v1 = client.get("/api/v1/dataset", asked)
        assert v1.status_code == (200 if expected else 404)


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("files", "", "datasetid"),
        ("files", "procstatus=ready", "datasetid"),
        ("files", "jeditaskid=x", "jeditaskid"),
        ("files", "datasetid=1,x", "datasetid"),
        ("files", f"jeditaskid={TASK}&fileid=" + ",".join(map(str, range(501))), "fileid"),
        ("files", "datasetname=user*", "datasetname"),
        ("files", "datasetid=", "datasetid"),
        ("files", "datasetid=1&limit=many", "limit"),
        ("datasets", "jeditaskid=99999999999999999999", "jeditaskid"),
        ("loadFileList", "datasetid=x", "datasetid"),
        ("file", "", "lfn"),
        ("file", f"jeditaskid={TASK}", "lfn"),
        ("file", "guid=g-1", "guid"),
        ("file", "guid=g-1&scope=user.ada", "guid"),
        ("file", "fileid=11", "fileid"),
        ("file", "lfn=one&pandaid=x", "pandaid"),
        ("file", "lfn=one&datasetname=user*", "datasetname"),
        ("dataset", "", "datasetid"),
        ("dataset", f"jeditaskid={TASK}", "datasetid"),
        ("dataset", "datasetid=x", "datasetid"),
        ("dataset", "datasetname=user*", "datasetname"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(client, path, query, parameter):
    status, body = refused(client, f"/{path}/?{query}&json")
    assert (status, body["problem"]["parameter"]) == (400, parameter)
    assert parameter in body["error"] + body["problem"]["remedy"]
    assert client.get(f"/{path}/?{query}", headers={"Accept": "text/html"}).status_code == 400


def test_v1_tells_a_refusal_in_its_own_shape(client):
    for path in ("datasets", "files", "file", "dataset"):
        answer = client.get(f"/api/v1/{path}")
        assert (answer.status_code, answer.json()["status"]) == (400, 400)


def test_v1_goes_through_all_files(client):
    url, seen = f"/api/v1/files?jeditaskid={TASK}&limit=1&sort=lfn", []
    while url:
        answer = client.get(url).json()
        seen += [(one["lfn"], one["fileid"]) for one in answer["data"]]
        url = answer["links"]["next"]
    assert seen == [("one", 11), ("out", 21), ("two", 13), ("two", 12)]


def test_v1_tells_every_use_of_a_file_by_jobs(client):
    data = client.get(f"/api/v1/file?jeditaskid={TASK}&fileid=11").json()["data"]
    uses = [(one["pandaid"], one["attemptnr"], one["jobstatus"]) for one in data["uses"]]
    assert uses == [(501, 2, "finished"), (500, 1, "failed")]
    data = client.get("/api/v1/dataset?datasetid=1").json()["data"]
    assert data["files"] == {"finished": 1, "ready": 2}
    assert data["tasks"] == [OTHER]
