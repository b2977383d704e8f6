"""Threads for programs: what the two sides of a match or of a pledge have written each other, for these two alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field as Said
from sqlalchemy import ColumnElement, and_, or_

from app.api.answers import Answer, absolute, in_words, record
from app.api.files import FileGiven, file_shown
from app.api.lists import Order, ordered_list, wrong_cursor
from app.api.matches import Offer, offered
from app.api.operations import hands_out, reads, seen_version, writes
from app.api.parts import Whose, page_of, whose
from app.api.shapes import Given, shown_as
from app.conversations.messages import queries, rules, service
from app.conversations.messages.models import Message, Thread
from app.conversations.messages.queries import ThreadRow, Written
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.files import Attachment
from app.foundation.permissions import Permission
from app.foundation.web import actor, found

SHOWN = ("thread", "need", "programme", "course", "output", "pledge")
LIST = surface("thread.api_list", "api", *SHOWN)
ONE = surface("thread.api", "api", *SHOWN)
MESSAGES = surface("message.api_list", "api", "thread")
MESSAGE = surface("message.api", "api", "thread")
FILE = surface("message.api_file", "api", "thread")


class NeedOfThread(Given):
    """The need that a thread is about."""

    ref: str
    title: str
    language: str
    url: str


class ThreadGiven(Given):
    """What two organisations write each other on a match or a pledge. A record of it that you may not see is absent."""

    ref: str
    url: str
    version: int = Said(description="How many messages it has; moves with each of them; part of the ETag.")
    about: str = Said(description="match or pledge")
    need: NeedOfThread | None = None
    offer: Offer | None = Said(default=None, description="Of a match: what would help.")
    pledge_ref: str | None = None
    organisation: Whose = Said(description="Your side.")
    partner: Whose = Said(description="The other side.")
    unread: int = Said(description="Messages that you have neither read nor written.")
    may_write: bool = Said(description="Whether you may add a message now.")
    closed: str = Said(description="Why nothing can be added any more, in words; empty where it can.")
    begun_at: datetime
    last_at: datetime = Said(description="When the latest message was sent; the list is in this order.")


class MessageGiven(Given):
    """What one side wrote to the other."""

    ref: str
    url: str
    thread_ref: str
    organisation: Whose = Said(description="For whom it was written.")
    name: str = Said(description="Who wrote it; empty where that account is closed.")
    is_own: bool = Said(description="Your side wrote it.")
    is_new: bool = Said(description="You have neither read nor written it.")
    sent_at: datetime
    text: str
    language: str
    files: list[FileGiven]


Threads = page_of("Threads", ThreadGiven)
Messages = page_of("Messages", MessageGiven)


@dataclass(frozen=True)
class Seen:
    """A thread at its version, for If-Match."""

    version: int


@reads("/threads", Permission.DESK_READ, LIST, Threads, "Threads of your organisations", is_list=True)
def threads(tx: Tx) -> Answer:
    """The threads of one's organisations, as on the page of messages: that with the latest message first."""

    def shown_all(page: Sequence[Thread]) -> list[dict[str, Any]]:
        counts = queries.counts_in(tx, [one.id for one in page])
        return [shown(row, counts.get(row.thread.id, 0)) for row in queries.rows_of(tx, actor(), page)]

    order = Order(_older(tx), lambda one: f"{one.last_at.isoformat()} {one.ref}")
    return ordered_list(tx, "messages", queries.latest_first(actor()), order, shown_all)


@reads("/threads/<ref>", Permission.DESK_READ, ONE, ThreadGiven, "One thread")
def thread(tx: Tx, ref: str) -> Answer:
    """One thread, for its two sides alone."""
    return _answer(tx, here(tx, ref))


@writes("POST", "/threads/<ref>/read", Permission.DESK_READ, ONE, ThreadGiven, "Mark a thread as read")
def read_thread(tx: Tx, ref: str) -> Answer:
    """This person has read it all; with the ETag of the thread, nothing that came since."""
    one = here(tx, ref)
    seen_version(Seen(queries.count_messages(tx, one)))
    service.mark_read(tx, actor(), one)
    tx.flush()
    return _answer(tx, one)


@reads("/threads/<ref>/messages", Permission.DESK_READ, MESSAGES, Messages, "Messages of a thread", is_list=True)
def thread_messages(tx: Tx, ref: str) -> Answer:
    """What was written in a thread, the latest first."""
    return messages_of(tx, here(tx, ref))


@reads("/threads/<ref>/messages/<message_ref>", Permission.DESK_READ, MESSAGE, MessageGiven, "One message of a thread")
def thread_message(tx: Tx, ref: str, message_ref: str) -> Answer:
    """One message of a thread."""
    one = here(tx, ref)
    message: Message = found(tx.scalar(queries.messages_in(one).where(Message.ref == message_ref)))
    return message_answer(tx, message)


