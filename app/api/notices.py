"""Notices for programs: what its person was told, unread first, and marking it as read, as on the page of notices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field as Said

from app.api.answers import Answer, in_words
from app.api.lists import asked_size, cursor, page_answer
from app.api.operations import reads, writes
from app.api.parts import page_of
from app.api.shapes import Given, Sent, shown_as
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.messages import Message
from app.foundation.permissions import Permission
from app.foundation.web import actor, found, now, site
from app.notifications import queries, service
from app.notifications.models import Notice
from app.notifications.rules import RECORDS, path_of, what_of

LIST = surface("notices.api_list", "api", *sorted(RECORDS))
ONE = surface("notices.api", "api", *sorted(RECORDS))
LONGEST_NUMBER = 10
LARGEST_NUMBER = 2**31 - 1


class NoticeGiven(Given):
    """Something that waits for you or is good to know. Without the right to see what it tells of, it is gone."""

    ref: str = Said(description="Its number, by which it is marked as read.")
    what: str = Said(description="Which kind of news it is, such as pledge_made.")
    text: str = Said(description="What happened, in the language that you ask for.")
    record_kind: str = Said(description="What it is about: need, pledge, meeting ...")
    record_ref: str
    url: str = Said(description="Where one reads on.")
    is_new: bool = Said(description="You have not marked it as read.")
    created_at: datetime
    read_at: datetime | None


class ReadAll(Sent):
    """Everything, or everything up to a notice, is marked as read."""

    latest: Annotated[str, Said(pattern=f"^[0-9]{{1,{LONGEST_NUMBER}}}$")] | None = Said(
        default=None, description="The latest notice that you have seen: what came since stays new. Without it, all."
    )


class Unread(Given):
    """What is left."""

    unread: int = Said(description="How many notices are still new to you.")


Notices = page_of("Notices", NoticeGiven)


@reads("/notices", Permission.DESK_READ, LIST, Notices, "Your notices", is_list=True)
def notices(tx: Tx) -> Answer:
    """This person's notices: the new ones first, of these and of the others the latest first."""
    size = asked_size()
    after, before = cursor()
    waiting = [one for one in queries.shown_notices(tx, actor()) if not after or _place(one) > _place_said(after)]
    page = waiting[:size]
    bookmark = " ".join(str(part) for part in _place(page[-1])) if len(waiting) > size else ""
    return page_answer("notices", [shown(one) for one in page], bookmark, before)


@writes(
    "POST", "/notices/<notice_id>/read", Permission.DESK_READ, ONE, NoticeGiven, "Mark a notice as read", version="no"
)
def read_notice(tx: Tx, notice_id: str) -> Answer:
    """This person has read the notice."""
    is_number = notice_id.isascii() and notice_id.isdecimal() and len(notice_id) <= LONGEST_NUMBER
    number = int(notice_id) if is_number else 0
    one: Notice = found(queries.find_shown_notice(tx, actor(), number) if number <= LARGEST_NUMBER else None)
    service.mark_read(tx, actor(), one.id, now())
    tx.flush()
    return Answer(shown(one))


@writes(
    "POST", "/notices/read", Permission.DESK_READ, LIST, Unread, "Mark your notices as read", takes=ReadAll,
    version="no",
)  # fmt: skip
def read_notices(tx: Tx, body: Any) -> Answer:
    """This person has read everything, or everything up to the latest that the program has seen."""
    latest = None if body.latest is None else min(int(body.latest), LARGEST_NUMBER)
    service.mark_all_read(tx, actor(), now(), latest)
    tx.flush()
    return Answer({"unread": queries.unread_count(tx, actor())})


def _place(one: Notice) -> tuple[int, int]:
    return int(one.read_at is not None), -one.id


def _place_said(bookmark: str) -> tuple[int, int]:
    # What is marked as read meanwhile stands further down, and the page goes on where the last one ended.
    is_read, _space, number = bookmark.partition(" ")
    return int(is_read), int(number)


def shown(one: Notice) -> dict[str, Any]:
    """A notice as its person sees it."""
    path = path_of(one.cause, one.record_kind, one.record_ref)
    values = {
        "ref": str(one.id), "what": what_of(one.cause), "text": in_words(Message.from_json(one.message)),
        "record_kind": one.record_kind, "record_ref": one.record_ref,
        "url": site().settings.public_url.rstrip("/") + path, "is_new": one.read_at is None,
        "created_at": one.created_at, "read_at": one.read_at,
    }  # fmt: skip
    return shown_as(NoticeGiven, values)
