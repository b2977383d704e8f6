"""The signed link by which a candidate fetches the certificate without an account: it names one code, and no other."""

from __future__ import annotations

from itsdangerous import BadData, URLSafeSerializer

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.foundation.security_log import note
from app.nominations.certificates.service import is_valid
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS


def token_for(secret_key: str, nomination: Nomination) -> str:
    """The signed word in the link; it ends when the certificate is revoked or the personal data is erased."""
    return str(_signer(secret_key).dumps([nomination.ref, nomination.certificate_code]))


def nomination_for(tx: Tx, secret_key: str, token: str) -> Nomination | None:
    """The nomination whose certificate a link fetches; nothing where it was altered or is not good any more."""
    try:
        ref, code = _signer(secret_key).loads(token)
    except (BadData, ValueError, TypeError):
        note("link")
        return None
    found = tx.scalar(readable(SYSTEM, Nomination).where(Nomination.ref == str(ref)).options(*OPTIONS))
    if found is None or found.forgotten_at is not None or code != found.certificate_code:
        return None
    return found if is_valid(found) else None


def _signer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="counterpart.certificate")
