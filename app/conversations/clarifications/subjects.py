"""What one may ask about: a need, a programme, a course or one session of it, as its reader may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.conversations.clarifications.models import ABOUT, Clarification
from app.courses import rules as courses
from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import find_readable, readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import STATUSES_THAT_COUNT, Actor
from app.needs import rules as needs
from app.programmes import rules as programmes


@dataclass(frozen=True)
class Subject:
    """A record that may be asked about; `session` where it is one session of a course."""

    kind: str
    record: Any
    session: CourseSession | None = None

    @property
    def ref(self) -> str:
        """The reference of the page on which the questions stand."""
        return str(self.session.ref if self.session else self.record.ref)

    @property
    def organisation_id(self) -> int:
        """The owner, who answers."""
        return int(self.record.organisation_id)

    @property
    def session_id(self) -> int | None:
        """The session, where it is about one."""
        return self.session.id if self.session else None


def subject_by_ref(tx: Tx, reader: Actor, ref: str) -> Subject | None:
    """What has that reference, if the reader may see it."""
    if ref.startswith(f"{CourseSession.reference_prefix}-"):
        return _session(tx, reader, ref)
    for kind, model in ABOUT.items():
        one = cast(Any, model)
        if ref.startswith(f"{one.reference_prefix}-"):
            record = find_readable(tx, reader, one, ref)
            return Subject(kind, record) if record is not None and record.is_published else None
    return None


def subject_of(tx: Tx, reader: Actor, row: Clarification) -> Subject | None:
    """What a question is about, if the reader may see it."""
    return subject_by_ref(tx, reader, row.about_ref)


def _session(tx: Tx, reader: Actor, ref: str) -> Subject | None:
    of = select(CourseSession.course_id).where(CourseSession.ref == ref)
    course = tx.scalar(readable(reader, Course).where(Course.id.in_(of)).options(selectinload(Course.organisation)))
    if course is None or not course.is_published:
        return None
    return Subject("course", course, next(one for one in course.sessions if one.ref == ref))


def closed_because(subject: Subject, now: datetime) -> Message | None:
    """Why no more questions are taken; nothing as long as they are."""
    record = subject.record
    if record.organisation.status not in STATUSES_THAT_COUNT:
        return msg("Nobody of the organisation that owns this record works here, so nobody would answer.")
    if subject.session is not None:
        return _session_closed(subject.session, record, now)
    return {"need": _need_closed, "programme": _programme_closed, "course": _course_closed}[subject.kind](record, now)


def _need_closed(need: Any, now: datetime) -> Message | None:
    if need.status not in needs.OPEN:
        return msg("This need is not open any more, so no more questions are taken.")
    return _passed(need.offers_due_on, now.date())


def _programme_closed(programme: Any, now: datetime) -> Message | None:
    if programme.status not in programmes.RUNNING or (programme.ends_on and now.date() > programme.ends_on):
        return msg("This programme is over, so no more questions are taken.")
    return _passed(programme.apply_by, now.date())


def _course_closed(course: Any, _now: datetime) -> Message | None:
    if course.status != "posted":
        return msg("This course has been withdrawn, so no more questions are taken.")
    return None


def _session_closed(session: CourseSession, course: Any, now: datetime) -> Message | None:
    if session.status != "open" or course.status != "posted":
        return msg("This session does not take place, so no more questions are taken.")
    until = courses.registers_until(session.register_by, session.starts_on)
    return _passed(until, courses.day_there(now, session.time_zone))


def _passed(last: date | None, today: date) -> Message | None:
    if last is None or today <= last:
        return None
    return msg("Questions were taken until %(day)s.", day=last)
