"""What happens to accounts, told upwards."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class InvitationMade(Fact):
    """Somebody has been invited to act for an organisation; a mail with the link is due."""

    invitation_id: int
