"""Pages about files and data sets: what a person sees, where its links lead, what is not told."""

import re

import pytest

from tests.web.asking_files import OTHER, TASK, content, dataset, world
from tests.web.compatible import refused

__all__ = ["content", "dataset", "world"]
pytestmark = pytest.mark.usefixtures("own", "clock")
HOSTILE = "<script>alert(1)</script>"
PATHS = (
    f"/datasets/?jeditaskid={TASK}", f"/files/?jeditaskid={TASK}", "/dataset/?datasetid=1",
    "/file/?lfn={lfn}", f"/file/?jeditaskid={TASK}&fileid=11",
)  # fmt: skip


def page(client, url):
    answer = client.get(url.replace("&amp;", "&"), headers={"Accept": "text/html"})
    assert answer.status_code == 200, url
    return answer.content.decode()


def links(text, path):
    return re.findall(rf'href="({path}[^"]*)"', text.replace("&amp;", "&"))


@pytest.mark.usefixtures("world")
def test_a_file_shows_where_it_occurs_and_which_jobs_used_it(client):
    text = page(client, f"/file/?jeditaskid={TASK}&fileid=11")
    assert "2 of 3" in text
    assert "1–100" in text
    for link in ("/job/500/", "/job/501/", f"/task/{TASK}/", f"/dataset/?jeditaskid={TASK}&datasetid=1"):
        assert links(text, re.escape(link)), link
    [jobs] = links(text, r"/jobs/\?")
    assert {job["pandaid"] for job in client.get(f"{jobs}&json").json()["jobs"]} == {500, 501}
    everywhere = page(client, "/file/?lfn=one")
    assert "Occurrences: 2" in everywhere
    assert links(everywhere, "/job/502/")


@pytest.mark.usefixtures("world")
def test_an_input_that_will_not_be_tried_again_is_told(client):
    assert "It will not be tried again" in page(client, f"/file/?jeditaskid={TASK}&fileid=12")
    assert "It will not be tried again" not in page(client, f"/file/?jeditaskid={TASK}&fileid=13")
    assert page(client, "/files/?datasetid=1").count("ready, given up") >= 1


@pytest.mark.usefixtures("world")
def test_counts_of_a_data_set_are_those_of_the_files_behind_their_links(client):
    text = page(client, "/dataset/?datasetid=1")
    counted = re.findall(r'href="(/files/\?[^"]*status\.is=[^"]*)"[^>]*>.*?<b>(\d+)</b>', text, re.DOTALL)
    assert sorted(count for _, count in counted) == ["1", "2"]
    for link, count in counted:
        assert f"<h1>{count} file{'' if count == '1' else 's'}</h1>" in page(client, link)
    for link in (f"/task/{TASK}/", f"/task/{OTHER}/", "/datasets/?containername="):
        assert links(text, re.escape(link)), link
    [container] = links(text, r"/datasets/\?containername=")
    assert "<h1>2 data sets</h1>" in page(client, container)
    assert "33 %" in text


@pytest.mark.usefixtures("world")
def test_lists_lead_to_their_records(client):
    for path, record in (
        (f"/datasets/?jeditaskid={TASK}", "/dataset/"),
        (f"/files/?jeditaskid={TASK}", "/file/"),
    ):
        found = links(page(client, path), re.escape(record) + r"\?")
        assert found
        for link in found:
            page(client, link)


@pytest.mark.usefixtures("world")
def test_pages_of_tasks_and_jobs_lead_here(client):
    text = page(client, f"/task/{TASK}/")
    for path in (r"/dataset/\?", r"/files/\?", r"/jobs/\?[^\"]*datasetid=1"):
        assert links(text, path), path
        page(client, links(text, path)[0])
    text = page(client, "/job/501/")
    for path in (r"/file/\?", r"/dataset/\?"):
        page(client, links(text, path)[0])


