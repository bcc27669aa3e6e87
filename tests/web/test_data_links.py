"""The link from a page to the same by the API: it has what is taken there and nothing else."""

import html
import re
from datetime import timedelta

import pytest

from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")


@pytest.fixture
def job(panda):
    panda.queue("ONE")
    return panda.job(jobstatus="finished", computingsite="ONE", modificationtime=NOON - timedelta(minutes=5))


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/jobs/?order=failing&view=cloud&datasets=1&outputs=jobs&hours=5", "hours=5"),
        ("/jobs/?jobstatus=faild&sortby=odd&limit=20000&cloud=A", "cloud=A"),
        ("/jobs/?jobtype=prod&eventservice=Jumbo&sortby=count&limit=5", "limit=5&sortby=count"),
        ("/errors/?limit=5&sortby=alpha&fields=jobSummary&view=wn&extra=unfinishedfiles&jeditaskid=5",
         "extra=unfinishedfiles&jeditaskid=5"),
        ("/errors/?extra=bogus&computingsite=ONE", "computingsite=ONE"),
        ("/statistics/?by=cloud&integrate=1&offset=2&days=3", "by=cloud&days=3"),
        ("/tasks/?view=status&extra=metastruct&datasets=1&limit=5&reqid_from=1", "limit=5&reqid_from=1"),
        ("/sites/?view=status&status=online", "status=online"),
        ("/users/?view=dynamic&hours=3", "hours=3"),
        ("/wns/ONE/?hours=3", None),
        ("/harvester/pilots/?mode=nodrop&limit=3&hours=3", "hours=3"),
        ("/harvester/stats/?limit=3&computingsite=ONE", "computingsite=ONE&limit=3"),
    ],
)  # fmt: skip
def test_the_same_by_the_api_is_never_refused(client, job, path, kept):
    page = client.get(path, headers={"Accept": "text/html"}).content.decode()
    found = re.search(r'<a href="([^"]+)">The same by the API</a>', page)
    if found is None:
        assert kept is None
        return
    url = html.unescape(found.group(1))
    assert client.get(url).status_code == 200, url
    assert url.partition("?")[2] == kept
