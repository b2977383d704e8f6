"""Pledges for programs: read, made, answered, moved on and delivered, as on their pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import Field as Said
from pydantic import create_model

from app.api.answers import Answer, absolute, record
from app.api.bodies import faults_of, filled, pointer
from app.api.guarding import Answers, given_answers
from app.api.lists import list_of
from app.api.needs import NO_TOKEN
from app.api.operations import Parameter, reads, seen_version, writes
from app.api.parts import Whose, page_of, whose
from app.api.rules import Fault, Problem
from app.api.shapes import Amount, Given, Sent, shown_as, taken_by
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.files import keep_files
from app.foundation.permissions import Permission, require
from app.foundation.web import actor, current_language, found, now, request, site
from app.foundation.wording.versions import plain
from app.matching.advice.keeping import keep_answers as keep_advice
from app.needs.models import Need
from app.needs.queries import find_need
from app.pledges import making, service
from app.pledges.beside import are_sound, beside, keep_answers
from app.pledges.forms import AcceptForm, DeclineForm, PledgeForm, ReasonForm, giving_for
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.pledges.portfolio.queries import of_side, sides_of
from app.pledges.queries import find_pledge, programmes_of, wanted_on
from app.pledges.showing import PledgeSeen, pledge_seen

LIST = surface("pledge.api_list", "api", "pledge", "need")
ONE = surface("pledge.api", "api", "pledge", "need")
SIDES = ("given", "received", "all")


class DeliveryGiven(Given):
    """What arrived, or was sent, of one line: it counts once both sides have confirmed it."""

    ref: str
    delivered_on: date
    quantity: Amount | None
    amount: Amount | None
    currency: str
    note: str
    donor_says: Amount | None
    recipient_says: Amount | None
    donor_confirmed_at: datetime | None
    recipient_confirmed_at: datetime | None


class PledgeLineGiven(Given):
    """What is promised for one line of the need; without figures where these are kept between both sides."""

    number: int = Said(description="By which a delivery names the line: 1 is the first.")
    need_line: str | None = Said(default=None, description="Reference of the line, where you may see the need.")
    quantity: Amount | None = None
    amount: Amount | None = None
    currency: str = ""
    deliveries: list[DeliveryGiven] = Said(default=[])


class TrancheGiven(Given):
    """A planned disbursement."""

    due_on: date
    amount: Amount
    currency: str


class PledgeGiven(Given):
    """A promise against the lines of a need. Who gives, and how much, is absent where it is kept between both sides."""

    ref: str
    url: str
    version: int
    status: str
    status_reason: str
    organisation: Whose | None = None
    need_ref: str | None = None
    programme_ref: str | None = None
    is_whole: bool
    conditions: str
    source_of_funds: str
    declared_relation: str
    implementing_partner: str = ""
    authorised_by: str = ""
    further_approval: str = ""
    lines: list[PledgeLineGiven]
    tranches: list[TrancheGiven] = Said(default=[])
    posted_at: datetime | None
    accepted_at: datetime | None
    expires_on: date | None
    changed_at: datetime


Pledges = page_of("Pledges", PledgeGiven)
PledgeTaken = taken_by("PledgeMade", PledgeForm, **Answers)
PledgeInForm = create_model(
    "PledgeWithFiles", __base__=Sent, __doc__="A form with a pledge and its evidence.",
    pledge=(PledgeTaken, Said(description="The pledge as JSON; sent as multipart/form-data.")),
    files=(
        list[bytes],
        Said(default=[], description="Its files, each in a part of this name: the kinds and the size of FileSent."),
    ),
)  # fmt: skip
Accept = taken_by("PledgeAccepted", AcceptForm)
Decline = taken_by("PledgeDeclined", DeclineForm)
Withdraw = taken_by("PledgeWithdrawn", ReasonForm)
SIDE = Parameter("side", "Whose: those that you give, those that you receive, or all.", lambda: SIDES, many=False)


@reads("/pledges", Permission.DESK_READ, LIST, Pledges, "Pledges of your organisations", query=(SIDE,), is_list=True)
def pledges(tx: Tx) -> Answer:
    """The pledges that one's organisations give or receive, as on the page of the portfolio."""
    sides = sides_of(actor())
    side = request.args.get("side", "")
    query = of_side(actor(), side if side in sides else sides[0])
    return list_of(tx, "pledges", query, Pledge, lambda pledge: shown(tx, pledge))


@reads("/needs/<ref>/pledges", Permission.PUBLIC_READ, LIST, Pledges, "Pledges for a need", is_list=True)
def pledges_for_need(tx: Tx, ref: str) -> Answer:
    """The pledges for a need, as far as the reader may see them."""
    need = found(find_need(tx, actor(), ref))
    return list_of(tx, "pledges", wanted_on(actor(), need), Pledge, lambda pledge: shown(tx, pledge))


@reads("/pledges/<ref>", Permission.PUBLIC_READ, ONE, PledgeGiven, "One pledge")
def pledge(tx: Tx, ref: str) -> Answer:
    """One pledge, as far as the reader may see it."""
    return answer(tx, here(tx, ref))


@writes(
    "POST", "/needs/<need_ref>/pledges", Permission.PLEDGE_MAKE, ONE, PledgeGiven, "Pledge for a need",
    takes=PledgeTaken, status=201, version="no", in_form=PledgeInForm,
)  # fmt: skip
def make_pledge(tx: Tx, body: Any, need_ref: str) -> Answer:
    """Pledge for lines of a need, or state an interest; with the files that are its evidence."""
    need: Need = found(find_need(tx, actor(), need_ref))
    form = filled(lambda typed: _form(tx, need, typed), body.record, body.files)
    said = given_answers(body.record)
    asked = beside(tx, actor(), need, said)
    if not are_sound(asked):
        raise Problem("not-sound", faults=list(_unanswered(asked)))
    made = making.make_pledge(tx, actor(), form.organisation_id, need, form.draft(), now())
    keep_files(tx, made, actor().account_id, form.chosen_files, site().files, now())
    keep_answers(tx, actor(), made, asked, now())
    keep_advice(said)(tx, made)
    return answer(tx, made, 201)


