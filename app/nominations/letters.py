"""The mails to candidates, each in the candidate's language; links and calendar entries are made when they are sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_

from app.config import Settings
from app.courses.models import Course, CourseSession
from app.foundation.calendars import Event, calendar_text, event_uid
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.languages import LANGUAGES, day_text, name_of, say
from app.foundation.messages import Message
from app.foundation.permissions import SYSTEM
from app.nominations import rules
from app.nominations.links import token_for
from app.nominations.models import Nomination
from app.nominations.queries import OPTIONS
from app.notifications.letters import LINK
from app.notifications.models import Mail
from app.notifications.paper import write_text
from app.notifications.rules import SUBJECTS, TO_CANDIDATES, one_line, parts_of, what_of
from app.notifications.service import MailDraft


def letter_to_candidate(one: Nomination, cause: str, text: Message, *, has_link: bool) -> MailDraft:
    """A mail to the candidate: what has happened, which course it is, and a link where there is something to answer."""
    language = one.language if one.language in LANGUAGES else "en"
    run, course = one.session, one.course
    place = ", ".join(part for part in (run.place, name_of("country", run.country or "", language)) if part)
    body = write_text(
        "emails/candidate.txt",
        language,
        name=one_line(one.name),
        text=say(text, language),
        link=LINK if has_link else "",
        course=one_line(course.title),
        start=day_text(run.starts_on, language),
        end=day_text(run.ends_on, language),
        zone=run.time_zone,
        place=one_line(place),
        centre=one_line(course.organisation.name),
        organisation=one_line(one.organisation.name),
    )
    return MailDraft(cause, one.email, say(SUBJECTS[what_of(cause)], language), body, language)


def with_link(tx: Tx, settings: Settings, mail: Mail, _now: datetime) -> str | None:
    """The mail with its signed link, as long as the seat that it speaks of is still this candidate's."""
    one = _nomination(tx, mail)
    turn = dict(parts_of(mail.cause)).get("seat", "")
    if one is None or one.status not in {rules.APPROVED, rules.CONFIRMED} or turn != seat_turn(one):
        return None
    return mail.body.replace(LINK, f"{settings.public_url}/seat/{token_for(settings.secret_key, one)}")


def seat_turn(one: Nomination) -> str:
    """Tells one seat that was given from a later one, in a cause; no colon stands in it."""
    return one.seat_given_at.strftime("%Y%m%dT%H%M%S%f") if one.seat_given_at else ""


def calendar_entry(tx: Tx, settings: Settings, mail: Mail) -> str | None:
    """The session as an entry for the candidate's calendar; a later one takes the place of the one before."""
    one = _nomination(tx, mail)
    if one is None:
        return None
    event = event_of(one.session, one.course, settings.public_url)
    return calendar_text([event])


def drop_letters(tx: Tx, one: Nomination) -> None:
    """Delete what was written to this candidate, sent or not, at whichever address: it holds the name besides."""
    to_candidate = or_(*(Mail.cause.startswith(f"{what}|", autoescape=True) for what in sorted(TO_CANDIDATES)))
    tx.execute(delete(Mail).where(to_candidate, Mail.cause.contains(f"nomination:{one.ref}", autoescape=True)))


def event_of(run: CourseSession, course: Course, public_url: str) -> Event:
    """A session as a calendar knows it: whole days, the same for ever by its reference."""
    return Event(
        uid=event_uid(run.ref, public_url),
        title=course.title,
        starts=run.starts_on,
        ends=run.ends_on,
        changed_at=run.changed_at,
        version=course.version,
        status="cancelled" if run.status == "cancelled" else "confirmed",
        place=", ".join(part for part in (run.place, name_of("country", run.country or "", course.language)) if part),
        address=f"{public_url}/courses/{course.ref}/sessions/{run.ref}",
    )


def _nomination(tx: Tx, mail: Mail) -> Nomination | None:
    ref = dict(parts_of(mail.cause)).get("nomination", "")
    query = readable(SYSTEM, Nomination).where(Nomination.ref == ref, Nomination.forgotten_at.is_(None))
    return tx.scalar(query.options(*OPTIONS))
