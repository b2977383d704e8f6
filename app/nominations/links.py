"""The signed link by which a candidate answers without an account: it names one seat that was given, and no other."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeSerializer

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.foundation.security_log import note
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS


def token_for(secret_key: str, nomination: Nomination) -> str:
    """The signed word in the link; nothing of it is kept, and it ends when the seat is taken back."""
    return str(_signer(secret_key).dumps([nomination.ref, _seat(nomination)]))


def nomination_for(tx: Tx, secret_key: str, token: str) -> Nomination | None:
    """The nomination that a link speaks of; nothing where it was altered, or where its seat was given anew since."""
    try:
        ref, seat = _signer(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        note("link")
        return None
    query = readable(SYSTEM, Nomination).where(Nomination.ref == str(ref)).options(*OPTIONS)
    found = tx.scalar(query)
    return found if found is not None and seat == _seat(found) and found.forgotten_at is None else None


def _seat(nomination: Nomination) -> str:
    return nomination.seat_given_at.isoformat() if nomination.seat_given_at else ""


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="counterpart.nomination")
