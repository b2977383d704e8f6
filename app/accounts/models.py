"""An account is a person; a membership is that person's role in one organisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified, Stamped
from app.organisations.models import Organisation


class Account(Identified, Stamped, Base):
    """A person who signs in. `stamp` changes with the password, which ends every other sign-in.

    `welcomed_at` is when the person put the guided first visit away.
    """

    __tablename__ = "accounts"
    reference_prefix = "A"
    record_kind = "account"

    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    password_hash: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="active")
    stamp: Mapped[str]
    signed_in_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    welcomed_at: Mapped[datetime | None]

    memberships: Mapped[list[Membership]] = relationship(back_populates="account", order_by="Membership.id")


class Membership(Base):
    """One person's role in one organisation: member (reads), editor (writes), focal_point (also invites)."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str]
    created_at: Mapped[datetime]

    account: Mapped[Account] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class Invitation(Identified, Base):
    """An invitation by e-mail to act for an organisation; the link in the mail is signed, nothing secret is kept."""

    __tablename__ = "invitations"
    reference_prefix = "I"
    record_kind = "invitation"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    role: Mapped[str]
    invited_by: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
