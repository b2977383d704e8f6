"""Putting notices on desks and mails on their way, once for each cause; and reading notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from app.foundation.db import Tx
from app.foundation.messages import Message
from app.foundation.permissions import Actor
from app.notifications.models import Mail, Notice
from app.notifications.pace.service import put_deliveries
from app.notifications.queries import find_notice, known_mails, known_notices
from app.notifications.rules import new_message_id


@dataclass(frozen=True)
class NoticeDraft:
    """One sentence for one person's desk, about one record; `by_mail` if a mail may carry it, as the person wishes."""

    account_id: int
    cause: str
    message: Message
    record_kind: str
    record_ref: str
    by_mail: bool = False


@dataclass(frozen=True)
class MailDraft:
    """One letter to an address, in its reader's language."""

    cause: str
    recipient: str
    subject: str
    body: str
    language: str = "en"


def put_notices(tx: Tx, drafts: Sequence[NoticeDraft], now: datetime) -> int:
    """Put these on people's desks, each cause once for each person, and let mails carry them; how many were new."""
    known = known_notices(tx, (draft.account_id for draft in drafts), (draft.cause for draft in drafts))
    new = {(draft.account_id, draft.cause): draft for draft in drafts if (draft.account_id, draft.cause) not in known}
    made = {key: _notice(draft, now) for key, draft in new.items()}
    tx.add_all(made.values())
    tx.flush()
    numbers = known | {key: notice.id for key, notice in made.items()}
    by_mail = {(draft.account_id, draft.cause) for draft in drafts if draft.by_mail}
    put_deliveries(tx, [(account_id, numbers[account_id, cause], cause) for account_id, cause in by_mail], now)
    return len(new)


def _notice(draft: NoticeDraft, now: datetime) -> Notice:
    return Notice(
        account_id=draft.account_id,
        cause=draft.cause,
        message=draft.message.as_json(),
        record_kind=draft.record_kind,
        record_ref=draft.record_ref,
        created_at=now,
    )


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
                language=draft.language,
                message_id=new_message_id(host),
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


def mark_all_read(tx: Tx, actor: Actor, now: datetime, latest: int | None = None) -> None:
    """This person has read everything, or everything up to the notice `latest`."""
    unread = update(Notice).where(Notice.account_id == actor.account_id, Notice.read_at.is_(None))
    seen = unread if latest is None else unread.where(Notice.id <= latest)
    tx.execute(seen.values(read_at=now))
