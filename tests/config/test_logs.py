"""What a process writes about itself."""

import json
import logging
import logging.config
import re
import subprocess
import sys

import pytest

from bigpandamon_core.config.logs import JsonLines

WRITER = """
import logging, logging.config, sys
from bigpandamon_core.config.logs import logging_settings
logging.config.dictConfig(logging_settings(*sys.argv[1:]))
log = logging.getLogger("a.room")
log.debug("too small")
log.info("%d jobs", 5)
logging.getLogger("django.request").error("Service Unavailable")
try:
    raise ValueError("caught")
except ValueError as error:
    logging.getLogger("django.request").error("failed", exc_info=error)
"""


def lines(form, level):
    words = [sys.executable, "-c", WRITER, form, level]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr.splitlines()


def test_plain_lines():
    first, second, *traceback = lines("plain", "info")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ INFO a\.room: 5 jobs", first)
    assert second.endswith("ERROR django.request: failed")
    assert traceback[-1] == "ValueError: caught"


def test_one_json_object_a_line():
    first, second = map(json.loads, lines("json", "info"))
    assert (first["level"], first["logger"], first["message"]) == ("info", "a.room", "5 jobs")
    assert second["message"] == "failed"
    assert second["traceback"].endswith("ValueError: caught")


def test_what_django_says_of_an_answer_without_an_exception_is_not_repeated():
    assert not [line for line in lines("plain", "info") if "Service Unavailable" in line]


def test_the_level_is_the_least_written():
    assert len(lines("json", "debug")) == 3
    assert len(lines("json", "error")) == 1


@pytest.mark.parametrize("text", ["two\nlines", 'a "quote"', "é ☃", "\udcff"])
def test_a_json_message_stays_on_its_line(text):
    record = logging.LogRecord("a", logging.ERROR, "", 1, text, (), None)
    record.created, record.process = 0, 7
    line = JsonLines().format(record)
    assert "\n" not in line
    assert line.isascii()
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00Z",
        "level": "error",
        "logger": "a",
        "process": 7,
        "message": text,
    }


def test_a_traceback_is_part_of_the_object():
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 1, "x", (), sys.exc_info())
    assert json.loads(JsonLines().format(record))["traceback"].endswith("ValueError: why")


ENDING = """
import sys, threading, warnings
from bigpandamon_core.config.logs import begin, logging_settings
begin(logging_settings("json", "info"))
warnings.warn("old ways")
def fail(text): raise ValueError(text)
thread = threading.Thread(target=fail, args=["in a thread"])
thread.start(); thread.join()
fail("at last")
"""


def test_warnings_and_what_nobody_caught_are_lines_as_well():
    done = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, check=False)
    warning, thread, end = map(json.loads, done.stderr.splitlines())
    assert (warning["level"], "old ways" in warning["message"]) == ("warning", True)
    assert thread["traceback"].endswith("ValueError: in a thread")
    assert (end["level"], end["traceback"].endswith("ValueError: at last")) == ("critical", True)
    assert done.returncode == 1
