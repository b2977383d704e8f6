"""Reading certificates: by the code that one bears, and who in a session can get one."""

from __future__ import annotations

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM, Actor
from app.nominations.certificates import rules
from app.nominations.certificates.drawable import undrawable_on
from app.nominations.certificates.service import may_get_one
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS, nominations_in


def by_code(tx: Tx, code: str) -> Nomination | None:
    """The nomination whose certificate bears this code, as somebody may have typed it.

    Whoever knows the code was shown the certificate: nobody finds twelve random letters by trying.
    """
    tidy = rules.tidy_code(code)
    if not tidy:
        return None
    return tx.scalar(readable(SYSTEM, Nomination).where(Nomination.certificate_code == tidy).options(*OPTIONS))


def waiting_in(tx: Tx, reader: Actor, session_id: int) -> list[Nomination]:
    """Those of a session whom this reader sees and who have earned a certificate that was not issued yet."""
    return [one for one in nominations_in(tx, reader, session_id) if may_get_one(one)]


def stuck_in(tx: Tx, reader: Actor, session_id: int) -> list[tuple[Nomination, str]]:
    """Those of them whose certificate cannot be drawn, with the letters that stand in the way."""
    waiting = ((one, undrawable_on(one)) for one in waiting_in(tx, reader, session_id))
    return [(one, letters) for one, letters in waiting if letters]