@pytest.mark.usefixtures("world")
def test_forms_for_terminals_and_tables(client):
    for path in (
        "/dataset/?datasetid=1",
        "/file/?lfn=one",
        "/files/?datasetid=1",
        "/datasets/?jeditaskid=7001",
    ):
        assert client.get(f"{path}&format=text").status_code == 200
    rows = client.get("/files/?datasetid=1&format=csv&fields=fileid,lfn").getvalue().decode().splitlines()
    assert rows == ["fileid,lfn", "11,one", "12,two", "13,two"]


@pytest.mark.usefixtures("world")
def test_the_search_box_finds_them_by_name(client):
    for name, what in (("out", "file by name"), ("user.ada.out", "data set by name")):
        [found] = client.get(f"/find/?q={name}&json").json()
        assert (found["what"], found["text"]) == (what, name)
        page(client, found["url"])
        assert client.get(f"/find/?q={name}").headers["Location"] == found["url"]
    assert client.get("/find/?q=user.ada.*&json").json() == []


def test_texts_are_escaped(client, panda, dataset, content):
    panda.task(jeditaskid=TASK, taskname=HOSTILE)
    dataset(1, datasetname=HOSTILE, containername=HOSTILE, status=HOSTILE[:20])
    content(11, lfn=HOSTILE, procstatus=HOSTILE, pandaid=5)
    for path in PATHS[:3] + PATHS[4:]:
        text = page(client, path)
        assert HOSTILE not in text
        assert "&lt;script&gt;" in text


@pytest.mark.parametrize("mode", ["pseudonyms", "none"])
def test_names_are_hidden_with_those_of_the_task_s_user(client, panda, dataset, content, configured, mode):
    person, account = "Ada Secret", "user.adasecret"
    panda.task(jeditaskid=TASK, username=person)
    panda.task(jeditaskid=OTHER, username="Bob Else")
    name = f"{account}:{account}.Ada_Secret.data"
    for number, task in ((1, TASK), (3, OTHER)):
        dataset(number, task, datasetname=name, containername=f"{account}.all/")
    content(11, lfn=f"{account}.Ada Secret.root", scope=account, pandaid=501)
    panda.job(pandaid=501, produsername=person)
    panda.file(501, row_id=501, lfn=f"{account}.Ada Secret.root", jeditaskid=TASK, datasetid=1, fileid=11)
    configured(f'[privacy]\nanonymous = "{mode}"')
    asked = [path.format(lfn=f"{account}.Ada Secret.root") for path in PATHS]
    asked += [f"{path}&json" for path in asked] + [
        "/loadFileList/?datasetid=1",
        f"/api/v1/files?jeditaskid={TASK}",
    ]
    asked += [
        f"/api/v1/datasets?jeditaskid={TASK}",
        "/api/v1/dataset?datasetid=1",
        f"/task/{TASK}/",
        "/job/501/",
    ]
    asked += [f"/api/v1/file?jeditaskid={TASK}&fileid=11", f"/files/?jeditaskid={TASK}&format=ndjson"]
    for path in asked:
        answer = client.get(path)
        told = answer.getvalue().decode().replace(path, "")
        assert answer.status_code == 200, path
        assert "ada_secret" not in told.lower(), path
        assert "Ada Secret" not in told, path
        assert "adasecret" not in told.replace("user.adasecret.Ada+Secret", ""), path


def test_hidden_names_are_asked_for_whole_and_never_by_a_pattern(client, panda, dataset, configured):
    panda.task(jeditaskid=TASK)
    dataset(1, datasetname="user.ada:user.ada.data")
    configured('[privacy]\nanonymous = "pseudonyms"')
    for path in ("/datasets/", "/files/", "/dataset/"):
        asked = f"{path}?jeditaskid={TASK}&json&datasetname="
        assert client.get(f"{asked}x:user.ada.data").status_code == 200
        assert refused(client, f"{asked}user.a*")[0] == 403
    assert refused(client, f"/files/?jeditaskid={TASK}&lfn=user*&json")[0] == 403
    assert refused(client, f"/file/?jeditaskid={TASK}&json&lfn=x&datasetname=user.a*")[0] == 403
    assert client.get(f"/api/v1/files?jeditaskid={TASK}&sort=lfn").status_code == 403
