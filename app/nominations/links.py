"""The signed link by which a candidate answers without an account: it names one seat that was given, and no other."""

from __future__ import annotations

from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.foundation.security_log import note
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS


def token_for(secret_key: str, nomination: Nomination) -> str:
    """The signed word in the link; nothing of it is kept, and it ends when the seat is taken back."""
    return seat_token(secret_key, nomination.ref, nomination.seat_given_at)


def seat_token(secret_key: str, ref: str, given_at: datetime | None) -> str:
    """The same for a seat that was given at that instant (UTC)."""
    return str(_signer(secret_key).dumps([ref, _seat(given_at)]))


def nomination_for(tx: Tx, secret_key: str, token: str) -> Nomination | None:
    """The nomination that a link speaks of; nothing where it was altered, or where its seat was given anew since."""
    try:
        ref, seat = _signer(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        note("link")
        return None
    query = readable(SYSTEM, Nomination).where(Nomination.ref == str(ref)).options(*OPTIONS)
    found = tx.scalar(query)
    if found is None or found.forgotten_at is not None or seat != _seat(found.seat_given_at):
        return None
    return found


def _seat(given_at: datetime | None) -> str:
    return given_at.isoformat() if given_at else ""


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="counterpart.nomination")
