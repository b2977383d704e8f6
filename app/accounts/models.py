"""An account is a person; a membership is that person's role in one organisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified, Stamped
from app.organisations.models import Organisation


class Account(Identified, Stamped, Base):
    """A person who signs in. `stamp` changes with the password, which ends every other sign-in.

    `welcomed_at` is when the person put the guided first visit away; `second_step_since` is when the first of the
    account's second steps was set up, and is empty while it has none. `mail_failed_at` is when mail to the address was
    last refused for good, `mail_failed_code` with which code; both are empty while mail arrives.
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
    second_step_since: Mapped[datetime | None]
    mail_failed_at: Mapped[datetime | None]
    mail_failed_code: Mapped[str] = mapped_column(default="")

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


class SecondStep(Identified, Base):
    """How a person proves beyond the password who signs in: an authenticator app (`app`) or a passkey (`passkey`).

    `secret` is an app's secret (RFC 6238) sealed with the site's key, or a passkey's public key (COSE). `counter` is an
    app's last used time step, or a passkey's signature count; `credential_id` is a passkey's own, base64url.
    """

    __tablename__ = "second_steps"
    reference_prefix = "AK"
    record_kind = "second_step"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    credential_id: Mapped[str | None] = mapped_column(unique=True)
    counter: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One code, good for one sign-in without the second step; only its keyed digest is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    digest: Mapped[str]
    used_at: Mapped[datetime | None]


class SignIn(Identified, Base):
    """One sign-in that goes on until it is ended; `key` is the digest of the word that the browser's cookie holds.

    `seen_at` is when it was last used, to the minute.
    """

    __tablename__ = "sign_ins"
    reference_prefix = "AS"
    record_kind = "sign_in"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str]
    address: Mapped[str]
    way: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Confirmation(Identified, Base):
    """A link sent by mail that proves an address: `kind` is reset (a new password) or email (a new address).

    `email` is where it was sent, `stamp` the account's when it was made: whatever changes that spends the link.
    """

    __tablename__ = "confirmations"
    reference_prefix = "AC"
    record_kind = "confirmation"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str]
    email: Mapped[str]
    former_email: Mapped[str] = mapped_column(default="")
    stamp: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