@writes("POST", "/pledges/<ref>/accept", Permission.PLEDGE_ANSWER, ONE, PledgeGiven, "Accept a pledge", takes=Accept)
def accept_pledge(tx: Tx, body: Any, ref: str) -> Answer:
    """The recipient accepts; a reason is asked for only where it takes more than it asked for."""
    one = own(tx, ref, Permission.PLEDGE_ANSWER)
    form = filled(lambda typed: AcceptForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    service.accept_pledge(tx, actor(), one, now(), form.reason.data or "")
    return answer(tx, one)


@writes("POST", "/pledges/<ref>/decline", Permission.PLEDGE_ANSWER, ONE, PledgeGiven, "Decline a pledge", takes=Decline)
def decline_pledge(tx: Tx, body: Any, ref: str) -> Answer:
    """The recipient declines, with the cause and the reason."""
    one = own(tx, ref, Permission.PLEDGE_ANSWER)
    form = filled(lambda typed: DeclineForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    service.decline_pledge(tx, actor(), one, form.reason.data, now(), form.cause.data)
    return answer(tx, one)


@writes(
    "POST", "/pledges/<ref>/withdraw", Permission.PLEDGE_CHANGE, ONE, PledgeGiven, "Withdraw a pledge", takes=Withdraw
)
def withdraw_pledge(tx: Tx, body: Any, ref: str) -> Answer:
    """The donor withdraws, with a reason."""
    one = own(tx, ref, Permission.PLEDGE_CHANGE)
    form = filled(lambda typed: ReasonForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    service.withdraw_pledge(tx, actor(), one, form.reason.data, now())
    return answer(tx, one)


def here(tx: Tx, ref: str) -> Pledge:
    """The pledge of this address, if the reader may see it."""
    pledge: Pledge = found(find_pledge(tx, actor(), ref))
    return pledge


def own(tx: Tx, ref: str, permission: Permission) -> Pledge:
    """The pledge of this address, for somebody who may do this with it."""
    pledge = here(tx, ref)
    require(actor(), permission, now(), pledge)
    return pledge


def answer(tx: Tx, pledge: Pledge, status: int = 200) -> Answer:
    """A pledge as it stands now."""
    tx.flush()
    location = absolute("api.pledge", ref=pledge.ref) if status == 201 else ""  # noqa: PLR2004 - made just now
    return record(shown(tx, pledge), pledge.version, status, location)


def _form(tx: Tx, need: Need, typed: Any) -> PledgeForm:
    places = giving_for(actor())
    opened = {"organisation": places[0].organisation_ref} if places else {}
    programmes = programmes_of(tx, actor(), [place.organisation_id for place in places])
    return PledgeForm(
        reader=actor(), need=need, programmes=programmes, spoken=current_language(), data=opened, formdata=typed,
        meta=NO_TOKEN,
    )  # fmt: skip


def _unanswered(asked: Any) -> Iterator[Fault]:
    for one in asked:
        for fault in faults_of(one.form):
            yield Fault(fault.detail, pointer(["answers", one.form._prefix + fault.pointer[1:]]))  # noqa: SLF001 - the library's name for it


def shown(tx: Tx, pledge: Pledge) -> dict[str, Any]:
    """A pledge as this reader may see it."""
    seen = pledge_seen(tx, actor(), pledge, now().date())
    names = (
        "ref", "version", "status", "status_reason", "is_whole", "conditions", "source_of_funds", "declared_relation",
        "posted_at", "accepted_at", "expires_on", "changed_at",
    )  # fmt: skip
    values: dict[str, Any] = {name: getattr(pledge, name) for name in names}
    values["url"] = absolute("pledges.page", ref=pledge.ref)
    values["lines"] = list(_lines(seen))
    if seen.need is not None:
        values["need_ref"] = seen.need.ref
    if seen.sight.donor:
        values |= {
            name: getattr(pledge, name) for name in ("implementing_partner", "authorised_by", "further_approval")
        }
        values["organisation"] = whose(pledge.organisation)
        values["programme_ref"] = seen.programme.ref if seen.programme else None
    if seen.sight.amount:
        values["tranches"] = [
            {"due_on": one.due_on, "amount": plain(one.amount), "currency": one.currency} for one in pledge.tranches
        ]
    return shown_as(PledgeGiven, values)


def _lines(seen: PledgeSeen) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(seen.rows, 1):
        line = {"number": number} | ({"need_line": row.need_line.ref} if row.need_line else {})
        yield line | (_figures(row.line) if seen.sight.amount else {})


def _figures(line: PledgeLine) -> dict[str, Any]:
    return {
        "quantity": plain(line.quantity), "amount": plain(line.amount), "currency": line.currency,
        "deliveries": [_delivery(part) for part in line.contributions],
    }  # fmt: skip


def _delivery(part: Contribution) -> dict[str, Any]:
    amounts: dict[str, Decimal | None] = {
        "quantity": part.quantity, "amount": part.amount, "donor_says": part.donor_much,
        "recipient_says": part.recipient_much,
    }  # fmt: skip
    names = ("ref", "delivered_on", "currency", "note", "donor_confirmed_at", "recipient_confirmed_at")
    return {name: plain(value) for name, value in amounts.items()} | {name: getattr(part, name) for name in names}
