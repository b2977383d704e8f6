"""Pledges on their way, for programs: moved on, delivered, and the deliveries confirmed by the other side."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field as Said

from app.api.answers import Answer
from app.api.bodies import filled
from app.api.needs import NO_TOKEN
from app.api.operations import seen_version, writes
from app.api.pledges import ONE, PledgeGiven, answer, here, own
from app.api.shapes import Sent, taken_by
from app.foundation.db import Tx
from app.foundation.permissions import Permission
from app.foundation.web import actor, found, now
from app.pledges import deliveries, service
from app.pledges.forms import ConfirmForm, DeliveryForm
from app.pledges.models import Contribution, Pledge
from app.pledges.queries import find_contribution

Delivery = taken_by("DeliveryRecorded", DeliveryForm)
Confirmed = taken_by("DeliveryConfirmed", ConfirmForm)


class Move(Sent):
    """Where the donor moves a pledge: pledged (from an interest), committed, delivering."""

    to: Annotated[str, Said(max_length=30)]


@writes("POST", "/pledges/<ref>/move", Permission.PLEDGE_CHANGE, ONE, PledgeGiven, "Move a pledge on", takes=Move)
def move_pledge(tx: Tx, body: Any, ref: str) -> Answer:
    """The donor moves the pledge one step on."""
    one = own(tx, ref, Permission.PLEDGE_CHANGE)
    seen_version(one)
    service.move_pledge(tx, actor(), one, body.to, now())
    return answer(tx, one)


@writes(
    "POST", "/pledges/<ref>/deliveries", Permission.DESK_READ, ONE, PledgeGiven, "Record a delivery", takes=Delivery
)
def record_delivery(tx: Tx, body: Any, ref: str) -> Answer:
    """Either side records what arrived of a line; the other side is asked to confirm it."""
    one = _of_a_side(tx, ref)
    names = {line.id: str(number) for number, line in enumerate(one.lines, 1)}
    form = filled(lambda typed: DeliveryForm(pledge=one, names=names, formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    deliveries.record_contribution(tx, actor(), one, form.draft(), now())
    return answer(tx, one)


@writes(
    "POST", "/pledges/<ref>/deliveries/<part_ref>/confirm", Permission.DESK_READ, ONE, PledgeGiven,
    "Confirm a delivery", takes=Confirmed,
)  # fmt: skip
def confirm_delivery(tx: Tx, body: Any, ref: str, part_ref: str) -> Answer:
    """The other side says how much arrived: the same, or another figure."""
    one = _of_a_side(tx, ref)
    part = _part(tx, one, part_ref)
    form = filled(lambda typed: ConfirmForm(formdata=typed, meta=NO_TOKEN), body)
    seen_version(one)
    deliveries.confirm_contribution(tx, actor(), one, part, now(), form.much.data)
    return answer(tx, one)


@writes(
    "POST", "/pledges/<ref>/deliveries/<part_ref>/agree", Permission.DESK_READ, ONE, PledgeGiven,
    "Agree to the other side’s figure",
)  # fmt: skip
def agree_on_delivery(tx: Tx, ref: str, part_ref: str) -> Answer:
    """A side takes over the other side's figure of a delivery on which the two differ."""
    one = _of_a_side(tx, ref)
    part = _part(tx, one, part_ref)
    seen_version(one)
    deliveries.agree_on_contribution(tx, actor(), one, part, now())
    return answer(tx, one)


def _of_a_side(tx: Tx, ref: str) -> Pledge:
    """The pledge of this address, for somebody who speaks for one of its sides."""
    pledge = here(tx, ref)
    deliveries.sides_of(actor(), pledge, now())
    return pledge


def _part(tx: Tx, pledge: Pledge, ref: str) -> Contribution:
    part: Contribution = found(find_contribution(tx, pledge, ref))
    return part
