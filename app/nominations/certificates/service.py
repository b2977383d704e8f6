"""Issuing certificates, and revoking one whose result has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.outbox import tell
from app.foundation.permissions import Actor, Permission, require
from app.nominations.certificates import rules
from app.nominations.certificates.drawable import undrawable_on
from app.nominations.certificates.events import CertificateIssued, CertificateRevoked, ManyCertified, ManyRevoked
from app.nominations.models import Nomination
from app.nominations.rules import MoveRefused
from app.nominations.seats import hold_session


def issue(tx: Tx, actor: Actor, nominations: Iterable[Nomination], now: datetime) -> int:
    """Issue certificates to those of them who have earned one and have none that is valid; how many were issued.

    Of whom letters cannot be drawn gets none, rather than one with empty boxes for letters.

    Raises:
        Refused: the actor does not write for the centre. MoveRefused: none of them gets one.
    """
    nominations, issued, stuck = list(nominations), [], ""
    for session_id in {one.session_id for one in nominations}:
        # What is read of them from here on is what stands, and stays so until the end.
        hold_session(tx, session_id, now)
    for one in nominations:
        require(actor, Permission.NOMINATION_DECIDE, now, one)
        if not may_get_one(one):
            continue
        if letters := undrawable_on(one):
            stuck += letters
            continue
        one.certificate_code, one.certified_at, one.changed_at = rules.new_code(), now, now
        tx.flush()
        record_event(tx, actor, "nomination.certified", one, now, {"code": one.certificate_code})
        tell(tx, CertificateIssued(one.id, one.certificate_code), now)
        issued.append(one)
    if not issued:
        raise MoveRefused(rules.cannot_be_drawn(stuck) if stuck else rules.NOT_YET)
    tell_senders(tx, ManyCertified, issued, now)
    return len(issued)


def tell_senders(
    tx: Tx, fact: type[ManyCertified | ManyRevoked], nominations: Iterable[Nomination], now: datetime
) -> None:  # fmt: skip
    """Let each organisation be told once, for each session, of what one act means for its candidates."""
    by_sender: dict[tuple[int, int], list[Nomination]] = {}
    for one in nominations:
        by_sender.setdefault((one.session_id, one.organisation_id), []).append(one)
    for people in by_sender.values():
        tell(tx, fact(people[0].id, len(people)), now)


def may_get_one(nomination: Nomination) -> bool:
    """Whether a certificate can be issued: it was earned, there is none that is valid, and the name is still known."""
    is_earned = rules.earns_certificate(nomination.status, nomination.course.pass_mark)
    return is_earned and nomination.certified_at is None and nomination.forgotten_at is None


def is_valid(nomination: Nomination) -> bool:
    """Whether the certificate with this nomination's code is good: it was issued, and what it says still holds."""
    return (
        bool(nomination.certificate_code)
        and nomination.certified_at is not None
        and rules.earns_certificate(nomination.status, nomination.course.pass_mark)
    )


def revoke(tx: Tx, actor: Actor, nomination: Nomination, now: datetime) -> bool:
    """The result has changed: the certificate is not valid any more. Its code stays, so that a check says so.

    Whether there was one; then whoever nominated is still to be told (`tell_senders`), once for all of them.
    """
    if nomination.certified_at is None:
        return False
    nomination.certified_at = None
    tx.flush()
    record_event(tx, actor, "nomination.certificate_revoked", nomination, now, {"code": nomination.certificate_code})
    tell(tx, CertificateRevoked(nomination.id, nomination.certificate_code), now)
    return True
