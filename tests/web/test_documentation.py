"""The reference: what it links to answers, and what asks for a parameter says for which."""

import re

import pytest
from django.test import Client

from bigpandamon_core.sections import catalogue
from bigpandamon_core.sections.parameters import parameters_of
from bigpandamon_core.sections.registry import of_section
from tests.instance.factory import Panda

LINK = re.compile(r'href="(/[^"#]*)"')
WHOLE = [
    pytest.param(mounted, route, id=route)
    for section in catalogue.CORE
    for mounted in of_section(section)
    for route in mounted.routes
    if "<" not in route and mounted.resource.refused_with == "400"
]


@pytest.mark.parametrize(("mounted", "route"), WHOLE)
def test_what_asks_for_a_parameter_is_refused_without(client: Client, panda: Panda, mounted, route: str):
    """And nothing else is, so that whoever reads the reference knows what to give."""
    resource = mounted.resource
    answer = client.get(f"/{route}", {"format": "json"} if len(resource.formats) > 1 else {},
                        headers={"accept": "application/json", **resource.must_send})  # fmt: skip
    assert answer.status_code == 400 if resource.asks else answer.status_code in (200, 404), answer.content
    words = set(re.findall(r"\w+", resource.asks)) - {"or", "and", "beside"}
    assert words <= {one.name for one in parameters_of(mounted)}


@pytest.mark.parametrize(("mounted", "route"), WHOLE)
def test_what_it_asks_for_is_enough(client: Client, panda: Panda, mounted, route: str):
    alternatives = mounted.resource.asks.partition(",")[0].split(" or ")
    for names in filter(None, alternatives):
        answer = client.get(f"/{route}", dict.fromkeys(names.split(" and "), "1"),
                            headers={"accept": "application/json"})  # fmt: skip
        assert answer.status_code < 500
        assert b"missing-parameter" not in answer.content, names


def test_whatever_the_reference_links_to_answers(client: Client, panda: Panda):
    text = client.get("/api/v1/", headers={"accept": "text/html"}).content.decode()
    links = {link.replace("&amp;", "&") for link in LINK.findall(text) if "/static/" not in link}
    assert len(links) > 60
    refused = {link: found.status_code for link in links if (found := client.get(link)).status_code >= 400}
    assert not refused
    assert "asks for harvesterid and workerid" in text
