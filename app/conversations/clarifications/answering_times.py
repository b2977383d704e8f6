"""How long owners take to answer questions on their records, as the office and desks count it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.rules import WITHDRAWN
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM, Actor


def questions_answered(tx: Tx, reader: Actor) -> Iterable[tuple[int, datetime, datetime | None]]:
    """From a question to its first answer, or to the word that there is none: whose it is, since when, when it came.

    The office reads numbers of each owner, for which it is shown no question; others count what they may see.
    """
    query = readable(SYSTEM if reader.is_secretariat else reader, Clarification)
    for row in tx.scalars(query.where(Clarification.status != WITHDRAWN)):
        yield row.organisation_id, row.asked_at, row.answers[0].answered_at if row.answers else row.answered_at
