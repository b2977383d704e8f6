"""Sensitive fields that are narrower than their public record: what differs between the worlds is the value alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from app.conversations.clarifications.events import ClarificationAnswered
from app.conversations.clarifications.models import Clarification
from app.conversations.clarifications.rules import seal
from app.coordination.events import MeetingConvened
from app.coordination.models import Meeting
from app.foundation import outbox
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.foundation.wording.versions import RecordVersion
from app.needs.events import NeedAmended
from app.needs.models import Need, NeedIndicator, NeedLine, NeedVersion
from app.needs.snapshots import snapshot as need_snapshot
from app.pledges.events import PledgeChanged
from app.pledges.models import Pledge, PledgeLine
from app.programmes.changes import snapshot as programme_snapshot
from app.programmes.events import ProgrammeAmended
from app.programmes.models import Programme, ProgrammeBudget
from tests.leaks.hidden import OWNERS, Hidden, attach
from tests.leaks.oracle import Thing

MODELS: dict[str, Any] = {"need": Need, "programme": Programme, "pledge": Pledge, "meeting": Meeting}
# Columns are written without the record's version moving: an amendment that everybody may see is not what differs.
COLUMNS: dict[str, Callable[[Hidden], dict[str, Any]]] = {
    "need.contact": lambda what: {"contact": word_of(what)},
    "need.place": lambda what: {"place": word_of(what)},
    "need.baseline": lambda what: {"baseline": word_of(what)},
    "need.budget": lambda what: {"budget_amount": amount_of(what)},
    "programme.contact": lambda what: {"contact": word_of(what)},
    "meeting.minutes": lambda what: {"minutes": word_of(what)},
    "meeting.link": lambda what: {"link": word_of(what)},
    "programme.budget": lambda what: {"budget_amount": amount_of(what)},
}


def is_emptied(what: Hidden) -> bool:
    """Whether the field is to have no value."""
    return what.is_empty


def word_of(what: Hidden) -> str:
    """The new value of a text; a field may also be empty."""
    return "" if is_emptied(what) else what.title


def amount_of(what: Hidden) -> Decimal | None:
    """The new value of an amount."""
    return None if is_emptied(what) else Decimal(1 + what.chance % 9_000_000)


def change_field(base: Any, tx: Any, what: Hidden) -> list[Thing]:
    """Give a field of a public record another value, as if it had been so from the beginning."""
    name = what.kind.removeprefix("field ")
    if name == "clarification.asker":
        return _asker(base, tx, what)
    kind = name.partition(".")[0]
    model = MODELS[kind]
    record = tx.scalars(readable(SYSTEM, model).where(model.id == base.kept[kind, what.tier])).one()
    before = thing_of(base, kind, record)
    if name in COLUMNS:
        tx.execute(update(model).where(model.id == record.id).values(**COLUMNS[name](what)))
    else:
        OTHERS[name](base, tx, record, what)
    tx.expire_all()
    _keep_again(tx, kind, record)
    told = {
        "need": NeedAmended(record.id, record.version),
        "programme": ProgrammeAmended(record.id),
        "meeting": MeetingConvened(record.id),
    }
    outbox.tell(tx, told[kind] if kind in told else PledgeChanged(record.id, record.need_id), base.site.clock.now())
    tx.flush()
    after = thing_of(base, kind, record)
    return [before] if after == before else [before, after]


def _asker(base: Any, tx: Any, what: Hidden) -> list[Thing]:
    """Another organisation has asked what everybody reads: nobody but the two of them learns of it."""
    row = tx.scalars(readable(SYSTEM, Clarification).where(Clarification.id == base.kept["clarification", "own"])).one()
    keys = [key for key in OWNERS["clarification"] if base.numbers[key] not in {row.asker_id, row.organisation_id}]
    before, after = row.asker_id, base.numbers[keys[what.owner % len(keys)]]
    columns = {"asker_id": after, "asked_by": what.chance % 30, "seal": seal("salt", after, what.chance % 30)}
    tx.execute(update(Clarification).where(Clarification.id == row.id).values(**columns))
    tx.expire_all()
    outbox.tell(tx, ClarificationAnswered(row.id), base.site.clock.now())
    tx.flush()
    return [Thing("clarification", "public", number) for number in (before, after)]


def thing_of(base: Any, kind: str, record: Any) -> Thing:
    """The record as the oracle knows it."""
    thing = Thing(kind, record.disclosure, record.organisation_id, frozenset({base.numbers["donor_se"]}))
    return thing if kind != "pledge" else replace(thing, recipient=record.need_organisation_id)


def _keep_again(tx: Any, kind: str, record: Any) -> None:
    if kind == "need":
        tx.execute(update(NeedVersion).where(NeedVersion.need_id == record.id).values(snapshot=need_snapshot(record)))
    if kind == "programme":
        rows = update(RecordVersion).where(RecordVersion.record_kind == kind, RecordVersion.record_id == record.id)
        tx.execute(rows.values(snapshot=programme_snapshot(record)))


def _indicators(_base: Any, tx: Any, need: Any, what: Hidden) -> None:
    tx.execute(update(NeedIndicator).where(NeedIndicator.need_id == need.id).values(baseline=word_of(what)))


def _costs(_base: Any, tx: Any, need: Any, what: Hidden) -> None:
    tx.execute(update(NeedLine).where(NeedLine.need_id == need.id).values(cost_amount=amount_of(what)))


def _files(base: Any, tx: Any, need: Any, what: Hidden) -> None:
    attach(base, tx, need, what.canary)


def _budgets(_base: Any, tx: Any, programme: Any, what: Hidden) -> None:
    rows = update(ProgrammeBudget).where(ProgrammeBudget.programme_id == programme.id)
    tx.execute(rows.values(amount=amount_of(what) or Decimal(1)))


def _donor(base: Any, tx: Any, pledge: Any, what: Hidden) -> None:
    others = [key for key in OWNERS["pledge"] if base.numbers[key] != pledge.organisation_id]
    owner = base.numbers[others[what.owner % len(others)]]
    partner = what.title.capitalize()
    tx.execute(update(Pledge).where(Pledge.id == pledge.id).values(organisation_id=owner, implementing_partner=partner))


def _programme(base: Any, tx: Any, pledge: Any, what: Hidden) -> None:
    programmes = select(Programme.id).where(Programme.organisation_id == pledge.organisation_id).order_by(Programme.id)
    found = tx.scalars(programmes).all()
    number = found[what.on % len(found)] if found else None
    tx.execute(update(Pledge).where(Pledge.id == pledge.id).values(programme_id=number))


def _amount(_base: Any, tx: Any, pledge: Any, what: Hidden) -> None:
    values = {"quantity": Decimal(1 + what.chance % 30), "amount": amount_of(what)}
    tx.execute(update(PledgeLine).where(PledgeLine.pledge_id == pledge.id).values(**values))


OTHERS: dict[str, Callable[[Any, Any, Any, Hidden], None]] = {
    "need.indicators": _indicators,
    "need.costs": _costs,
    "need.files": _files,
    "programme.budgets": _budgets,
    "pledge.donor": _donor,
    "pledge.programme": _programme,
    "pledge.amount": _amount,
}
