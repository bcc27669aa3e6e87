"""Logging for Django's dictConfig: everything to standard error, where supervisor or a terminal takes it."""

import json
import logging
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from bigpandamon_core.domain.window import ISO

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Of the request that is being answered, "" outside of any; part of every line written meanwhile."""


class Lines(logging.Formatter):
    """One line per message, in UTC, with the request it belongs to at its end."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        line = super().formatMessage(record)
        return f"{line} [{request_id.get()}]" if request_id.get() else line

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802
        return datetime.fromtimestamp(record.created, UTC).strftime(datefmt or ISO)


class JsonLines(Lines):
    """One JSON object per message; a traceback is a text in it."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request_id.get():
            entry["request"] = request_id.get()
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class Caught(logging.Filter):
    """Lets pass what tells of an exception."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.exc_info is not None


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """form: plain or json; level: a name of logging in lower case."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"()": Lines, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
            "json": {"()": JsonLines},
        },
        "filters": {"caught": {"()": Caught}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": [], "propagate": True},
            # What is refused or fails has its lines from bigpandamon; Django adds what it alone has caught.
            "django.request": {"level": "ERROR", "filters": ["caught"]},
        },
    }
