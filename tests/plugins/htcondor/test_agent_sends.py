"""What the agent makes of event logs, taken by the monitor itself."""

import json

from bigpandamon_htcondor_agent.event_log import Clock, Event, event
from bigpandamon_htcondor_agent.following import news
from bigpandamon_htcondor_agent.spool import Spool
from tests.plugins.htcondor_agent.histories import History


def followed(spool, log) -> None:
    for batch in news(log, spool.position(log)):
        found = [event(block, Clock(batch.written)) for block in batch.blocks]
        spool.follow(log, batch.position, [one for one in found if isinstance(one, Event)])


def handed_over(spool, send) -> list[str]:
    items = spool.batch(5000, 20_000_000)
    answer = send(f"[{','.join(item.text for item in items)}]")
    assert (answer.status_code, answer.json()) == (200, {"stored": len(items), "refused": []})
    spool.done(items)
    return [item.key for item in items]


def test_jobs_are_as_their_events_tell(send, tmp_path):
    """In two parts, so that most jobs are sent twice, once under way."""
    from bigpandamon_htcondor.models import BatchJob

    history, log = History(1000), tmp_path / "EventLog"
    spool = Spool(tmp_path / "spool.sqlite", "ap.example.org", 10_000)
    texts = list(history)
    log.write_bytes(b"".join(texts[:500]))
    followed(spool, log)
    first = handed_over(spool, send)
    log.write_bytes(b"".join(texts))
    followed(spool, log)
    assert set(first) & set(handed_over(spool, send))
    spool.close()
    known = dict(BatchJob.objects.values_list("globaljobid", "attributes"))
    truth = history.truth()
    assert known.keys() == truth.keys()
    told = {key: json.loads(attributes) for key, attributes in known.items()}
    assert {key: {name: told[key].get(name) for name in wanted} for key, wanted in truth.items()} == truth


def test_an_empty_list_is_no_mistake(send):
    """By it the agent finds out whether the monitor is there."""
    answer = send("[]")
    assert (answer.status_code, answer.json()) == (200, {"stored": 0, "refused": []})
