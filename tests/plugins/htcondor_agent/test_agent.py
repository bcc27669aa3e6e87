"""The command: configuration, check, one look, and that it ends when told."""

import fcntl
import os
import re
import signal
import time
from dataclasses import fields, replace
from pathlib import Path

import pytest

from bigpandamon_htcondor_agent.configuration import Configuration, Misconfigured, Monitor, Poll, load
from bigpandamon_htcondor_agent.following import logs
from bigpandamon_htcondor_agent.main import main
from tests.architecture.repository import ROOT
from tests.plugins.htcondor_agent.histories import History
from tests.plugins.htcondor_agent.processes import start


def once(configuration: Path) -> int:
    return main(["--config", str(configuration), "--once"])


@pytest.mark.parametrize(
    ("more", "monitor", "complaint"),
    [
        ('sched = "x"', "", "sched is unknown; did you mean schedd?"),
        ("interval = -1", "", "interval = -1 is no number of at least 0."),
        ("interval = true", "", "interval = True is no number of at least 0."),
        ("interval = 0", "", "interval must be at least 1."),
        ("poll = 3", "", "poll is a section: [poll]."),
        ("poll = {every = 3}", "", "poll.every is unknown."),
        ("most = 'many'", "", "most = 'many' is no number of at least 0."),
        ("", "batch = 0", "monitor.batch must be at least 1."),
        ("", "url_ = 1", "monitor.url_ is unknown; did you mean monitor.url?"),
        ("", "= 1", "is no TOML"),
    ],
)
def test_mistakes_are_named(configure, more, monitor, complaint):
    with pytest.raises(Misconfigured) as told:
        load(configure(more, monitor))
    assert complaint in str(told.value)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('schedd = "ap.example.org"\n', "", "schedd is missing."),
        ("ap.example.org", "ap#1", "is no name of a schedd."),
        ('time_zone = "UTC"', 'time_zone = "Mars/Base"', "time_zone = 'Mars/Base' is unknown"),
        ("[monitor]", "[monitors]", "monitor is missing."),
        ('logs = ["/', 'logs = ["', "is no absolute path."),
        ("logs =", "logs = []\n#", "there is nothing to follow."),
    ],
)
def test_mistakes_in_what_must_be_there(configure, old, new, complaint):
    path = configure()
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(Misconfigured) as told:
        load(path)
    assert complaint in str(told.value)


def test_the_sample_has_every_option_as_it_is_without(configure):
    sample = load(ROOT / "etc" / "bigpandamon-htcondor-agent.toml")
    plain = Configuration(
        "ap.example.org", Monitor("https://bigpanda.example.org", sample.monitor.token_file)
    )
    assert sample == replace(plain, logs=["/var/log/condor/EventLog"])
    text = (ROOT / "etc" / "bigpandamon-htcondor-agent.toml").read_text()
    written = set(re.findall(r"^(\w+) =", text, re.M))
    assert written == {one.name for form in (Configuration, Monitor, Poll) for one in fields(form)} - {
        "monitor",
        "poll",
    }


def test_the_token_that_systemd_hands_over(configure, tmp_path, monkeypatch):
    monitor = load(configure()).monitor
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "handed"))
    assert monitor.token == tmp_path / "token"
    (tmp_path / "handed").mkdir()
    (tmp_path / "handed" / "token").touch()
    assert monitor.token == tmp_path / "handed" / "token"


@pytest.mark.parametrize("url", ["http://monitor.example.org", "ftp://127.0.0.1", "monitor.example.org"])
def test_the_token_goes_over_no_plain_connection(configure, url):
    with pytest.raises(Misconfigured, match="https"):
        load(configure(url=url))


def test_all_mistakes_at_once_and_no_file(configure, tmp_path, caplog):
    assert main(["--config", str(configure("a = 1\nb = 2"))]) == 2
    assert "a is unknown" in caplog.text
    assert "b is unknown" in caplog.text
    assert main(["--config", str(tmp_path / "absent.toml")]) == 2


def test_one_look_sends_all(configure, receiver, log):
    history = History(500)
    log.write_bytes(b"".join(history))
    assert once(configure()) == 0
    assert receiver.jobs.keys() == history.truth().keys()
    assert once(configure()) == 0
    assert sum(receiver.requests) == len(receiver.jobs)


