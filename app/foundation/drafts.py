"""What a person has typed and not yet posted, kept word for word: a lost line loses nothing.

A draft is the raw text of the form's fields. It becomes a record when it is posted and can be read whole.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base, Tx
from app.foundation.permissions import Actor

LARGEST_DRAFT = 400_000


class Draft(Base):
    """One form in the making; `key` is the form's own random key, `record_ref` the record that it amends, if any."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    form: Mapped[str]
    record_ref: Mapped[str | None]
    title: Mapped[str]
    fields: Mapped[list[Any]]
    saved_at: Mapped[datetime]


class Once(Base):
    """A form that has been acted upon: the same key again leads to the same place and changes nothing."""

    __tablename__ = "once"

    key: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    location: Mapped[str]
    done_at: Mapped[datetime]


def save_draft(  # noqa: PLR0913, PLR0917 - what was typed, by whom, where and when
    tx: Tx,
    actor: Actor,
    form: str,
    key: str,
    fields: list[tuple[str, str]],
    now: datetime,
    record_ref: str | None = None,
) -> Draft:
    """Keep what was typed under the form's key.

    Raises:
        ValueError: it is larger than any form can be.
    """
    if sum(len(value) for _name, value in fields) > LARGEST_DRAFT:
        raise ValueError("draft too large")
    draft = find_draft(tx, actor, key)
    if draft is None:
        draft = Draft(key=key, account_id=actor.account_id, form=form, record_ref=record_ref)
        tx.add(draft)
    draft.fields = [[name, value] for name, value in fields]
    draft.title = next((value for name, value in fields if name == "title"), "")[:200]
    draft.saved_at = now
    return draft


def find_draft(tx: Tx, actor: Actor, key: str) -> Draft | None:
    """This person's draft with that key."""
    return tx.scalar(select(Draft).where(Draft.account_id == actor.account_id, Draft.key == key))


def drafts_of(tx: Tx, actor: Actor) -> list[Draft]:
    """Everything that this person has begun, latest first."""
    query = select(Draft).where(Draft.account_id == actor.account_id).order_by(Draft.saved_at.desc(), Draft.id)
    return list(tx.scalars(query))


def drop_draft(tx: Tx, actor: Actor, key: str) -> None:
    """The draft has been posted or thrown away."""
    tx.execute(delete(Draft).where(Draft.account_id == actor.account_id, Draft.key == key))


def already_done(tx: Tx, actor: Actor, key: str) -> str | None:
    """Where the same form led when it was sent the first time."""
    row = tx.get(Once, (key, actor.account_id or 0))
    return row.location if row else None


def note_done(tx: Tx, actor: Actor, key: str, location: str, now: datetime) -> None:
    """The form with this key has been acted upon; saved with the change itself."""
    tx.add(Once(key=key, account_id=actor.account_id or 0, location=location, done_at=now))
