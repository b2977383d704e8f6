"""Certificates on the pages of nominations: the button that issues them, and what there is for one candidate."""

from __future__ import annotations

from app.courses.models import CourseSession
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor, Permission, allowed
from app.foundation.web import now, reading, render_part, site
from app.nominations.certificates.drawable import undrawable_on
from app.nominations.certificates.forms import IssueForm
from app.nominations.certificates.queries import stuck_in, waiting_in
from app.nominations.certificates.service import is_valid, may_get_one
from app.nominations.queries import find_nomination, readable_session

surface("certificate.panel", "panel", "nomination", "course")


def issue_on_session(reader: Actor, session_ref: str) -> str:
    """For the centre: the button that issues everybody's certificate, if somebody has earned one."""
    with reading() as tx:
        session = readable_session(tx, reader, session_ref)
        if session is None or not _decides(reader, session):
            return ""
        waiting = [one for one in waiting_in(tx, reader, session.id) if not undrawable_on(one)]
        if not waiting:
            return ""
        return render_part(
            "nominations/certificates/_issue.html", run=session, course=session.course, count=len(waiting),
            form=IssueForm(formdata=None),
        )  # fmt: skip


def stuck_on_session(reader: Actor, session_ref: str) -> str:
    """For the centre: whose certificate cannot be drawn, because of which letters."""
    with reading() as tx:
        session = readable_session(tx, reader, session_ref)
        found = stuck_in(tx, reader, session.id) if session is not None and _decides(reader, session) else []
        return render_part("nominations/certificates/_stuck.html", found=found) if found else ""


def _decides(reader: Actor, session: CourseSession) -> bool:
    return allowed(reader, Permission.NOMINATION_DECIDE, now()) and allowed(
        reader, Permission.COURSE_AMEND, now(), session
    )


def actions_on_nomination(reader: Actor, ref: str) -> str:
    """Fetch the certificate; for the centre, issue it."""
    with reading() as tx:
        one = find_nomination(tx, reader, ref)
        if one is None:
            return ""
        may_issue = may_get_one(one) and allowed(reader, Permission.NOMINATION_DECIDE, now(), one)
        may_issue = may_issue and not undrawable_on(one)
        return render_part(
            "nominations/certificates/_actions.html", one=one, may_issue=may_issue, form=IssueForm(formdata=None),
            may_fetch=is_valid(one) and one.forgotten_at is None,
        )  # fmt: skip


def certificate_on_nomination(reader: Actor, ref: str) -> str:
    """The code that was given, whether it is good, and where that can be checked."""
    with reading() as tx:
        one = find_nomination(tx, reader, ref)
        if one is not None and may_get_one(one) and (letters := undrawable_on(one)):
            return render_part("nominations/certificates/_stuck.html", found=[(one, letters)])
        if one is None or not one.certificate_code:
            return ""
        return render_part(
            "nominations/certificates/_on_nomination.html", one=one, is_valid=is_valid(one),
            address=f"{site().settings.public_url}/certificates/{one.certificate_code}",
        )  # fmt: skip
