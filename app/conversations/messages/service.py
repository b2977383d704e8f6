"""Writing a message, the first of which begins the thread; and marking how far one has read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.conversations.messages import queries, rules
from app.conversations.messages.events import MessageSent
from app.conversations.messages.models import Message, Thread, ThreadRead
from app.conversations.messages.talks import Talk
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.filing.files import FileStore, keep_files
from app.foundation.outbox import tell
from app.foundation.permissions import SYSTEM, Actor, Permission, Refused, require


@dataclass(frozen=True)
class MessageDraft:
    """What is written: the text, its language (ISO 639-1), and files as (name, content)."""

    text: str
    language: str
    files: Sequence[tuple[str, bytes]] = ()


def send(  # noqa: PLR0913, PLR0917 - who writes for whom, about what, what, where files lie, when
    tx: Tx, actor: Actor, organisation_id: int, talk: Talk, draft: MessageDraft, store: FileStore, now: datetime
) -> Message:
    """Write to the other side for one's organisation; `talk` has been found for the actor in this transaction.

    Raises:
        Refused: the actor does not write for that organisation, or it is of neither side.
        SendRefused: what it is about has ended. FileRefused: a file is of no kind that is taken.
    """
    require(actor, Permission.MESSAGE_SEND, now, talk)
    if organisation_id not in {place.organisation_id for place in rules.writes_for(actor, talk.organisation_ids)}:
        raise Refused(Permission.MESSAGE_SEND.value)
    if talk.closed is not None:
        raise rules.SendRefused(talk.closed)
    thread = talk.thread or _begun(tx, talk, now)
    message = Message(
        thread_id=thread.id, organisation_id=organisation_id, sent_by=actor.account_id, sent_at=now,
        text=draft.text.strip(), language=draft.language,
    )  # fmt: skip
    tx.add(message)
    thread.last_at = now
    tx.flush()
    keep_files(tx, message, actor.account_id, draft.files, store, now)
    mark_read(tx, actor, thread, message.id)
    record_event(tx, actor, "message.sent", thread, now)
    tell(tx, MessageSent(message.id), now)
    return message


def _begun(tx: Tx, talk: Talk, now: datetime) -> Thread:
    thread = Thread(
        about=talk.about, about_key=talk.key, need_id=talk.need_id, organisation_id=talk.organisation_id,
        other_id=talk.other_id, offer_kind=talk.offer_kind, offer_id=talk.offer_id, pledge_id=talk.pledge_id,
        disclosure="own", is_published=False, begun_at=now, last_at=now,
    )  # fmt: skip
    try:
        with tx.begin_nested():
            tx.add(thread)
    except IntegrityError:
        # The other side has begun it at this instant: this message follows that one.
        return tx.scalars(readable(SYSTEM, Thread).where(Thread.about_key == talk.key)).one()
    return thread


def mark_read(tx: Tx, actor: Actor, thread: Thread, upto: int | None = None) -> None:
    """This person has read the thread up to that message, or all of it."""
    number = queries.last_message_id(tx, thread) if upto is None else upto
    row = tx.get(ThreadRead, (thread.id, actor.account_id))
    if row is None:
        tx.add(ThreadRead(thread_id=thread.id, account_id=actor.account_id, message_id=number))
    else:
        row.message_id = max(row.message_id, number)
