"""Whether anything that a file shows may have changed: a mark of the tables that files are made of.

The mark is a number of its own and shows nothing of what it was made from; what a file says is compared besides.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.foundation.db import Tx
from app.lessons.models import Output
from app.matching.relations.models import Relation
from app.needs.models import Need, Result
from app.organisations.models import Organisation
from app.pledges.models import Contribution, Pledge
from app.programmes.models import Programme

FORM = 1
"""Goes up when files are written in another way."""


def fingerprint(tx: Tx, today: date, lists: str) -> str:
    """The mark of what files are made of now. The day is in it, since what is to come may not stand in every place."""
    # disclosure: how many rows there are and when one changed last; nothing of it is shown.
    said: list[Any] = [FORM, today, lists]
    versioned: tuple[Any, ...] = (Organisation, Programme, Pledge, Need, Output)
    for model in versioned:
        columns = func.count(), func.max(model.id), func.max(model.ref), func.min(model.ref), func.sum(model.version)
        said.append(tuple(tx.execute(select(*columns, func.max(model.changed_at))).one()))
    moments: list[tuple[Any, Any]] = [
        (Contribution, Contribution.changed_at),
        (Relation, Relation.declared_at),
        (Result, Result.id),
    ]
    for other, stamp in moments:
        said.append(tuple(tx.execute(select(func.count(), func.max(other.ref), func.max(stamp))).one()))
    return hashlib.sha256(repr(said).encode()).hexdigest()