@hands_out("/threads/<ref>/files/<fref>/content", Permission.DESK_READ, FILE, "Fetch a file of a message")
def thread_file_content(tx: Tx, ref: str, fref: str) -> Attachment:
    """A file that was sent with a message, for the two sides alone."""
    file: Attachment = found(queries.file_in(tx, actor(), here(tx, ref), fref))
    return file


def here(tx: Tx, ref: str) -> Thread:
    """The thread of this address, for people of its two sides."""
    one: Thread = found(queries.find_thread(tx, actor(), ref))
    return one


def messages_of(tx: Tx, one: Thread) -> Answer:
    """A page of what was written in a thread that its reader was found for."""
    order = Order(_earlier(tx, one), lambda message: str(message.ref))
    query = queries.messages_in(one).order_by(Message.id.desc())
    return ordered_list(
        tx, "messages", query, order,
        lambda page: [_message(one, written) for written in queries.written(tx, actor(), one, page)],
    )  # fmt: skip


def message_answer(tx: Tx, message: Message, status: int = 200) -> Answer:
    """A message with the entity tag of its thread."""
    one = message.thread
    (written,) = queries.written(tx, actor(), one, [message])
    there = {"ref": one.ref, "message_ref": message.ref}
    place = absolute("api.thread_message", **there) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(_message(one, written), queries.count_messages(tx, one), status, place)


def _answer(tx: Tx, one: Thread) -> Answer:
    (row,) = queries.rows_of(tx, actor(), [one])
    version = queries.count_messages(tx, one)
    return record(shown(row, version), version)


def _older(tx: Tx) -> Callable[[str], ColumnElement[bool]]:
    def behind(after: str) -> ColumnElement[bool]:
        # The instant stands in the bookmark: a thread that is written in meanwhile moves up, and the page stays.
        at, _space, ref = after.partition(" ")
        instant, last = datetime.fromisoformat(at), queries.find_thread(tx, actor(), ref)
        if last is None:
            raise wrong_cursor()
        return or_(Thread.last_at < instant, and_(Thread.last_at == instant, Thread.id < last.id))

    return behind


def _earlier(tx: Tx, one: Thread) -> Callable[[str], ColumnElement[bool]]:
    def behind(after: str) -> ColumnElement[bool]:
        last = tx.scalar(queries.messages_in(one).where(Message.ref == after))
        if last is None:
            raise wrong_cursor()
        return Message.id < last.id

    return behind


def shown(row: ThreadRow, version: int) -> dict[str, Any]:
    """A thread as people of one of its sides see it."""
    one, talk = row.thread, row.talk
    own = one.organisation if row.partner.id == one.other_id else one.other
    values: dict[str, Any] = {
        "ref": one.ref, "url": absolute("messages.thread", ref=one.ref), "version": version, "about": one.about,
        "organisation": whose(own), "partner": whose(row.partner), "unread": row.unread,
        "may_write": talk.closed is None and bool(rules.writes_for(actor(), talk.organisation_ids)),
        "closed": in_words(talk.closed) if talk.closed else "", "begun_at": one.begun_at, "last_at": one.last_at,
    }  # fmt: skip
    if talk.need is not None:
        url = absolute("needs.page", ref=talk.need.ref)
        need = {"ref": talk.need.ref, "title": talk.need.title, "language": talk.need.language, "url": url}
        values["need"] = need
    if talk.offer is not None:
        values["offer"] = offered(talk.offer_kind, talk.offer)
    if talk.pledge is not None:
        values["pledge_ref"] = talk.pledge.ref
    return shown_as(ThreadGiven, values)


def _message(one: Thread, written: Written) -> dict[str, Any]:
    message = written.message
    values = {
        "ref": message.ref, "url": absolute("messages.thread", ref=one.ref, _anchor=message.ref),
        "thread_ref": one.ref, "organisation": whose(message.organisation), "name": written.name,
        "is_own": written.is_own, "is_new": written.is_new, "sent_at": message.sent_at, "text": message.text,
        "language": message.language, "files": [_file(one, message, file) for file in written.files],
    }  # fmt: skip
    return shown_as(MessageGiven, values)


def _file(one: Thread, message: Message, file: Attachment) -> dict[str, Any]:
    there = {"ref": one.ref, "fref": file.ref}
    return file_shown(
        file, message.organisation, url=absolute("messages.file", **there),
        content_url=absolute("api.thread_file_content", **there), disclosure="sides", text="none",
    )  # fmt: skip