def test_more_jobs_than_may_wait(configure, receiver, log, monkeypatch):
    """It reads on once some are sent."""
    monkeypatch.setattr("bigpandamon_htcondor_agent.following.BATCH", 10)
    history = History(200)
    log.write_bytes(b"".join(history))
    assert once(configure("most = 5")) == 0
    assert {key: job["LoggedEvents"] for key, job in receiver.jobs.items()} == {
        key: job["LoggedEvents"] for key, job in history.truth().items()
    }


def test_what_cannot_be_sent_waits_on_disk(configure, receiver, log):
    history = History(100)
    log.write_bytes(b"".join(history))
    receiver.failures = [503]
    assert once(configure()) == 1
    log.unlink()
    assert once(configure()) == 0
    assert receiver.jobs.keys() == history.truth().keys()


def test_unreadable_events_are_told_and_passed(configure, receiver, log, caplog):
    log.write_bytes(b"what is this\n...\n" + b"".join(History(50)))
    assert once(configure()) == 0
    assert "byte 0: no event begins so: what is this" in caplog.text
    assert receiver.jobs


def test_an_attribute_of_one_job_does_not_end_the_agent(configure, receiver, log):
    begin = "({}.0.0) 2025-01-01 00:0{}:00"
    log.write_text(
        f"000 {begin.format(1, 0)} Job submitted from host: <h:1>\n...\n"
        f'028 {begin.format(1, 1)} Job ad information event triggered.\n\tNumHolds = "x"\n...\n'
        f"012 {begin.format(1, 2)} Job was held.\n...\n"
        f"000 {begin.format(2, 3)} Job submitted from host: <h:1>\n...\n"
    )
    assert once(configure()) == 0
    told = [(job["ClusterId"], job["JobStatus"], job.get("NumHolds")) for job in receiver.jobs.values()]
    assert told == [(1, 5, 1), (2, 1, None)]


def test_patterns(tmp_path):
    for name in ("a.log", "b.log", "b.log.old", "c.txt"):
        (tmp_path / name).touch()
    patterns = [f"{tmp_path}/*.log*", f"{tmp_path}/a.log", f"{tmp_path}/none*", f"{tmp_path}/absent.log"]
    assert [path.name for path in logs(patterns)] == ["a.log", "absent.log", "b.log"]


def test_check(configure, receiver, log, tmp_path, caplog):
    configuration = configure("poll = {interval = 60}")
    (tmp_path / "token").chmod(0o644)
    (tmp_path / "token").write_text("another")
    assert main(["check", "--config", str(configuration)]) == 1
    for complaint in (f"{log}: is not there", "may read the token", "401"):
        assert complaint in caplog.text
    log.touch()
    assert main(["check", "--config", str(configure())]) == 0
    assert receiver.jobs == {}


@pytest.mark.parametrize(
    ("zone", "right"), [("UTC", True), ("America/Chicago", False), ("Asia/Tokyo", False)]
)
def test_check_sees_a_wrong_zone(configure, log, caplog, zone, right):
    history = History(2000)
    log.write_bytes(b"".join(history) + b"005 (1.0.0) half")
    last = max(int(str(job["EventTime"])) for job in history.truth().values())
    os.utime(log, (last, last))
    configuration = configure()
    configuration.write_text(configuration.read_text().replace("UTC", zone))
    assert main(["check", "--config", str(configuration)]) == int(not right)
    assert ("is time_zone right?" in caplog.text) != right


def test_two_agents_do_not_share_a_folder(configure, tmp_path, log, caplog):
    log.touch()
    configuration = configure()
    with (tmp_path / "state" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert once(configuration) == 1
    assert "another agent" in caplog.text


def test_a_spool_that_is_none(configure, tmp_path, log, caplog):
    configuration = configure()
    (tmp_path / "state" / "spool.sqlite").write_text("what is this" * 100)
    assert once(configuration) == 1
    assert "not a database" in caplog.text


def test_it_ends_when_told(configure, receiver, log):
    log.write_bytes(b"".join(History(50)))
    agent = start(configure("interval = 60"))
    deadline = time.monotonic() + 20
    while not receiver.jobs and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(agent.pid, signal.SIGTERM)
    assert agent.wait(10) == 0
