"""Sponsored seats on other pages: on the session, on the page of a country, and on the centre's desk."""

from __future__ import annotations

from app.courses.rules import day_there
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor, Permission, allowed
from app.foundation.web import now, reading, render_part
from app.nominations.queries import readable_session
from app.nominations.rules import MoveRefused, check_to_come
from app.nominations.seats import window_of
from app.nominations.sponsors import queries, rules

surface("session.sponsors.panel", "panel", "sponsorship", "course", "need")
surface("country.sponsors.panel", "panel", "sponsorship", "course", "need")
surface("sponsorship.desk.panel", "panel", "sponsorship", "course")


def sponsors_on_session(reader: Actor, session_ref: str) -> str:
    """Who pays for which seats of a session; and how to, for those who may."""
    with reading() as tx:
        session = readable_session(tx, reader, session_ref)
        if session is None:
            return ""
        found = queries.sponsorships_of(tx, reader, session)
        try:
            check_to_come(window_of(session), day_there(now(), session.time_zone))
            is_own = allowed(reader, Permission.COURSE_AMEND, now(), session)
            may_offer = allowed(reader, Permission.PLEDGE_MAKE, now()) and not is_own
        except MoveRefused:
            may_offer = False
        if not found and not may_offer:
            return ""
        return render_part(
            "sponsors/_on_session.html", run=session, course=session.course, found=found, may_offer=may_offer,
            rules=rules,
        )  # fmt: skip


def seats_for_country(reader: Actor, iso2: str) -> str:
    """Seats to come that somebody pays for people of this country."""
    with reading() as tx:
        found = queries.sponsored_for(tx, reader, iso2, now().date())
        return render_part("sponsors/_on_country.html", found=found, rules=rules) if found else ""


def desk_sponsorships(reader: Actor, _ref: str) -> str:
    """Offers to pay for seats that wait for this person's centre."""
    with reading() as tx:
        waiting = queries.to_answer(tx, reader)
        return render_part("sponsors/_on_desk.html", waiting=waiting, rules=rules) if waiting else ""
