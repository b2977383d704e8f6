"""Candidates for programs: one's own nominations, putting somebody forward, deciding on it and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field as Said
from pydantic import create_model

from app.api.answers import Answer, absolute, in_words, missing, record
from app.api.bodies import filled
from app.api.lists import list_of
from app.api.needs import NO_TOKEN
from app.api.operations import Parameter, reads, seen_version, writes
from app.api.parts import Whose, page_of, whose
from app.api.rules import LARGEST_PAGE
from app.api.shapes import Given, Sent, given_of, many, shown_as, taken_by
from app.courses.models import CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.messages import msg
from app.foundation.permissions import Permission, require
from app.foundation.web import actor, found, now, request
from app.nominations import queries, service
from app.nominations.forms import NominationForm, RejectForm, WithdrawForm
from app.nominations.models import Nomination

LIST = surface("nomination.api_list", "api", "nomination", "course")
ONE = surface("nomination.api", "api", "nomination", "course")
COLUMNS = (
    "ref", "version", "status", "status_reason", "rank", "motivation", "name", "email", "post", "unit", "sex",
    "language", "phone", "waiting_since", "answer_by", "confirmed_at", "mark", "changed_at",
)  # fmt: skip
HERE = "/courses/<ref>/sessions/<session_ref>/nominations"
NominationGiven = given_of(
    "Nomination", Nomination, COLUMNS, url=(str, ...), course_ref=(str, ...), session_ref=(str, ...),
    organisation=(Whose, ...), centre=(Whose, ...), decided_by=(str, Said(description="By which rule, in words.")),
    created_at=(datetime, ...),
)  # fmt: skip
Nominations = page_of("Nominations", NominationGiven)
NominationTaken = taken_by("NominationMade", NominationForm)
Reject = taken_by("NominationRejected", RejectForm)
Withdraw = taken_by("NominationWithdrawn", WithdrawForm)
STATE = Parameter("state", "Where they stand.", lambda: list(queries.STATES))
TICK = msg("Name the candidates whom you accept, by the references of their nominations.")


class Accept(Sent):
    """The candidates who are accepted together, by the references of their nominations."""

    nominations: Annotated[list[Annotated[str, Said(max_length=20)]], Said(min_length=1, max_length=LARGEST_PAGE)]


Accepted = create_model(
    "Accepted", __base__=Given, __doc__="The nominations that were decided on.", items=(many(NominationGiven), ...)
)


@reads("/nominations", Permission.DESK_READ, LIST, Nominations, "Your nominations", query=(STATE,), is_list=True)
def nominations(tx: Tx) -> Answer:
    """Whom one's organisations have put forward, and for a centre whoever was put forward to it."""
    query = queries.wanted_nominations(actor(), request.args.getlist("state"))
    return list_of(tx, "nominations", query, Nomination, shown)


@reads("/nominations/<ref>", Permission.DESK_READ, ONE, NominationGiven, "One nomination")
def nomination(tx: Tx, ref: str) -> Answer:
    """One candidate, for both sides alone."""
    return _answer(tx, _here(tx, ref))


@writes(
    "POST", HERE, Permission.NOMINATION_MAKE, ONE, NominationGiven, "Put a candidate forward", takes=NominationTaken,
    status=201, version="no",
)  # fmt: skip
def nominate(tx: Tx, body: Any, ref: str, session_ref: str) -> Answer:
    """Put somebody forward for a session."""
    session: CourseSession = found(queries.find_session(tx, actor(), ref, session_ref))
    owners = [m for m in actor().of_kind("state", "regional") if m.role == "focal_point"]
    lines = {line.ref: line for line in queries.lines_to_serve(tx, actor(), [m.organisation_id for m in owners])}
    places = [(m.organisation_ref, m.organisation_name) for m in owners]
    rank = queries.next_rank(tx, actor(), session.id, owners[0].organisation_id)
    opened = {"rank": rank, "line": "", "language": (session.languages or ["en"])[0]}
    choices = [(one, one) for one in lines]
    form = filled(lambda typed: NominationForm(places, choices, data=opened, formdata=typed, meta=NO_TOKEN), body)
    owner = next(m for m in owners if m.organisation_ref == form.organisation.data)
    draft = form.draft(lines.get(form.line.data or ""))
    return _answer(tx, service.nominate(tx, actor(), owner.organisation_id, session, draft, now()), 201)


@writes(
    "POST", f"{HERE}/accept", Permission.NOMINATION_DECIDE, LIST, Accepted, "Accept candidates", takes=Accept,
    version="no",
)  # fmt: skip
def accept_nominations(tx: Tx, body: Any, ref: str, session_ref: str) -> Answer:
    """The centre accepts: each gets a seat or a place on the waiting list, by the published rule."""
    session: CourseSession = found(queries.find_session(tx, actor(), ref, session_ref))
    require(actor(), Permission.COURSE_AMEND, now(), session)
    wanted = set(body.nominations)
    chosen = {one.id for one in queries.nominations_in(tx, actor(), session.id) if one.ref in wanted}
    if len(chosen) != len(wanted):
        raise missing("/nominations", in_words(TICK))
    decided = service.accept(tx, actor(), chosen, session, now())
    tx.flush()
    return Answer({"items": [shown(one) for one in decided]})


@writes(
    "POST", "/nominations/<ref>/reject", Permission.NOMINATION_DECIDE, ONE, NominationGiven, "Turn a candidate down",
    takes=Reject,
)  # fmt: skip
def reject_nomination(tx: Tx, body: Any, ref: str) -> Answer:
    """The centre turns a candidate down, with a reason."""
    one = _here(tx, ref)
    require(actor(), Permission.NOMINATION_DECIDE, now(), one)
    form = filled(lambda typed: RejectForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    service.reject(tx, actor(), one, form.reason.data or "", now())
    return _answer(tx, one)


@writes(
    "POST", "/nominations/<ref>/withdraw", Permission.NOMINATION_CHANGE, ONE, NominationGiven,
    "Take a candidate back", takes=Withdraw,
)  # fmt: skip
def withdraw_nomination(tx: Tx, body: Any, ref: str) -> Answer:
    """Whoever nominated takes the candidate back."""
    one = _here(tx, ref)
    require(actor(), Permission.NOMINATION_CHANGE, now(), one)
    form = filled(lambda typed: WithdrawForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    service.withdraw(tx, actor(), one, form.reason.data or "", now())
    return _answer(tx, one)


def _here(tx: Tx, ref: str) -> Nomination:
    nomination: Nomination = found(queries.find_nomination(tx, actor(), ref))
    return nomination


def _answer(tx: Tx, nomination: Nomination, status: int = 200) -> Answer:
    tx.flush()
    location = absolute("api.nomination", ref=nomination.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(nomination), nomination.version, status, location)


def shown(nomination: Nomination) -> dict[str, Any]:
    """A nomination as both its sides see it."""
    values: dict[str, Any] = {name: getattr(nomination, name) for name in (*COLUMNS, "created_at")}
    values["mark"] = None if nomination.mark is None else str(nomination.mark)
    values |= {
        "url": absolute("nominations.page", ref=nomination.ref),
        "course_ref": nomination.course.ref,
        "session_ref": nomination.session.ref,
        "organisation": whose(nomination.organisation),
        "centre": whose(nomination.centre),
        "decided_by": in_words(nomination.decided_by) if nomination.decided_by else "",
    }
    return shown_as(NominationGiven, values)
