"""Notices on other pages: the latest unread ones on the desk, and their number in the header."""

from __future__ import annotations

from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part
from app.notifications.queries import unread_count, unread_notices
from app.notifications.rules import ON_THE_DESK_ANYWAY, RECORDS, path_of

surface("notices.desk.panel", "panel", *sorted(RECORDS))
surface("notices.header.panel", "count", *sorted(RECORDS))
SHOWN = 5


def desk_notices(reader: Actor, _ref: str) -> str:
    """The latest notices that this person has not read, of what does not stand on the desk anyway."""
    with reading() as tx:
        unread = unread_count(tx, reader)
        news = unread_notices(tx, reader, ON_THE_DESK_ANYWAY, SHOWN)
    return render_part("notifications/_on_desk.html", notices=news, unread=unread, path_of=path_of) if unread else ""


def header_notices(reader: Actor, _ref: str) -> str:
    """How many notices wait, as a link; nothing when none does."""
    if not reader.is_signed_in:
        return ""
    with reading() as tx:
        count = unread_count(tx, reader)
    return render_part("notifications/_in_header.html", count=count) if count else ""
