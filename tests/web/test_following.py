"""Pages and answers tell from where they count, /health and /metrics how old that is."""

from datetime import timedelta

from django.conf import settings

from bigpandamon_core.payloads import job_facets
from bigpandamon_core.payloads.job_rates import rates
from bigpandamon_core.sources.reading import recorded
from bigpandamon_core.state.follow import FollowStatus
from tests.payloads.one_job import one_job
from tests.web.conftest import NOON


def jobs(panda) -> None:
    ago = NOON - timedelta(minutes=5)
    times = {"modificationtime": ago, "statechangetime": ago}
    panda.jobs([{"jobstatus": "failed", "piloterrorcode": 1099, "computingsite": "A"} | times] * 1)
    panda.jobs([{"jobstatus": "finished", "computingsite": "B"} | times] * 1)
    panda.job("jobsactive4", jobstatus="running", **times)


def told(client, path: str = "/api/v1/jobs/summary?hours=12"):
    return client.get(path).json()


def without_meta(answer):
    return answer["data"]


def test_the_same_is_told_from_memory_as_from_the_database(panda, facets, client):
    jobs(panda)
    before = told(client)
    assert before["meta"]["source"] == "sql"
    facets()
    after = told(client)
    assert after["meta"]["source"] == "facets"
    assert without_meta(after) == without_meta(before)
    assert after["meta"]["total"] == 3
    assert told(client, "/api/v1/jobs?hours=12&limit=0")["meta"] | {"cached": 0} == after["meta"] | {
        "cached": 0
    }


def test_the_compatible_answer_is_the_same_bytes(panda, facets, client):
    jobs(panda)
    before = client.get("/jobs/?json&hours=12").getvalue()
    facets()
    assert client.get("/jobs/?json&hours=12").getvalue() == before


def test_how_jobs_around_a_job_fared_is_told_from_memory_once_that_knows_them(panda, facets):
    jobs(panda)
    ago = NOON - timedelta(minutes=4)
    number = panda.job(jobstatus="failed", computingsite="B", modificationtime=ago, statechangetime=ago)
    before = rates(one_job(number))
    facets()
    with recorded() as statements:
        assert rates(one_job(number)) == before
    counted = {"jobs.identities", "jobs.states"}
    assert not counted & {name for name, _ in statements.executed}
    assert {rate["text"]: (rate["failed"], rate["ended"]) for rate in before}["Queue B, 12 h"] == (1, 2)
    later = panda.job(jobstatus="failed", computingsite="B", modificationtime=NOON)
    by_queue = {rate["text"]: (rate["failed"], rate["ended"]) for rate in rates(one_job(later))}
    assert by_queue["Queue B, 12 h"] == (2, 3)


def test_a_page_says_where_it_counted_and_why_not_in_memory(panda, facets, client, clock):
    jobs(panda)
    assert "Counted in the PanDA database<" in client.get("/jobs/").content.decode()
    facets()
    assert "Counted in memory, as of 12:00:00 UTC" in client.get("/jobs/?hours=12").content.decode()
    assert "Counted in memory" in client.get("/").content.decode()
    assert "Counted in the PanDA database: it begins before" in client.get("/jobs/?days=5").content.decode()
    batch = client.get("/jobs/?hours=12&batchid=7").content.decode()
    assert "Counted in the PanDA database: batchid is not kept" in batch


def test_what_is_too_old_is_not_told(panda, facets, client, clock):
    jobs(panda)
    facets()
    clock.forward(settings.BIGPANDAMON.get("facets.oldest_seconds"))
    assert told(client)["meta"]["source"] == "facets"
    clock.forward(1)
    assert told(client)["meta"]["source"] == "sql"
    assert "nothing was heard of changes since 2026-03-01T12:00:00" in client.get("/jobs/").content.decode()


def test_a_damaged_part_is_never_counted(panda, facets, client, tmp_path):
    jobs(panda)
    facets()
    for part in (tmp_path / "facets").glob("*.part"):
        content = bytearray(part.read_bytes())
        content[len(content) // 2] ^= 0xFF
        part.write_bytes(bytes(content))
    job_facets._store.cache_clear()
    answer = told(client)
    assert (answer["meta"]["source"], answer["data"]["jobs"]) == ("sql", 3)


def test_the_start_page_tells_how_following_goes(panda, facets, client, clock):
    jobs(panda)
    assert "PanDA followed" not in client.get("/").content.decode()
    FollowStatus.objects.create(name="jobs", rows_read=17, columns="-")
    assert "read for the first time: 17 rows so far" in client.get("/").content.decode()
    facets()
    status = FollowStatus.objects.get()
    clock.forward(12)
    told_now = f"48 of 48 h; {status.rows_read} rows read, 3 changes, 0 repairs"
    followed = f"PanDA followed up to {status.as_of:%H:%M:%S} UTC; ended jobs known of {told_now}"
    assert followed in client.get("/").content.decode()
    FollowStatus.objects.update(complete_since=NOON - timedelta(hours=5))
    assert "ended jobs known of 5 of 48 h" in client.get("/").content.decode()


def test_lags_are_told(panda, facets, client, clock):
    facets()
    clock.forward(12)
    health = client.get("/health").json()
    assert (health["follow"]["lag_seconds"], health["facets"]["lag_seconds"]) == (12.0, 12.0)
    assert health["follow"]["changes"] == 0
    text = client.get("/metrics").content.decode()
    assert 'bigpandamon_lag_seconds{of="facets"} 12.0' in text
    FollowStatus.objects.all().delete()
    assert client.get("/health").json()["follow"] is None
