"""A coordination meeting, the items of its agenda, and the action points that were agreed there."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account
from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.organisations.models import Organisation


class Meeting(Identified, Versioned, Stamped, Owned, Base):
    """People of several organisations meet on one country (ISO 3166-1 alpha-2). `status` moves as rules.MOVES allows.

    The organisation that owns it convenes it; those that are invited are its audience, whatever its tier, so that they
    may always see it. `held_on` and `begins_at` are a day and an hour in `time_zone` (an IANA name). `forum` is one of
    rules.FORUMS. The tier of `minutes` is that of the action points too; the link is for those who are invited alone.
    """

    __tablename__ = "meetings"
    reference_prefix = "M"
    record_kind = "meeting"
    sensitive_fields = ("minutes", "link")

    country: Mapped[str] = mapped_column(String(2), index=True)
    language: Mapped[str]
    title: Mapped[str]
    forum: Mapped[str]
    held_on: Mapped[date] = mapped_column(index=True)
    begins_at: Mapped[time | None]
    time_zone: Mapped[str] = mapped_column(default="UTC")
    place: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="planned", index=True)
    status_reason: Mapped[str] = mapped_column(default="")
    agenda: Mapped[str] = mapped_column(default="")
    minutes: Mapped[str] = mapped_column(default="")
    posted_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    items: Mapped[list[AgendaItem]] = relationship(
        cascade="all, delete-orphan",
        order_by="(AgendaItem.position, AgendaItem.id)",
        back_populates="meeting",
    )
    points: Mapped[list[ActionPoint]] = relationship(
        cascade="all, delete-orphan",
        order_by="(ActionPoint.due_on, ActionPoint.id)",
        back_populates="meeting",
    )

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012


class AgendaItem(Identified, Base):
    """One item of an agenda: in somebody's own words, or a finding in the words that it had on the day `noted_on`.

    `kind` is one of rules.ITEM_KINDS. `why` are messages (`Message.as_json`); `records` are those that the finding
    rests on, as [kind, reference]: whoever may not see all of them is not shown the item. Quarters are kept as 2027-Q1.
    """

    __tablename__ = "agenda_items"
    reference_prefix = "AI"
    record_kind = "agenda_item"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(default="free")
    text: Mapped[str] = mapped_column(default="")
    theme: Mapped[str] = mapped_column(default="")
    first_quarter: Mapped[str] = mapped_column(default="")
    last_quarter: Mapped[str] = mapped_column(default="")
    why: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    records: Mapped[list[Any]] = mapped_column(default=list)
    noted_on: Mapped[date]

    meeting: Mapped[Meeting] = relationship(back_populates="items")


class ActionPoint(Identified, Stamped, Base):
    """What was agreed: which organisation owes it, perhaps which person, by when. `status` moves as rules.MOVES allows.

    `records` are those that it is about, as [kind, reference]; each reader is shown those that this one may see.
    """

    __tablename__ = "action_points"
    reference_prefix = "T"
    record_kind = "action_point"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    text: Mapped[str]
    due_on: Mapped[date] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="open", index=True)
    note: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]
    records: Mapped[list[Any]] = mapped_column(default=list)

    meeting: Mapped[Meeting] = relationship(back_populates="points")
    organisation: Mapped[Organisation] = relationship()
    account: Mapped[Account | None] = relationship()
