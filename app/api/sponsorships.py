"""Sponsored seats for programs: who pays for which seats of a session, offering to, and answering or withdrawing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field as Said
from sqlalchemy import Select

from app.api.answers import Answer, absolute, record
from app.api.bodies import filled
from app.api.lists import list_of
from app.api.needs import NO_TOKEN
from app.api.operations import reads, seen_version, writes
from app.api.parts import Whose, page_of, whose
from app.api.shapes import Given, shown_as, taken_by
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Permission, Refused, require
from app.foundation.web import actor, found, now
from app.nominations.exchange.queries import lines_for_session
from app.nominations.shared import session_here
from app.nominations.sponsors import queries, service
from app.nominations.sponsors.forms import DeclineForm, SponsorForm, WithdrawForm
from app.nominations.sponsors.models import SeatSponsorship
from app.pledges.queries import pledges_by_ids

LIST = surface("sponsorship.api_list", "api", "sponsorship", "course", "need", "pledge")
ONE = surface("sponsorship.api", "api", "sponsorship", "course", "need", "pledge")
HERE = "/courses/<ref>/sessions/<session_ref>/sponsorships"
PLEDGES = ("donor", "regional", "centre", "state")
LINES = 50


class SponsorshipGiven(Given):
    """Seats of a session that an organisation pays for, or offers to. It is for all once the centre has accepted it."""

    ref: str
    url: str
    version: int = Said(description="Moves with every change; part of the ETag.")
    status: str = Said(description="offered, accepted, declined or withdrawn")
    status_reason: str | None = Said(default=None, description="Why it was declined or withdrawn; with a token.")
    organisation: Whose = Said(description="Who pays.")
    centre: Whose
    course_ref: str
    session_ref: str
    seats: int
    countries: list[str] = Said(description="For people of these States; empty where it is for a line of a need.")
    need_ref: str | None = None
    need_line: str | None = None
    pays: list[str] = Said(description="What is paid for.")
    note: str | None = Said(default=None, description="What the centre has to know; with a token.")
    pledge_ref: str | None = Said(default=None, description="The pledge on the line that it is, where you may see it.")
    answered_at: datetime | None
    created_at: datetime
    changed_at: datetime


Sponsorships = page_of("Sponsorships", SponsorshipGiven)
Offer = taken_by("SeatsOffered", SponsorForm)
Decline = taken_by("SeatsDeclined", DeclineForm)
Withdraw = taken_by("SeatsWithdrawn", WithdrawForm)


@reads(HERE, Permission.PUBLIC_READ, LIST, Sponsorships, "Sponsored seats of a session", is_list=True)
def session_sponsorships(tx: Tx, ref: str, session_ref: str) -> Answer:
    """The offers for a session that still stand and that the reader may see."""
    return _list(tx, queries.standing_on(actor(), session_here(tx, ref, session_ref)))


@reads("/sponsorships", Permission.DESK_READ, LIST, Sponsorships, "Seats that you sponsor or teach", is_list=True)
def sponsorships(tx: Tx) -> Answer:
    """What one's organisations have offered to pay for, and for a centre what was offered to it."""
    return _list(tx, queries.of_sides(actor()))


@reads("/sponsorships/<ref>", Permission.DESK_READ, ONE, SponsorshipGiven, "One offer to sponsor seats")
def sponsorship(tx: Tx, ref: str) -> Answer:
    """One offer to pay for seats."""
    return _answer(tx, _here(tx, ref))


@writes(
    "POST", HERE, Permission.PLEDGE_MAKE, ONE, SponsorshipGiven, "Offer to sponsor seats", takes=Offer, status=201,
    version="no",
)  # fmt: skip
def sponsor_seats(tx: Tx, body: Any, ref: str, session_ref: str) -> Answer:
    """Offer to pay for seats: for people of some States, or for a line of a need, on which it is a pledge besides."""
    session = session_here(tx, ref, session_ref)
    places = actor().of_kind(*PLEDGES)
    if not places:
        raise Refused(Permission.PLEDGE_MAKE.value)
    lines = {one.line.ref: one.line for one in lines_for_session(tx, actor(), session, now(), LINES)}
    owners = [(m.organisation_ref, m.organisation_name) for m in places]
    reach, choices = queries.room_of(tx, actor(), session).reach, [(one, one) for one in lines]
    form = filled(lambda typed: SponsorForm(owners, choices, reach, formdata=typed, meta=NO_TOKEN), body)
    owner = next(m for m in places if m.organisation_ref == form.organisation.data)
    draft = form.draft(lines.get(form.line.data or ""))
    return _answer(tx, service.offer_seats(tx, actor(), owner.organisation_id, session, draft, now()), 201)


