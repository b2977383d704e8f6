"""Contributions in a workbook: a row for each line of an accepted pledge, in which one writes what was delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.exchange.workbooks.kinds.kind import Place, Refusal
from app.exchange.workbooks.rules import GONE
from app.foundation.db import Tx
from app.foundation.forms import SelectField, _l, choices, needed
from app.foundation.languages import number_text, say
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Membership
from app.foundation.web import current_language
from app.needs.queries import lines_by_ids, needs_by_ids
from app.pledges import rules
from app.pledges.deliveries import record_contribution
from app.pledges.forms import GIVERS, DeliveryForm, line_name
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.pledges.queries import running_of
from app.pledges.service import PledgeRefused


@dataclass(frozen=True)
class Open:
    """A line of a pledge of which something can still be delivered, as a list names it."""

    pledge: Pledge
    number: int
    name: str
    label: str


@dataclass(frozen=True)
class Delivered:
    """What was recorded, with the version that its pledge has now."""

    ref: str
    version: int


class DeliveryRow(DeliveryForm):
    """A delivery, with the line of a pledge that it is of."""

    of = SelectField(_l("Of what"), needed(_l("Choose what was delivered.")))

    def __init__(self, lines: Mapping[str, Open], pledge: Pledge, names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(pledge=pledge, names=names, **kwargs)
        self.pledge = pledge
        self.of.choices = choices((key, one.label) for key, one in lines.items())


class Deliveries:
    """What was delivered of the pledges that one's own organisation gives or receives."""

    name = "contributions"
    title: Message = msg("Contributions")
    lead: Message = msg(
        "What was delivered of your pledges: one row for each line, in which you write how much and when."
    )
    names: Sequence[str] = ("of", "much", "delivered_on", "note")
    parts: Mapping[str, tuple[Message, Sequence[str], int]] = {}

    def owners(self, actor: Actor) -> list[Membership]:
        """Those that give or receive, and for which this person may write."""
        return list(actor.of_kind(*GIVERS))

    def _lines(self, tx: Tx, place: Place) -> Mapping[str, Open]:
        lines: Mapping[str, Open] = place.once("lines", lambda: _open_lines(tx, place))
        return lines

    def records(self, _tx: Tx, _place: Place) -> list[Any]:
        """None: what was recorded once is confirmed by the other side, and not written anew."""
        return []

    def title_of(self, record: Any) -> str:
        """Its reference."""
        return str(record.ref)

    def prepared(self, tx: Tx, place: Place) -> list[Mapping[str, str]]:
        """A row for each line of a pledge that goes on."""
        return [{"of": key} for key in self._lines(tx, place)]

    def form(self, tx: Tx, place: Place, _record: None, sent: Any = None) -> DeliveryRow:
        """The form by which a delivery is recorded."""
        lines = self._lines(tx, place)
        chosen = lines.get(sent.get("of", "")) if sent else None
        if sent is not None and chosen is not None:
            sent["line"] = str(chosen.number)
        pledge = chosen.pledge if chosen else Pledge()
        names = {line.id: chosen.name for line in pledge.lines} if chosen else {}
        return DeliveryRow(lines, pledge, names, formdata=sent, meta={"csrf": False})

    def problems(self, _place: Place, _record: None, _form: DeliveryRow) -> Sequence[tuple[str, str]]:
        """Nothing but what the form and the service say."""
        return ()

    def save(self, tx: Tx, place: Place, _record: None, form: DeliveryRow) -> Delivered:
        """Record it.

        Raises:
            Refusal: the service does not take it.
        """
        try:
            part: Contribution = record_contribution(tx, place.actor, form.pledge, form.draft(), place.now)
        except PledgeRefused as refused:
            raise Refusal(refused.reason, "of" if refused.field == "line" else refused.field) from refused
        except rules.MoveRefused as refused:
            raise Refusal(getattr(refused, "reason", GONE)) from refused
        return Delivered(part.ref, form.pledge.version)


def _open_lines(tx: Tx, place: Place) -> dict[str, Open]:
    pledges = running_of(tx, place.actor, place.owner.organisation_id)
    asked = lines_by_ids(tx, place.actor, [line.need_line_id for pledge in pledges for line in pledge.lines])
    needs = needs_by_ids(tx, place.actor, [pledge.need_id for pledge in pledges])
    found = {}
    for pledge in pledges:
        need = needs.get(pledge.need_id)
        for number, line in enumerate(pledge.lines, 1):
            name = line_name(line, asked.get(line.need_line_id), current_language())
            label = " · ".join(part for part in (need.title if need else "", name, _left(line), pledge.ref) if part)
            found[f"{pledge.ref}/{number}"] = Open(pledge, number, name, label)
    return found


def _left(line: PledgeLine) -> str:
    in_kind = line.quantity is not None
    promised = (line.quantity if in_kind else line.amount) or Decimal(0)
    parts = [part.quantity if in_kind else part.amount for part in line.contributions]
    known = sum((part or Decimal(0) for part in parts), Decimal(0))
    spoken = current_language()
    words = msg(
        "%(promised)s promised, %(delivered)s delivered",
        promised=number_text(promised, spoken), delivered=number_text(known, spoken),
    )  # fmt: skip
    return say(words, spoken)
