"""What a page says it is about: as declared, on every page."""

import html

import pytest
from django.test import Client

from bigpandamon_core.domain.catalogue import NOUNS
from bigpandamon_core.sections import catalogue
from bigpandamon_core.sections.registry import of_section
from tests.instance.factory import Panda

PAGES = [
    pytest.param(mounted.resource, mounted.routes[0], id=mounted.name)
    for section in catalogue.CORE
    for mounted in of_section(section)
    if "html" in mounted.resource.formats
    and not mounted.resource.asks
    and "<" not in mounted.routes[0]
    and mounted.resource.refused_with == "400"
]


@pytest.mark.parametrize(("resource", "route"), PAGES)
def test_a_page_tells_its_sentence_and_what_it_counts(client: Client, panda: Panda, resource, route: str):
    panda.job(jobstatus="failed")
    told = client.get(f"/{route}", headers={"accept": "text/html"})
    text = html.unescape(told.content.decode().partition('id="about"')[2])
    if told.status_code == 200:  # some of them have nothing to tell without records
        assert resource.help in text
        noun = NOUNS[resource.noun]() if resource.noun in NOUNS else None
        for field in noun.fields if noun else ():
            assert (f"<dt>{field.name}</dt>" in text) == field.counted, field.name
            assert not field.counted or field.help in text


def test_pages_to_look_at_are_many():
    assert len(PAGES) > 15


@pytest.mark.parametrize("noun", NOUNS)
def test_whatever_is_counted_is_explained(noun: str):
    assert [field.name for field in NOUNS[noun]().fields if field.counted and len(field.help) < 5] == []


def test_a_record_s_page_and_a_problem(client: Client, panda: Panda):
    pandaid = panda.job()
    page = client.get(f"/job/{pandaid}/").content.decode()
    assert "One job and everything that belongs to it." in page
    assert 'id="about"' not in client.get("/nothing/", headers={"accept": "text/html"}).content.decode()
