"""Reading messages: the threads of one's organisations, how much of them is unread, and who wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Account
from app.conversations.messages.models import Message, Thread, ThreadRead
from app.conversations.messages.talks import Talk, talk_of
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.filing.files import Attachment, seen_by
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import Actor
from app.organisations.models import Organisation

SIDES = (selectinload(Thread.organisation), selectinload(Thread.other))


@dataclass(frozen=True)
class ThreadRow:
    """A thread in the list: what it is about, who the other side is, and how many messages this person has not read."""

    thread: Thread
    talk: Talk
    partner: Organisation
    unread: int


@dataclass(frozen=True)
class Written:
    """One message: by whom, of one's own side or not, with its files; `is_new` if this person has not read it."""

    message: Message
    name: str
    is_own: bool
    is_new: bool
    files: Sequence[Attachment]


def find_thread(tx: Tx, reader: Actor, ref: str) -> Thread | None:
    """The thread with that reference, for people of the two sides alone."""
    return tx.scalar(readable(reader, Thread).where(Thread.ref == ref).options(*SIDES))


def partner_of(reader: Actor, thread: Thread) -> Organisation:
    """The other side, as this reader sees it."""
    return thread.other if thread.organisation_id in reader.organisation_ids else thread.organisation


def partner(tx: Tx, reader: Actor, talk: Talk) -> Organisation:
    """The other side of what may be written about, as this reader sees it."""
    number = talk.other_id if talk.organisation_id in reader.organisation_ids else talk.organisation_id
    return tx.get_one(Organisation, number)


def threads_of(tx: Tx, reader: Actor, page: str | None) -> Page[ThreadRow]:
    """The threads of this person's organisations, the one with the latest message first."""
    total = tx.scalar(select(func.count(Thread.id)).where(visible_to(reader, Thread))) or 0
    number = page_number(page, total)
    rows = tx.scalars(latest_first(reader).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all()
    return Page(rows_of(tx, reader, rows), number, total)


def latest_first(reader: Actor) -> Select[Thread]:
    """The threads of this person's organisations, the one with the latest message first."""
    return readable(reader, Thread).order_by(Thread.last_at.desc(), Thread.id.desc()).options(*SIDES)


def rows_of(tx: Tx, reader: Actor, threads: Sequence[Thread]) -> list[ThreadRow]:
    """These threads, found for this person before, as a list shows them."""
    unread = unread_in(tx, reader, [one.id for one in threads])
    return [ThreadRow(one, talk_of(tx, reader, one), partner_of(reader, one), unread.get(one.id, 0)) for one in threads]


def unread_in(tx: Tx, reader: Actor, thread_ids: Sequence[int]) -> Mapping[int, int]:
    """How many messages of these threads, found for this person before, this person has neither read nor written."""
    query = (
        select(Message.thread_id, func.count())
        .outerjoin(
            ThreadRead, (ThreadRead.thread_id == Message.thread_id) & (ThreadRead.account_id == reader.account_id)
        )
        .where(
            Message.thread_id.in_(thread_ids),
            or_(ThreadRead.message_id.is_(None), Message.id > ThreadRead.message_id),
            or_(Message.sent_by.is_(None), Message.sent_by != reader.account_id),
        )
        .group_by(Message.thread_id)
    )
    return dict(tx.execute(query).all())


def written_in(tx: Tx, reader: Actor, thread: Thread, page: str | None) -> Page[Written]:
    """The messages of a thread, oldest first; without a wish the last page."""
    total = count_messages(tx, thread)
    number = page_number(page or str(max(1, -(-total // PAGE_SIZE))), total)
    query = messages_in(thread).order_by(Message.id).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    return Page(written(tx, reader, thread, tx.scalars(query).all()), number, total)


def messages_in(thread: Thread) -> Select[Message]:
    """The messages of a thread that the caller has found for its reader, in no order."""
    return select(Message).where(Message.thread_id == thread.id).options(selectinload(Message.organisation))


def written(tx: Tx, reader: Actor, thread: Thread, rows: Sequence[Message]) -> list[Written]:
    """These messages of a thread as its reader sees them."""
    names, files = _names(tx, rows), _files(tx, reader, rows)
    read = tx.get(ThreadRead, (thread.id, reader.account_id))
    upto = read.message_id if read else 0
    return [
        Written(
            row, names.get(row.sent_by or 0, ""), row.organisation_id in reader.organisation_ids,
            row.id > upto and row.sent_by != reader.account_id, files.get(row.ref, ()),
        )
        for row in rows
    ]  # fmt: skip


def _names(tx: Tx, rows: Iterable[Message]) -> Mapping[int, str]:
    """Who wrote, by name; whose account is closed has none any more."""
    ids = {row.sent_by for row in rows if row.sent_by}
    return dict(tx.execute(select(Account.id, Account.name).where(Account.id.in_(ids))).all())


def _files(tx: Tx, reader: Actor, rows: Iterable[Message]) -> Mapping[str, list[Attachment]]:
    refs = [row.ref for row in rows]
    found: dict[str, list[Attachment]] = {}
    query = select(Attachment).where(
        Attachment.record_kind == Message.record_kind, Attachment.record_ref.in_(refs), seen_by(reader)
    )
    for file in tx.scalars(query.order_by(Attachment.id)):
        found.setdefault(file.record_ref, []).append(file)
    return found


def file_in(tx: Tx, reader: Actor, thread: Thread, file_ref: str) -> Attachment | None:
    """A file of a thread that the caller has found for its reader."""
    query = (
        select(Attachment)
        .join(Message, Message.ref == Attachment.record_ref)
        .where(
            Message.thread_id == thread.id,
            Attachment.record_kind == Message.record_kind,
            Attachment.ref == file_ref,
            seen_by(reader),
        )
    )
    return tx.scalar(query)


def count_messages(tx: Tx, thread: Thread) -> int:
    """How many messages a thread has that the caller has found for its reader."""
    return tx.scalar(select(func.count()).where(Message.thread_id == thread.id)) or 0


def counts_in(tx: Tx, thread_ids: Sequence[int]) -> Mapping[int, int]:
    """The same for several threads, found for their reader before, by their numbers."""
    query = select(Message.thread_id, func.count()).where(Message.thread_id.in_(thread_ids))
    return dict(tx.execute(query.group_by(Message.thread_id)).all())


def last_message_id(tx: Tx, thread: Thread) -> int:
    """The number of the latest message of a thread; 0 where there is none."""
    return tx.scalar(select(func.max(Message.id)).where(Message.thread_id == thread.id)) or 0


def has_unread(tx: Tx, account_id: int, message: Message) -> bool:
    """Whether a person had something unread in the thread before this message came."""
    read = tx.get(ThreadRead, (message.thread_id, account_id))
    earlier = select(Message.id).where(
        Message.thread_id == message.thread_id,
        Message.id < message.id,
        Message.id > (read.message_id if read else 0),
        Message.organisation_id == message.organisation_id,
    )
    return tx.scalar(earlier.limit(1)) is not None
