"""What core does for pages of plugins that ask for no noun: parameters, signs, links to other forms."""

import pytest

PAGE = "/htcondor/dags/"


@pytest.fixture
def pool(own, tmp_path):
    from bigpandamon_htcondor.plugin import Htcondor
    from tests.plugins.monitors import announced, registry, running

    with running(registry(tmp_path, {"htcondor": "enabled = true\n"}, [announced(Htcondor)])) as monitor:
        yield monitor


def test_a_parameter_without_effect_is_told(pool):
    answer = pool.get(PAGE, foo="1", limit="5")
    assert answer["X-Ignored-Parameters"] == "foo"
    assert "foo" in answer.content.decode()
    assert "X-Ignored-Parameters" not in pool.get(PAGE, limit="5", theme="dark")


def test_below_v1_it_is_refused(pool):
    answer = pool.get("/api/v1/htcondor/dags", limt="5")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "limt"
    assert pool.get("/api/v1/htcondor/dags", limit="5").status_code == 200


@pytest.mark.parametrize(
    ("path", "asked", "parameter"),
    [
        (PAGE, {"limit": "5\0"}, "limit"),
        ("/htcondor/jobs/", {"owner": "\0"}, "owner"),
        ("/htcondor/jobs/", {"after": "2026-05-04T12:00:00~\0"}, "after"),
        ("/htcondor/job/x\0y/", {}, "globaljobid"),
        ("/htcondor/dag/x\0y/", {}, "name"),
    ],
)
def test_signs_that_no_database_takes_are_refused(pool, path, asked, parameter):
    answer = pool.get(path, **asked, json="")
    assert (answer.status_code, answer.json()["problem"]["parameter"]) == (400, parameter)


def test_its_page_leads_to_its_other_forms_with_what_was_asked(pool):
    page = pool.get(PAGE, limit="5", theme="dark").content.decode()
    for link in (
        f"{PAGE}?limit=5&amp;json",
        f"{PAGE}?limit=5&amp;format=csv",
        f"{PAGE}?limit=5",
        "/api/v1/htcondor/dags?limit=5",
    ):
        assert f'href="{link}"' in page
    assert f'href="{PAGE}?json"' in pool.get(PAGE).content.decode()
