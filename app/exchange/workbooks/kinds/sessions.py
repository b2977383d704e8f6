"""Course sessions in a workbook: one row for each dated run that is not over, and empty ones for new runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.courses import queries, rules, service
from app.courses.forms import SessionForm, values_of_session
from app.courses.models import Course, CourseSession
from app.exchange.workbooks.kinds.kind import Place, Refusal
from app.exchange.workbooks.rules import GONE
from app.foundation.db import Tx
from app.foundation.forms import SelectField, ValidationError, _l, choices, needed
from app.foundation.languages import day_text
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Membership, Permission, allowed
from app.foundation.web import current_language


class SessionRow(SessionForm):
    """A session, with the course of which it is a run."""

    course = SelectField(_l("Course"), needed(_l("Choose the course of which this is a run.")))

    def __init__(
        self, courses: Sequence[Course], course: Course, session: CourseSession | None = None, **kwargs: Any
    ) -> None:
        super().__init__(course, session, **kwargs)
        self.of = course
        self.course.choices = choices((one.ref, f"{one.title} ({one.ref})") for one in courses)

    def validate_course(self, field: Any) -> None:
        """A session stays with its course."""
        if self.session is not None and field.data != self.of.ref:
            raise ValidationError(_l("A session stays with its course. Announce another one in an empty row."))


class Sessions:
    """The dated runs of the courses of one's own centre."""

    name = "sessions"
    title: Message = msg("Course sessions")
    lead: Message = msg("The dated runs of your courses: one row for each that is not over.")
    names: Sequence[str] = (
        "course", "starts_on", "ends_on", "time_zone", "place", "country", "seats", "register_by", "languages",
        "status",
    )  # fmt: skip
    parts: Mapping[str, tuple[Message, Sequence[str], int]] = {}

    def owners(self, actor: Actor) -> list[Membership]:
        """The centres for which this person may post."""
        return list(actor.of_kind("centre"))

    def _courses(self, tx: Tx, place: Place) -> list[Course]:
        def read() -> list[Course]:
            found = queries.courses_of(tx, place.actor, place.owner.organisation_id)
            return [one for one in found if allowed(place.actor, Permission.COURSE_AMEND, place.now, one)]

        courses: list[Course] = place.once("courses", read)
        return courses

    def records(self, tx: Tx, place: Place) -> list[CourseSession]:
        """The sessions that are not over, and not cancelled."""
        today = place.now.date()
        runs = [run for course in self._courses(tx, place) for run in course.sessions]
        return [run for run in runs if run.ends_on >= today and run.status != "cancelled"]

    def title_of(self, record: CourseSession) -> str:
        """The course, and the day on which it begins."""
        return f"{record.course.title}, {day_text(record.starts_on, current_language())}"

    def prepared(self, _tx: Tx, _place: Place) -> list[Mapping[str, str]]:
        """None."""
        return []

    def form(self, tx: Tx, place: Place, record: CourseSession | None, sent: Any = None) -> SessionRow:
        """The form by which a session is announced or changed."""
        courses = self._courses(tx, place)
        chosen = sent.get("course", "") if sent else ""
        course = record.course if record else next((one for one in courses if one.ref == chosen), Course())
        data = {**values_of_session(record), "course": record.course.ref} if record else {}
        return SessionRow(courses, course, record, data=data, formdata=sent, meta={"csrf": False})

    def problems(
        self, _place: Place, rows: Sequence[tuple[CourseSession | None, SessionRow]]
    ) -> Sequence[Sequence[tuple[str, str]]]:
        """Sessions are not looked for elsewhere."""
        return [()] * len(rows)

    def save(self, tx: Tx, place: Place, record: CourseSession | None, form: SessionRow) -> CourseSession:
        """Announce it, or change it.

        Raises:
            Refusal: the service does not take it.
        """
        try:
            if record is None:
                return service.add_session(tx, place.actor, form.of, form.draft(), place.now)
            return service.amend_session(tx, place.actor, record, form.draft(), record.version, place.now)
        except rules.DraftRefused as refused:
            raise Refusal(refused.problems[0].message, refused.problems[0].field) from refused
        except rules.MoveRefused as refused:
            raise Refusal(GONE) from refused
