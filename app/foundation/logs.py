"""The log: one line of JSON for each event, with the whole traceback where there is one and never the values in it."""

from __future__ import annotations

import sys

import structlog


def configure() -> None:
    """Write events to standard error as JSON. Values of variables stay out: they may be somebody's words."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