@writes(
    "POST", "/sponsorships/<ref>/accept", Permission.NOMINATION_DECIDE, ONE, SponsorshipGiven, "Accept sponsored seats"
)
def accept_seats(tx: Tx, ref: str) -> Answer:
    """The centre takes the offer: everybody who may see the session reads who pays."""
    one = _own(tx, ref, Permission.NOMINATION_DECIDE)
    seen_version(one)
    service.accept(tx, actor(), one, now())
    return _answer(tx, one)


@writes(
    "POST", "/sponsorships/<ref>/decline", Permission.NOMINATION_DECIDE, ONE, SponsorshipGiven,
    "Decline sponsored seats", takes=Decline,
)  # fmt: skip
def decline_seats(tx: Tx, body: Any, ref: str) -> Answer:
    """The centre does not take the offer, with a reason that the sponsor reads."""
    one = _own(tx, ref, Permission.NOMINATION_DECIDE)
    form = filled(lambda typed: DeclineForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    service.decline(tx, actor(), one, form.reason.data or "", now())
    return _answer(tx, one)


@writes(
    "POST", "/sponsorships/<ref>/withdraw", Permission.PLEDGE_CHANGE, ONE, SponsorshipGiven,
    "Withdraw sponsored seats", takes=Withdraw,
)  # fmt: skip
def withdraw_seats(tx: Tx, body: Any, ref: str) -> Answer:
    """The sponsor takes the offer back, with a reason that the centre reads."""
    one = _own(tx, ref, Permission.PLEDGE_CHANGE)
    form = filled(lambda typed: WithdrawForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    service.withdraw(tx, actor(), one, form.reason.data or "", now())
    return _answer(tx, one)


def _here(tx: Tx, ref: str) -> SeatSponsorship:
    one: SeatSponsorship = found(queries.find_sponsorship(tx, actor(), ref))
    return one


def _own(tx: Tx, ref: str, permission: Permission) -> SeatSponsorship:
    one = _here(tx, ref)
    require(actor(), permission, now(), one)
    return one


def _list(tx: Tx, query: Select[SeatSponsorship]) -> Answer:
    return list_of(tx, "sponsorships", query.options(*queries.OPTIONS), SeatSponsorship, lambda one: shown(tx, one))


def _answer(tx: Tx, one: SeatSponsorship, status: int = 200) -> Answer:
    tx.flush()
    location = absolute("api.sponsorship", ref=one.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(tx, one), one.version, status, location)


def shown(tx: Tx, one: SeatSponsorship) -> dict[str, Any]:
    """An offer as this reader may see it; what it says to the centre is for people who have signed in."""
    names = ("ref", "version", "status", "seats", "countries", "pays", "answered_at", "created_at", "changed_at")
    values = {name: getattr(one, name) for name in names} | {
        "url": absolute("sponsors.page", ref=one.ref), "organisation": whose(one.organisation),
        "centre": whose(one.course.organisation), "course_ref": one.course.ref, "session_ref": one.session.ref,
    }  # fmt: skip
    if one.need_line is not None:
        values |= {"need_ref": one.need_line.need.ref, "need_line": one.need_line.ref}
    if actor().is_signed_in:
        values |= {"note": one.note, "status_reason": one.status_reason}
    if one.pledge_id is not None and (pledge := pledges_by_ids(tx, actor(), [one.pledge_id]).get(one.pledge_id)):
        values["pledge_ref"] = pledge.ref
    return shown_as(SponsorshipGiven, values)
