"""What can be seen of somebody's first steps: each proof is one short question to the database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import Owned, visible_to
from app.foundation.permissions import Actor
from app.lessons.models import Lesson
from app.lessons.queries import queue
from app.needs.models import Need
from app.organisations.queries import waiting_applications
from app.pledges.models import Pledge
from app.programmes.models import Programme

Proof = Callable[[Tx, Actor], bool]


def proven(tx: Tx, reader: Actor, wanted: Iterable[str]) -> frozenset[str]:
    """Those of the proofs that hold for this person and the organisations that this person acts for.

    Raises:
        KeyError: a proof that nobody knows how to look for.
    """
    return frozenset(name for name in set(wanted) if PROOFS[name](tx, reader))


def _posted(model: type[Owned]) -> Proof:
    def has_posted(tx: Tx, reader: Actor) -> bool:
        return _has_own(tx, reader, model, model.is_published.is_(True))

    return has_posted


def _has_own(tx: Tx, reader: Actor, model: type[Owned], *where: ColumnElement[bool]) -> bool:
    query = select(model.id).where(visible_to(reader, model), model.organisation_id.in_(reader.organisation_ids))
    return tx.scalars(query.where(*where).limit(1)).first() is not None


def _has_session(tx: Tx, reader: Actor) -> bool:
    query = select(CourseSession.id).join(CourseSession.course).where(visible_to(reader, Course))
    own: ColumnElement[bool] = Course.organisation_id.in_(reader.organisation_ids)
    return tx.scalars(query.where(own).limit(1)).first() is not None


def _has_accepted(tx: Tx, reader: Actor) -> bool:
    # disclosure: the answer is yes or no, and about the reader's own needs alone.
    query: Any = select(Pledge.id).where(Pledge.need_organisation_id.in_(reader.organisation_ids))
    return tx.scalars(query.where(Pledge.accepted_at.is_not(None)).limit(1)).first() is not None


PROOFS: Mapping[str, Proof] = {
    "member": lambda _tx, reader: reader.main is not None,
    "verified": lambda _tx, reader: reader.is_verified,
    "need": _posted(Need),
    "programme": _posted(Programme),
    "course": _posted(Course),
    "lesson": lambda tx, reader: _has_own(tx, reader, Lesson),
    "session": _has_session,
    "pledge": lambda tx, reader: _has_own(tx, reader, Pledge),
    "accepted": _has_accepted,
    "no_applications": lambda tx, _reader: not waiting_applications(tx),
    "no_lessons": lambda tx, reader: not queue(tx, reader),
}
