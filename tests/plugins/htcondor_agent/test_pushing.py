"""Sending: refusals, failures, and that no item holds up another."""

import json
from pathlib import Path

import pytest

from bigpandamon_htcondor_agent.configuration import load
from bigpandamon_htcondor_agent.main import main
from bigpandamon_htcondor_agent.pushing import LONGEST_PAUSE, Pusher, Unreachable
from bigpandamon_htcondor_agent.spool import Spool
from bigpandamon_htcondor_agent.values import Ad


def key(number: int) -> str:
    return f"ap#{number}.0#7"


@pytest.fixture
def spool(tmp_path):
    made = Spool(tmp_path / "spool.sqlite", "ap", 1000)
    ads = (
        {"ClusterId": number, "ProcId": 0, "GlobalJobId": key(number), "ServerTime": 9, "Cmd": "é" * 100}
        for number in range(1, 11)
    )
    made.absorb((Ad(ad.items()) for ad in ads), lambda: (9, ""))
    yield made
    made.close()


@pytest.fixture
def pusher(configure) -> Pusher:
    return Pusher(load(configure()).monitor)


def test_all_is_sent_in_requests_of_the_size_asked_for(configure, receiver, spool):
    pusher = Pusher(load(configure(monitor="batch = 4")).monitor)
    assert (pusher.push(spool), pusher.push(spool)) == (10, 0)
    assert (receiver.requests, set(receiver.jobs)) == ([4, 4, 2], {key(number) for number in range(1, 11)})


def test_bytes_of_a_request_are_bounded(configure, receiver, spool):
    size = len(spool.batch(1, 1)[0].text.encode())
    pusher = Pusher(load(configure(monitor=f"batch_bytes = {size * 3 + 10}")).monitor)
    assert pusher.push(spool) == 10
    assert max(receiver.requests) == 3


def test_a_refused_item_is_told_and_let_go(pusher, receiver, spool, caplog):
    receiver.refuse = {key(3), key(8)}
    assert pusher.push(spool) == 10
    assert set(receiver.jobs) == {key(number) for number in range(1, 11)} - receiver.refuse
    told = [json.loads(record.message.removeprefix("refused: "))["globaljobid"] for record in caplog.records]
    assert (told, spool.waiting) == ([key(3), key(8)], 0)


def test_too_large_a_request_is_halved(pusher, receiver, spool):
    receiver.most = 3
    assert pusher.push(spool) == 10
    assert (receiver.requests, len(receiver.jobs)) == ([2, 3, 2, 3], 10)


def test_an_item_that_nothing_helps_does_not_hold_up_others(pusher, receiver, spool, caplog):
    receiver.failures = [400, 400, 422, 400]
    assert pusher.push(spool) == 10
    assert set(receiver.jobs) == {key(number) for number in range(2, 11)}
    assert "ap#1.0#7" in caplog.text


def test_an_address_that_refuses_all_loses_nothing(pusher, receiver, spool):
    receiver.most = -1
    with pytest.raises(Unreachable, match="413"):
        pusher.push(spool)
    assert spool.waiting == 10


@pytest.mark.parametrize("failure", [500, 503, 429, 401, 403, 404, 302, 307])
def test_what_may_pass_is_waited_for(pusher, receiver, spool, failure):
    receiver.failures = [failure]
    with pytest.raises(Unreachable, match=str(failure)):
        pusher.push(spool)
    assert (spool.waiting, receiver.jobs) == (10, {})
    assert (pusher.push(spool), len(receiver.jobs)) == (10, 10)


def test_an_answer_that_gets_lost_repeats_and_doubles_nothing(pusher, receiver, spool):
    receiver.failures = [0]
    with pytest.raises(Unreachable):
        pusher.push(spool)
    assert (spool.waiting, len(receiver.jobs)) == (10, 10)
    assert (pusher.push(spool), len(receiver.jobs)) == (10, 10)


@pytest.mark.parametrize("answer", [b"<html>Sign in</html>", b"[]", b'{"refused": 1}', b"\xff"])
def test_an_answer_of_another_kind_acknowledges_nothing(pusher, receiver, spool, answer):
    receiver.answer = answer
    with pytest.raises(Unreachable):
        pusher.push(spool)
    assert spool.waiting == 10


def test_pauses_double_up_to_a_bound_and_end_with_success(pusher, receiver, spool):
    receiver.failures = [503] * 9
    pauses = []
    for _ in range(9):
        with pytest.raises(Unreachable):
            pusher.push(spool)
        pauses.append(pusher.pause)
    assert (pauses[:3], pauses[-1]) == ([5, 10, 20], LONGEST_PAUSE)
    pusher.push(spool)
    assert pusher.pause == 0


def test_nobody_listens(configure, spool):
    pusher = Pusher(load(configure(url="http://127.0.0.1:9")).monitor)
    with pytest.raises(Unreachable, match="refused"):
        pusher.push(spool)
    assert spool.waiting == 10


@pytest.mark.parametrize(
    "token", [b"secretAAA\nsecretBBB\n", b"secretAAA secretBBB", b"secret\0AAA", "secretÄÄÄ".encode(), b"\n"]
)
def test_what_is_no_token_is_not_told_to_anyone(configure, tmp_path, receiver, log, caplog, token):
    configuration = configure()
    log.write_text("000 (1.0.0) 2025-01-01 00:00:00 Job submitted from host: <h:1>\n...\n")
    Path(tmp_path, "token").write_bytes(token)
    for command in ("check", "--once"):
        caplog.clear()
        assert main([command, "--config", str(configuration)]) == 1
        assert "the token file does not hold one token" in caplog.text
        assert "secret" not in caplog.text
    assert receiver.jobs == {}


def test_a_host_that_cannot_be(configure, spool):
    pusher = Pusher(load(configure(url=f"https://{'a' * 64}.example.org")).monitor)
    with pytest.raises(Unreachable, match="label"):
        pusher.push(spool)
    assert spool.waiting == 10


@pytest.mark.parametrize("token", [None, b"\xff", b"another"])
def test_without_its_token_nothing_is_sent(configure, tmp_path, receiver, spool, token):
    pusher = Pusher(load(configure()).monitor)
    Path(tmp_path, "token").unlink()
    if token:
        Path(tmp_path, "token").write_bytes(token)
    with pytest.raises(Unreachable, match="token"):
        pusher.push(spool)
    assert receiver.jobs == {}
