"""The search box finds worker nodes where recent jobs are known in memory."""

from datetime import timedelta

import pytest

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
