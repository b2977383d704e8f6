"""Putting notices on desks and mails on their way, once for each cause; and reading notices."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from app.foundation.db import Tx
from app.foundation.messages import Message
from app.foundation.permissions import Actor
from app.notifications.models import Mail, Notice
from app.notifications.queries import find_notice, known_mails, known_notices


@dataclass(frozen=True)
class NoticeDraft:
    """One sentence for one person's desk, about one record."""

    account_id: int
    cause: str
    message: Message
    record_kind: str
    record_ref: str


@dataclass(frozen=True)
class MailDraft:
    """One mail, in its reader's language."""

    cause: str
    recipient: str
    subject: str
    body: str


def put_notices(tx: Tx, drafts: Sequence[NoticeDraft], now: datetime) -> int:
    """Put these on people's desks, each cause once for each person; how many were new."""
    known = known_notices(tx, (draft.account_id for draft in drafts), (draft.cause for draft in drafts))
    new = {(draft.account_id, draft.cause): draft for draft in drafts if (draft.account_id, draft.cause) not in known}
    for draft in new.values():
        tx.add(
            Notice(
                account_id=draft.account_id,
                cause=draft.cause,
                message=draft.message.as_json(),
                record_kind=draft.record_kind,
                record_ref=draft.record_ref,
                created_at=now,
            )
        )
    return len(new)


def put_mails(tx: Tx, drafts: Sequence[MailDraft], host: str, now: datetime) -> int:
    """Let these be sent by the worker, each cause once for each address; how many were new.

    `host` is the name after the @ of the Message-ID, which a mail keeps through all attempts.
    """
    known = known_mails(tx, (draft.recipient for draft in drafts), (draft.cause for draft in drafts))
    new = {(draft.recipient, draft.cause): draft for draft in drafts if (draft.recipient, draft.cause) not in known}
    for draft in new.values():
        tx.add(
            Mail(
                cause=draft.cause,
                recipient=draft.recipient,
                subject=draft.subject,
                body=draft.body,
                message_id=f"<{secrets.token_hex(12)}@{host}>",
                created_at=now,
            )
        )
    return len(new)


def mark_read(tx: Tx, actor: Actor, notice_id: int, now: datetime) -> Notice | None:
    """This person has read the notice; nothing if it is not this person's."""
    notice = find_notice(tx, actor, notice_id)
    if notice is not None and notice.read_at is None:
        notice.read_at = now
    return notice


def mark_all_read(tx: Tx, actor: Actor, now: datetime) -> None:
    """This person has read everything."""
    unread = update(Notice).where(Notice.account_id == actor.account_id, Notice.read_at.is_(None))
    tx.execute(unread.values(read_at=now))
