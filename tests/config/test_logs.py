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
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d INFO a\.room: 5 jobs", first)
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


@pytest.mark.parametrize("text", ["two\nlines", 'a "quote"', "é ☃"])
def test_a_json_message_stays_on_its_line(text):
    record = logging.LogRecord("a", logging.ERROR, "", 1, text, (), None)
    record.created = 0
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00",
        "level": "error",
        "logger": "a",
        "message": text,
    }


def test_a_traceback_is_part_of_the_object():
    try:
        raise ValueError("why")
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "", 1, "x", (), sys.exc_info())
    assert json.loads(JsonLines().format(record))["traceback"].endswith("ValueError: why")
