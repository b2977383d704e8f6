"""What facts about pledges mean for the donor and for the recipient."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import selectinload

from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import SYSTEM
from app.needs.models import Need
from app.notifications.rules import Part, cause_of
from app.notifications.telling import Telling
from app.pledges.models import Pledge, PledgeLine
from app.pledges.queries import is_confirmed
from app.pledges.rules import STATUS_NAMES


def pledge_made(telling: Telling, fact: Any) -> None:
    """The recipient is asked to answer."""
    message = msg("A pledge was made for your need “%(need)s”. Please answer it", need=_need_title(telling, fact))
    _tell_recipient(telling, fact, "pledge_made", message)


def pledge_accepted(telling: Telling, fact: Any) -> None:
    """The donor learns that the pledge counts from now on."""
    _tell_donor(
        telling, fact, "pledge_accepted", msg("Your pledge %(pledge)s was accepted", pledge=_ref(telling, fact))
    )


def pledge_declined(telling: Telling, fact: Any) -> None:
    """The donor learns that the pledge was declined."""
    _tell_donor(
        telling, fact, "pledge_declined", msg("Your pledge %(pledge)s was declined", pledge=_ref(telling, fact))
    )


def pledge_withdrawn(telling: Telling, fact: Any) -> None:
    """The recipient learns that the gap is open again, and so does every donor who was turned away for it."""
    message = msg(
        "A pledge for your need “%(need)s” was withdrawn or has lapsed: what it covered is open again",
        need=_need_title(telling, fact),
    )
    _tell_recipient(telling, fact, "pledge_withdrawn", message)
    _tell_turned_away(telling, fact)


def _tell_turned_away(telling: Telling, fact: Any) -> None:
    # Each of them reads of the own offer alone: neither who has withdrawn nor what it was.
    ended = _pledge(telling, fact)
    query = readable(SYSTEM, Pledge).where(
        Pledge.need_id == fact.need_id, Pledge.status == "declined", Pledge.decline_cause == "covered"
    )
    for pledge in telling.tx.scalars(query.order_by(Pledge.id)):
        if ended is None or ended.accepted_at is None or pledge.organisation_id == ended.organisation_id:
            continue
        message = msg(
            "What you had offered for the need %(ref)s may be open again. Look, and pledge anew", ref=pledge.need_ref
        )
        cause = _of_pledge("gap_reopened", pledge, ("ended", ended.ref))
        telling.tell(telling.people_of(pledge.organisation_id), cause, message, pledge)


def pledge_changed(telling: Telling, fact: Any) -> None:
    """The recipient learns how far a pledge is; whoever has not confirmed a delivery is asked to."""
    pledge = _pledge(telling, fact)
    if pledge is None:
        return
    if pledge.status not in {"interest", "pledged"}:
        state = STATUS_NAMES[pledge.status][0]
        message = msg(
            "A pledge for your need “%(need)s” is now: %(state)s", need=_need_title(telling, fact), state=state
        )
        cause = _of_pledge("pledge_moved", pledge, ("status", pledge.status))
        telling.tell(telling.people_of(pledge.need_organisation_id), cause, message, pledge, by_mail=False)
    for line in pledge.lines:
        for part in line.contributions:
            _ask_to_confirm(telling, pledge, part)


def _ask_to_confirm(telling: Telling, pledge: Pledge, part: Any) -> None:
    sides = (
        (part.donor_confirmed_at, pledge.organisation_id),
        (part.recipient_confirmed_at, pledge.need_organisation_id),
    )
    message = msg("A delivery for the need %(ref)s waits for your confirmation", ref=pledge.need_ref)
    cause = _of_pledge("delivery_waits", pledge, ("contribution", part.ref))
    for confirmed_at, organisation_id in sides:
        if confirmed_at is None:
            telling.tell(telling.people_of(organisation_id), cause, message, pledge)


def contribution_confirmed(telling: Telling, fact: Any) -> None:
    """Both sides learn that a delivery counts."""
    pledge = _pledge(telling, fact)
    parts = [part for line in pledge.lines for part in line.contributions if is_confirmed(part)] if pledge else []
    for part in parts:
        what, message = (
            "delivery_confirmed",
            msg("A delivery for the need %(ref)s was confirmed by both sides", ref=pledge.need_ref),
        )
        if part.is_disputed:
            what, message = (
                "delivery_disputed",
                msg("You and the other side differ on a delivery for the need %(ref)s", ref=pledge.need_ref),
            )
        cause = _of_pledge(what, pledge, ("contribution", part.ref))
        people = telling.people_of(pledge.organisation_id, pledge.need_organisation_id)
        telling.tell(people, cause, message, pledge, by_mail=False)


def _pledge(telling: Telling, fact: Any) -> Any:
    query = readable(SYSTEM, Pledge).where(Pledge.id == fact.pledge_id)
    return telling.tx.scalar(query.options(selectinload(Pledge.lines).selectinload(PledgeLine.contributions)))


def _of_pledge(what: str, pledge: Pledge, *further: Part) -> str:
    return cause_of(what, ("pledge", pledge.ref), *further)


def _ref(telling: Telling, fact: Any) -> str:
    pledge = _pledge(telling, fact)
    return pledge.ref if pledge else ""


def _need_title(telling: Telling, fact: Any) -> str:
    need = telling.tx.scalar(readable(SYSTEM, Need).where(Need.id == fact.need_id))
    return need.title if need else ""


def _tell_recipient(telling: Telling, fact: Any, what: str, message: Message) -> None:
    pledge = _pledge(telling, fact)
    if pledge is not None:
        telling.tell(telling.people_of(pledge.need_organisation_id), _of_pledge(what, pledge), message, pledge)


def _tell_donor(telling: Telling, fact: Any, what: str, message: Message) -> None:
    pledge = _pledge(telling, fact)
    if pledge is not None:
        telling.tell(telling.people_of(pledge.organisation_id), _of_pledge(what, pledge), message, pledge)
