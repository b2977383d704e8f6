"""What people get when something happens: a verified organisation's applicant is invited as its focal point."""

from __future__ import annotations

from collections.abc import Sequence

from app.accounts.service import invite_applicant
from app.foundation.db import Tx
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.organisations.events import OrganisationVerified


def invite_applicants(site: Site, facts: Sequence[Fact]) -> Writer:
    """Reaction to OrganisationVerified: what remains to be written is the invitations."""
    now = site.clock.now()

    def write(tx: Tx) -> None:
        for fact in facts:
            if isinstance(fact, OrganisationVerified):
                invite_applicant(tx, fact, now)

    return write
