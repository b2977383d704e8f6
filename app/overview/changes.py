"""What has changed since somebody last looked, told by the audit trail: every change is written there with itself.

See app.foundation.kept.readings for how far a trail reaches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import and_, or_, select, true

from app.courses.models import Course, CourseSession
from app.foundation.audit.chain import AuditEvent
from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.kept.readings import Mark
from app.foundation.permissions import SYSTEM
from app.pledges.models import Pledge
from app.programmes.models import Programme

MOST_EVENTS = 400
MOST_RECORDS = 100
"""After more than these it is quicker to read everything anew."""
MOVES = frozenset({"organisation.merged", "organisation.absorbed"})
"""What changes many records and is written for none of them."""

Ref = tuple[str, str]
"""A record by its kind and its reference."""


@dataclass(frozen=True)
class Changed:
    """The records that changed, those included that a change of another one may have changed, by kind and reference."""

    records: frozenset[Ref] = frozenset()

    @property
    def kinds(self) -> set[str]:
        """Of which kinds they are."""
        return {kind for kind, _ref in self.records}

    def refs(self, kind: str) -> list[str]:
        """The references of those of one kind, sorted."""
        return sorted(ref for its, ref in self.records if its == kind)


def changed_since(tx: Tx, mark: Mark) -> Changed | None:
    """What has changed since the trail reached there; None where everything has to be read anew.

    That is so where too much has changed, or where the trail is not the one that it was: from a backup, say.
    """
    since = [and_(AuditEvent.day == day, AuditEvent.sequence >= sequence) for day, sequence, _digest in mark]
    since += [AuditEvent.day > mark[0][0]] if mark else [true()]
    query = select(
        AuditEvent.day, AuditEvent.sequence, AuditEvent.hash, AuditEvent.action, AuditEvent.record_kind,
        AuditEvent.record_ref,
    ).where(or_(*since))  # fmt: skip
    events = tx.execute(query.limit(MOST_EVENTS)).all()
    ends = {(day, sequence, digest) for day, sequence, digest, *_what in events}
    if len(events) == MOST_EVENTS or not ends.issuperset(mark) or any(event[3] in MOVES for event in events):
        return None
    seen = {(day, sequence) for day, sequence, _digest in mark}
    refs = {(kind, ref) for day, sequence, _digest, _action, kind, ref in events if (day, sequence) not in seen}
    return _with_others(tx, refs) if len(refs) <= MOST_RECORDS else None


def _with_others(tx: Tx, refs: Collection[Ref]) -> Changed | None:
    """These records with those that they are part of or pay for."""
    its: dict[str, set[str]] = {}
    for kind, ref in refs:
        its.setdefault(kind, set()).add(ref)
    pledges, sessions = its.get("pledge", set()), its.get("course_session", set())
    needs = _needs_of(tx, pledges)
    courses = _courses_of(tx, sessions)
    if pledges - needs.keys() or sessions - courses.keys():
        # What is gone cannot be asked any more to what it belonged.
        return None
    paid = _needs_paid_from(tx, its.get("programme", ()))
    more = {("need", ref) for ref in (*needs.values(), *paid)} | {("course", ref) for ref in courses.values()}
    return Changed(frozenset({*refs, *more}))


def _needs_of(tx: Tx, pledges: Iterable[str]) -> dict[str, str]:
    # What is read here is shown to nobody: it only tells what to read again, through the eyes of whoever looks.
    query = select(Pledge.ref, Pledge.need_ref).where(visible_to(SYSTEM, Pledge), Pledge.ref.in_(sorted(pledges)))
    return dict(tx.execute(query).all()) if pledges else {}


def _needs_paid_from(tx: Tx, programmes: Iterable[str]) -> list[str]:
    query = select(Pledge.need_ref).join(Programme, Programme.id == Pledge.programme_id)
    where = (visible_to(SYSTEM, Pledge), visible_to(SYSTEM, Programme), Programme.ref.in_(sorted(programmes)))
    return list(tx.scalars(query.where(*where))) if programmes else []


def _courses_of(tx: Tx, sessions: Iterable[str]) -> dict[str, str]:
    query = select(CourseSession.ref, Course.ref).join(Course, Course.id == CourseSession.course_id)
    where = (visible_to(SYSTEM, Course), CourseSession.ref.in_(sorted(sessions)))
    return dict(tx.execute(query.where(*where)).all()) if sessions else {}
