"""What a process tells of itself: everything to standard error, where supervisor or a terminal takes it.

Imports nothing of ours: gunicorn's master reads it, too, and must not know modules that may change.
"""

import json
import logging
import logging.config
import sys
import threading
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any

MOMENT = "%Y-%m-%dT%H:%M:%SZ"
PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is being answered, "" outside of any; part of every line written meanwhile."""


class Lines(logging.Formatter):
    """One line per message, in UTC, with the request it belongs to at its end."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        line = super().formatMessage(record)
        return f"{line} [{request_id.get()}]" if request_id.get() else line

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).strftime(datefmt or MOMENT)


class JsonLines(Lines):
    """One JSON object per message, in ASCII; a traceback is a text in it."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": record.getMessage(),
        }
        if request_id.get():
            entry["request"] = request_id.get()
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry)


class OfException(logging.Filter):
    """Lets pass what tells of an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.exc_info is not None


def lines(form: str) -> logging.Formatter:
    """form: plain or json."""
    return JsonLines() if form == "json" else Lines(PLAIN)


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """level: a name of logging in lower case."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": partial(lines, form)}},
        "filters": {"caught": {"()": OfException}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # What is refused or fails has its lines from bigpandamon; Django adds what it alone has caught.
            "django.request": {"level": "ERROR", "filters": ["caught"]},
        },
    }


def begin(settings: dict[str, Any]) -> None:
    """For Django: from here on warnings, and exceptions that nobody caught, are lines as well."""
    logging.config.dictConfig(settings)
    logging.captureWarnings(True)
    sys.excepthook = _process_ended
    if threading.excepthook is threading.__excepthook__:  # else somebody watches, as tests do
        threading.excepthook = _thread_ended


def _process_ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        logging.getLogger("bigpandamon").critical("Ended by an exception", exc_info=(kind, error, trace))


def _thread_ended(told: threading.ExceptHookArgs) -> None:
    logger, error = logging.getLogger("bigpandamon"), told.exc_value
    if isinstance(error, SystemExit):
        return
    logger.error("A thread was ended by an exception", exc_info=error)
