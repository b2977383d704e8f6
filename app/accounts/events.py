"""What happens to accounts, told upwards."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class InvitationMade(Fact):
    """Somebody has been invited to act for an organisation; a mail with the link is due."""

    invitation_id: int


@dataclass(frozen=True)
class ConfirmationAsked(Fact):
    """Somebody wants to prove an address; a mail with the link is due."""

    confirmation_id: int


@dataclass(frozen=True)
class AddressChanged(Fact):
    """An account has a new e-mail address; both addresses are told."""

    confirmation_id: int


@dataclass(frozen=True)
class AccountGuarded(Fact):
    """Something was done that guards an account or opens it: `what` is one of rules.GUARDED, `ref` the thing itself."""

    account_id: int
    what: str
    ref: str
