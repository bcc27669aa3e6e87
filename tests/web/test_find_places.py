"""The search box finds harvester services, and worker nodes where recent jobs are known in memory."""

from datetime import timedelta

import pytest

from bigpandamon_core.panda.harvester import HarvesterInstances
from tests.web.conftest import NOON

pytestmark = pytest.mark.usefixtures("own", "clock")


def test_a_node_is_found_on_each_of_its_queues(client, panda, facets):
    for queue in ("ONE", "TWO"):
        panda.job(
            computingsite=queue,
            modificationhost="slot1@n7.farm.example",
            modificationtime=NOON - timedelta(hours=1),
        )
    facets()
    page = client.get("/find/?q=n7.farm.example").content.decode()
    assert "/wn/ONE/n7.farm.example/" in page
    assert "/wn/TWO/n7.farm.example/" in page
    assert client.get("/wn/ONE/n7.farm.example/").status_code == 200
    assert "/wn/" not in client.get("/find/?q=n8.farm.example").content.decode()


def test_harvester_services_are_found_by_a_part_of_their_names(client, panda):
    for name in ("north-grid#1", "north-cloud", "south"):
        panda.row(HarvesterInstances, harvesterid=name, lastupdate=NOON)
    page = client.get("/find/?q=NORTH-").content.decode()
    assert "/harvester/instance/north-grid%231/" in page
    assert "/harvester/instance/north-cloud/" in page
    assert "/harvester/instance/south/" not in page
    found = client.get("/find/?q=north-cloud")
    assert (found.status_code, found["Location"]) == (302, "/harvester/instance/north-cloud/")
    assert client.get("/harvester/instance/north-grid%231/").status_code == 200
    assert "/harvester/instance/" not in client.get("/find/?q=nor").content.decode()
