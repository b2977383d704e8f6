"""Contributions in a workbook: those that stand here, to be answered, and a row for each line to write more into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.exchange.workbooks.kinds.delivery_rows import DeliveryRow, Promised, Recorded, RecordedRow
from app.exchange.workbooks.kinds.kind import Place, Refusal
from app.foundation.db import Tx
from app.foundation.forms import choices
from app.foundation.languages import day_text, number_text, say
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Membership
from app.foundation.web import current_language
from app.needs.queries import lines_by_ids, needs_by_ids
from app.pledges import rules
from app.pledges.deliveries import (
    agree_on_contribution,
    check_delivery,
    check_figure,
    confirm_contribution,
    record_contribution,
    sides_of,
)
from app.pledges.forms import GIVERS, line_name
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.pledges.queries import delivered_of, running_of
from app.pledges.service import PledgeRefused


@dataclass(frozen=True)
class Delivered:
    """What was recorded, with the version that its pledge has now."""

    ref: str
    version: int


class Deliveries:
    """What was delivered of the pledges that one's own organisation gives or receives."""

    name = "contributions"
    title: Message = msg("Contributions")
    lead: Message = msg(
        "What was delivered of your pledges: one row for each delivery, which you confirm by your figure, and one for "
        "each line, in which you write what else was delivered and when."
    )
    names: Sequence[str] = ("of", "much", "said", "delivered_on", "note", "confirmed")
    parts: Mapping[str, tuple[Message, Sequence[str], int]] = {}

    def owners(self, actor: Actor) -> list[Membership]:
        """Those that give or receive, and for which this person may write."""
        return list(actor.of_kind(*GIVERS))

    def _lines(self, tx: Tx, place: Place) -> Mapping[str, Promised]:
        lines: Mapping[str, Promised] = place.once("lines", lambda: _promised(tx, place))
        return lines

    def records(self, tx: Tx, place: Place) -> list[Recorded]:
        """Every delivery: first those that wait for this side's answer, then the newest."""
        found = [
            _recorded(place, key, line, part)
            for key, line in self._lines(tx, place).items()
            for part in line.pledge.lines[line.number - 1].contributions
        ]
        return sorted(found, key=lambda one: (not one.answer, -one.part.id))

    def title_of(self, record: Recorded) -> str:
        """Of what it is, and when it was made."""
        return record.title

    def prepared(self, tx: Tx, place: Place) -> list[Mapping[str, str]]:
        """A row for each line of a pledge that goes on."""
        return [{"of": key} for key, line in self._lines(tx, place).items() if line.is_open]

    def form(self, tx: Tx, place: Place, record: Recorded | None, sent: Any = None) -> DeliveryRow | RecordedRow:
        """The form by which a delivery is recorded, or answered."""
        if record is not None:
            return RecordedRow(record, formdata=sent, meta={"csrf": False})
        lines = self._lines(tx, place)
        options = place.once("options", lambda: choices((key, one.label) for key, one in lines.items()))
        chosen = lines.get(sent.get("of", "")) if sent else None
        if sent is not None and chosen is not None:
            sent["line"] = str(chosen.number)
        pledge = chosen.pledge if chosen else Pledge()
        names = {line.id: chosen.name for line in pledge.lines} if chosen else {}
        return DeliveryRow(lines, options, pledge, names, formdata=sent, meta={"csrf": False})

    def problems(
        self, place: Place, rows: Sequence[tuple[Recorded | None, Any]]
    ) -> Sequence[Sequence[tuple[str, str]]]:
        """What the service would not take, said before one presses the button."""
        return [_problems(place, record, form) for record, form in rows]

    def save(self, tx: Tx, place: Place, record: Recorded | None, form: Any) -> Delivered:
        """Record it, or answer to it.

        Raises:
            Refusal: the service does not take it.
        """
        try:
            if record is None:
                part = record_contribution(tx, place.actor, form.pledge, form.draft(), place.now)
                return Delivered(part.ref, form.pledge.version)
            if record.answer == rules.CONFIRM:
                confirm_contribution(tx, place.actor, record.pledge, record.part, place.now, form.much.data)
            else:
                agree_on_contribution(tx, place.actor, record.pledge, record.part, place.now)
        except PledgeRefused as refused:
            raise Refusal(refused.reason, _column_of(refused)) from refused
        except rules.MoveRefused as refused:
            raise Refusal(refused.reason, "of" if record is None else "much") from refused
        return Delivered(record.ref, record.version)


def _problems(place: Place, record: Recorded | None, form: Any) -> Sequence[tuple[str, str]]:
    try:
        if record is None:
            check_delivery(form.pledge_lines[form.line.data], form.draft(), place.now)
        elif record.answer:
            check_figure(record.part, form.much.data)
    except PledgeRefused as refused:
        return [(_column_of(refused), say(refused.reason, current_language()))]
    return ()


def _column_of(refused: PledgeRefused) -> str:
    return "of" if refused.field == "line" else refused.field


def _recorded(place: Place, key: str, line: Promised, part: Contribution) -> Recorded:
    gives, receives = sides_of(place.actor, line.pledge, place.now)
    title = f"{line.name}, {day_text(part.delivered_on, current_language())}"
    return Recorded(part, line.pledge, key, title, gives, receives)


def _promised(tx: Tx, place: Place) -> dict[str, Promised]:
    """The lines of every accepted pledge that goes on, and of those of which something was delivered."""
    running = running_of(tx, place.actor, place.owner.organisation_id)
    open_ids = {pledge.id for pledge in running}
    ended = [one for one in delivered_of(tx, place.actor, place.owner.organisation_id) if one.id not in open_ids]
    pledges = [*running, *ended]
    asked = lines_by_ids(tx, place.actor, [line.need_line_id for pledge in pledges for line in pledge.lines])
    needs = needs_by_ids(tx, place.actor, [pledge.need_id for pledge in pledges])
    found = {}
    for pledge in pledges:
        need = needs.get(pledge.need_id)
        for number, line in enumerate(pledge.lines, 1):
            name = line_name(line, asked.get(line.need_line_id), current_language())
            label = " · ".join(part for part in (need.title if need else "", name, _left(line), pledge.ref) if part)
            found[f"{pledge.ref}/{number}"] = Promised(pledge, number, name, label, pledge.id in open_ids)
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
