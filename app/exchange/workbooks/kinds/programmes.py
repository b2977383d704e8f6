"""Programmes in a workbook: one row for each, with what it gives in columns behind; who takes part stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.exchange.workbooks.kinds.asking import asked_about
from app.exchange.workbooks.kinds.kind import Place, Refusal
from app.exchange.workbooks.rules import GONE
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Membership, Permission, allowed
from app.pledges.queries import programmes_of
from app.programmes import queries, rules, service
from app.programmes.forms import NewProgrammeForm, ProgrammeForm, values_of
from app.programmes.models import Programme

KINDS_THAT_POST = ("donor", "regional", "ngo")


class Programmes:
    """The programmes of one's own organisation."""

    name = "programmes"
    title: Message = msg("Programmes")
    lead: Message = msg("What your organisation offers or runs: one row for each programme, with what it gives behind.")
    names: Sequence[str] = (
        "language", "title", "description", "themes", "countries", "groupings", "languages", "status", "accepting",
        "apply_by", "starts_on", "ends_on", "budget_amount", "currency", "conditions", "contact", "website",
        "purpose_code", "aid_type", "finance_type", "flow_type", "iati_identifier", "disclosure", "restricted_fields",
    )  # fmt: skip
    parts: Mapping[str, tuple[Message, Sequence[str], int]] = {
        "offers": (msg("What it gives, %(number)s"), ("kind", "description", "quantity", "unit"), 3)
    }

    def owners(self, actor: Actor) -> list[Membership]:
        """Those that offer, and for which this person may post."""
        return list(actor.of_kind(*KINDS_THAT_POST))

    def records(self, tx: Tx, place: Place) -> list[Programme]:
        """The programmes that go on, or are suspended."""
        found = programmes_of(tx, place.actor, [place.owner.organisation_id])
        return [
            one for one in found
            if one.status in rules.RUNNING | {rules.SUSPENDED}
            and allowed(place.actor, Permission.PROGRAMME_AMEND, place.now, one)
        ]  # fmt: skip

    def title_of(self, record: Programme) -> str:
        """Its title in the language in which it was written."""
        return record.title

    def prepared(self, _tx: Tx, _place: Place) -> list[Mapping[str, str]]:
        """None."""
        return []

    def form(self, tx: Tx, place: Place, record: Programme | None, sent: Any = None) -> ProgrammeForm:
        """The form by which a programme is posted or amended."""
        names = place.once("organisations", lambda: queries.organisations_to_name(tx))
        plain: dict[str, Any] = {"organisations": names, "formdata": sent, "meta": {"csrf": False}}
        if record is None:
            return NewProgrammeForm([(place.owner.organisation_ref, place.owner.organisation_name)], **plain)
        return ProgrammeForm(programme=record, data=values_of(record, queries.named_on(tx, record)), **plain)

    def problems(
        self, place: Place, rows: Sequence[tuple[Programme | None, ProgrammeForm]]
    ) -> Sequence[Sequence[tuple[str, str]]]:
        """What seems to be there already has to be answered for in the form."""
        return asked_about("programme", place, rows)

    def save(self, tx: Tx, place: Place, record: Programme | None, form: ProgrammeForm) -> Programme:
        """Post it, or amend it.

        Raises:
            Refusal: the service does not take it.
        """
        try:
            if record is None:
                owner = place.owner.organisation_id
                return service.post_programme(tx, place.actor, owner, form.draft(), place.now)
            return service.amend_programme(tx, place.actor, record, form.draft(), record.version, place.now)
        except rules.DraftRefused as refused:
            raise Refusal(refused.problems[0].message, refused.problems[0].field) from refused
        except rules.MoveRefused as refused:
            raise Refusal(GONE) from refused
