"""Needs in a workbook: one row for each, with its lines in columns behind; indicators and files stay as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.exchange.workbooks.kinds.asking import asked_about
from app.exchange.workbooks.kinds.kind import Place, Refusal
from app.exchange.workbooks.rules import GONE
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Membership, Permission, allowed
from app.needs import rules
from app.needs.forms import NeedForm
from app.needs.models import Need
from app.needs.queries import needs_of
from app.needs.service import LineInUse, Widened, amend_need, post_need
from app.organisations.queries import verified_names

IN_USE = msg("A line that somebody has pledged against cannot be left out. Put it back.")
WIDER = msg("More people would see it than was agreed to. Withdraw this need and post it anew to show it wider.")


class Needs:
    """The needs that one's own organisation asks for."""

    name = "needs"
    title: Message = msg("Needs")
    lead: Message = msg("What your organisation asks for: one row for each need, with its lines behind.")
    names: Sequence[str] = (
        "language", "title", "summary", "themes", "countries", "place", "problem", "causes", "effects",
        "beneficiary_unit", "beneficiaries", "beneficiaries_women", "beneficiaries_men", "capacity", "baseline",
        "budget_amount", "currency", "starts_on", "ends_on", "offers_due_on", "delivery_languages", "objectives",
        "past_help", "requested_elsewhere", "national_plan", "own_contribution", "sustainability", "absorption",
        "purpose_code", "contact", "disclosure", "restricted_fields",
    )  # fmt: skip
    parts: Mapping[str, tuple[Message, Sequence[str], int]] = {
        "lines": (
            msg("Line %(number)s"),
            ("kind", "quantity", "unit", "description", "is_essential", "beneficiary_unit", "starts_on", "ends_on",
             "cost_amount", "currency"),
            3,
        ),
    }  # fmt: skip

    def owners(self, actor: Actor) -> list[Membership]:
        """Those that ask, and for which this person may post."""
        return [one for one in actor.of_kind(*rules.CAN_ASK) if one.may_draft]

    def records(self, tx: Tx, place: Place) -> list[Need]:
        """The needs that have not ended and do not wait to be passed."""
        found = needs_of(tx, place.actor, place.owner.organisation_id)
        shut = rules.ENDED | rules.WAITING
        return [
            need for need in found
            if need.status not in shut and allowed(place.actor, Permission.NEED_AMEND, place.now, need)
        ]  # fmt: skip

    def title_of(self, record: Need) -> str:
        """Its title in the language in which it was written."""
        return record.title

    def prepared(self, _tx: Tx, _place: Place) -> list[Mapping[str, str]]:
        """None."""
        return []

    def form(self, tx: Tx, place: Place, record: Need | None, sent: Any = None) -> NeedForm:
        """The form by which a need is posted or amended."""
        return NeedForm(
            [place.owner],
            today=place.now.date(),
            need=record,
            named=audience_of(tx, record) if record else (),
            organisations=place.once("organisations", lambda: verified_names(tx)),
            formdata=sent,
            meta={"csrf": False},
        )

    def problems(
        self, place: Place, rows: Sequence[tuple[Need | None, NeedForm]]
    ) -> Sequence[Sequence[tuple[str, str]]]:
        """What seems to be there already has to be answered for in the form."""
        return asked_about("need", place, rows)

    def save(self, tx: Tx, place: Place, record: Need | None, form: NeedForm) -> Need:
        """Post it, or amend it.

        Raises:
            Refusal: the service does not take it.
        """
        if record is None:
            return post_need(tx, place.actor, place.owner.organisation_id, form.draft(), place.now)
        try:
            return amend_need(tx, place.actor, record, form.draft(), record.version, place.now)
        except LineInUse as error:
            raise Refusal(IN_USE) from error
        except Widened as error:
            raise Refusal(WIDER, "disclosure") from error
        except rules.MoveRefused as error:
            raise Refusal(GONE) from error
