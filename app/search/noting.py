"""Noting what a person searched for: it never keeps her from what she found."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from app.foundation.db import Database
from app.foundation.permissions import Actor
from app.search import service
from app.search.request import SearchRequest

log = structlog.get_logger()


def note(database: Database, reader: Actor, request: SearchRequest, name: str, now: datetime) -> None:
    """Note the first page of a search of somebody who has signed in, unless the database takes no writes now."""
    if not reader.is_signed_in or not request.asks_something or request.page != "1":
        return
    try:
        with database.transaction() as tx:
            service.note_search(tx, reader, request, name, now)
    except OperationalError:
        log.warning("search not noted: the database takes no writes now")
