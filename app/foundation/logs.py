"""The log: one line of JSON for each event, with the whole traceback where there is one and never the values in it."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

import structlog

Fault = tuple[type[BaseException], BaseException, TracebackType | None]
OF_DATABASES = frozenset({"sqlalchemy", "psycopg", "sqlite3"})
"""Libraries whose errors repeat what stands in a row."""


def configure() -> None:
    """Write events to standard error as JSON. Values of variables stay out: they may be somebody's words."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(story_of),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def line_of(sentence: str, level: str, instant: datetime, fault: Fault | None = None) -> str:
    """What does not go through structlog, in the same form."""
    told = {"event": sentence, "level": level, "timestamp": instant.isoformat()}
    return json.dumps({**told, "exception": story_of(fault)} if fault else told, ensure_ascii=False)


class Line(logging.Formatter):
    """Lines of the web server in the form of all others; app/server_log.json names it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        fault = record.exc_info if record.exc_info and record.exc_info[0] is not None else None
        return line_of(
            record.getMessage(), record.levelname.lower(), datetime.fromtimestamp(record.created, UTC), fault
        )


def story_of(exc_info: Fault) -> str:
    """The traceback of an error and of those that led to it, the first one first."""
    return "".join("".join(_lines(error)) for error in reversed(list(_chain(exc_info[1]))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _lines(error: BaseException) -> Iterator[str]:
    yield from traceback.format_tb(error.__traceback__)
    says_values = type(error).__module__.split(".")[0] in OF_DATABASES
    yield f"{type(error).__qualname__}{'' if says_values else f': {error}'}\n"
