"""What anybody may see, read in lots, so that a file of any size takes the same memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from app.exchange.iati_out.names import pledge_identifier, programme_identifier
from app.exchange.iati_out.of_pledges import PledgeSeen
from app.exchange.iati_out.of_programmes import Beside
from app.exchange.public_changes.queries import seen_changes
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import ANONYMOUS
from app.lessons.models import Output
from app.matching.relations.models import Relation
from app.matching.relations.records import sides_by_keys
from app.matching.relations.rules import RELATED_ACTIVITY_TYPE, Answer, Key, as_answer, effective
from app.needs.models import Need, NeedIndicator
from app.pledges.models import Pledge
from app.pledges.queries import WHOLE, is_confirmed, shown, sight_of
from app.pledges.rules import RUNNING
from app.programmes.models import Programme

LOT = 100
"""So many records are held at once."""
CHILD = "2"
LIVES = frozenset({*RUNNING, "interest", "delivered"})
"""A pledge that was turned away or taken back is told only where something of it has arrived."""
Row = TypeVar("Row")


def programmes(
    tx: Tx, organisation_id: int | None = None, ref: str | None = None
) -> Iterator[tuple[Programme, Beside]]:
    """The programmes that anybody may see: all, of one organisation, or the one with a reference."""
    query = readable(ANONYMOUS, Programme).where(Programme.is_published)
    query = _of(query, Programme, organisation_id, ref)
    parts = (
        Programme.organisation, Programme.texts, Programme.participants, Programme.budgets, Programme.transactions,
        Programme.links,
    )  # fmt: skip
    for numbers in _lots(list(tx.scalars(query.with_only_columns(Programme.id).order_by(Programme.id)))):
        wanted = query.where(Programme.id.in_(numbers)).options(*[selectinload(part) for part in parts])
        rows = list(tx.scalars(wanted.order_by(Programme.id)))
        changed = seen_changes(tx, "programme", rows)
        outputs, related, paid = _outputs(tx, rows), _relations(tx, "programme", rows), _paid_from(tx, numbers)
        for row in rows:
            yield row, Beside(changed[row.id], outputs[row.ref], [*related[row.id], *paid[row.id]])


def pledges(tx: Tx, organisation_id: int | None = None, programme_id: int | None = None) -> Iterator[PledgeSeen]:
    """The pledges whose donor anybody may see: all, of one donor, or those that are paid from one programme."""
    query = _of(shown(ANONYMOUS), Pledge, organisation_id, None)
    if programme_id is not None:
        query = query.where(Pledge.programme_id == programme_id)
    for numbers in _lots(list(tx.scalars(query.with_only_columns(Pledge.id).order_by(Pledge.id)))):
        yield from _seen(tx, shown(ANONYMOUS).where(Pledge.id.in_(numbers)))


def needs(tx: Tx, organisation_id: int | None = None) -> Iterator[tuple[Need, list[PledgeSeen], datetime]]:
    """The needs that anybody may see and somebody has pledged to, with those pledges, and when each last changed.

    That is as everybody could see it (UTC).
    """
    pledged = shown(ANONYMOUS).with_only_columns(Pledge.need_id)
    query = _of(readable(ANONYMOUS, Need).where(Need.is_published, Need.id.in_(pledged)), Need, organisation_id, None)
    whole = (
        selectinload(Need.organisation),
        selectinload(Need.indicators).selectinload(NeedIndicator.results),
    )
    for numbers in _lots(list(tx.scalars(query.with_only_columns(Need.id).order_by(Need.id)))):
        by_need: dict[int, list[PledgeSeen]] = defaultdict(list)
        for seen in _seen(tx, shown(ANONYMOUS).where(Pledge.need_id.in_(numbers))):
            by_need[seen.pledge.need_id].append(seen)
        rows = list(tx.scalars(query.where(Need.id.in_(numbers)).options(*whole).order_by(Need.id)))
        changed = seen_changes(tx, "need", rows)
        for row in rows:
            if by_need[row.id]:
                yield row, by_need[row.id], changed[row.id]


def _of(query: Select[Any], model: Any, organisation_id: int | None, ref: str | None) -> Select[Any]:
    if organisation_id is not None:
        query = query.where(model.organisation_id == organisation_id)
    return query if ref is None else query.where(model.ref == ref)


def _lots(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), LOT):
        yield numbers[start : start + LOT]


def _seen(tx: Tx, query: Select[Pledge]) -> list[PledgeSeen]:
    """Those of these pledges that are told, each with what anybody may see beside it."""
    sights = [
        (pledge, sight_of(tx, ANONYMOUS, pledge)) for pledge in tx.scalars(query.options(*WHOLE).order_by(Pledge.id))
    ]
    told = [(pledge, sight) for pledge, sight in sights if sight.donor and _is_told(pledge, sees_amount=sight.amount)]
    its_needs = _by_id(
        tx, readable(ANONYMOUS, Need).options(selectinload(Need.organisation)), Need, {p.need_id for p, _ in told}
    )
    paid_from = _by_id(
        tx,
        readable(ANONYMOUS, Programme).where(Programme.is_published).options(selectinload(Programme.organisation)),
        Programme,
        {pledge.programme_id for pledge, _sight in told if pledge.programme_id is not None},
    )
    rows = [pledge for pledge, _sight in told]
    related, moved = _relations(tx, "pledge", rows), seen_changes(tx, "pledge", rows)
    return [
        PledgeSeen(
            pledge,
            its_needs[pledge.need_id],
            sight.amount,
            moved[pledge.id],
            paid_from.get(pledge.programme_id),
            related[pledge.id],
        )
        for pledge, sight in told
        if pledge.need_id in its_needs
    ]


def _is_told(pledge: Pledge, *, sees_amount: bool) -> bool:
    has_arrived = any(is_confirmed(part) for line in pledge.lines for part in line.contributions)
    return pledge.status in LIVES or (has_arrived and sees_amount)


def _by_id(tx: Tx, query: Select[Any], model: Any, numbers: Iterable[int]) -> dict[Any, Any]:
    return {row.id: row for row in tx.scalars(query.where(model.id.in_(list(numbers))))}


def _outputs(tx: Tx, rows: Sequence[Programme]) -> dict[str, list[Output]]:
    """What came of these programmes and can be opened on the web."""
    refs = [row.ref for row in rows]
    query = readable(ANONYMOUS, Output).where(Output.is_published, Output.subject_ref.in_(refs), Output.website != "")
    found: dict[str, list[Output]] = defaultdict(list)
    for output in tx.scalars(query.order_by(Output.id)):
        found[output.subject_ref].append(output)
    return found


def _paid_from(tx: Tx, numbers: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for seen in _seen(tx, shown(ANONYMOUS).where(Pledge.programme_id.in_(numbers))):
        if seen.pledge.programme_id is not None:
            found[seen.pledge.programme_id].append((CHILD, pledge_identifier(seen.pledge)))
    return found


def _relations(tx: Tx, kind: str, rows: Sequence[Any]) -> dict[int, list[tuple[str, str]]]:
    """How others stand to these records where somebody says so and nobody says otherwise, as related activities."""
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    ids = [row.id for row in rows]
    query = select(Relation).where(
        or_(
            (Relation.first_kind == kind) & Relation.first_id.in_(ids),
            (Relation.second_kind == kind) & Relation.second_id.in_(ids),
        )
    )
    pairs: dict[tuple[Key, Key], list[Answer]] = defaultdict(list)
    for row in tx.scalars(query.order_by(Relation.id)):
        pairs[(row.first_kind, row.first_id), (row.second_kind, row.second_id)].append(as_answer(row))
    sides = sides_by_keys(tx, ANONYMOUS, {key for pair in pairs for key in pair})
    for pair, answers in pairs.items():
        code = RELATED_ACTIVITY_TYPE.get(effective(answers), "")
        for own, other in (pair, pair[::-1]):
            if code and own[0] == kind and own[1] in ids and {own, other} <= sides.keys():
                found[own[1]] += [(code, ref) for ref in _identifier(sides[other].record, other)]
    return found


def _identifier(record: Any, key: Key) -> list[str]:
    """By what a record goes in our files; needs and courses are no activities that others could be related to."""
    if key[0] == "programme":
        return [programme_identifier(record)]
    return [pledge_identifier(record)] if key[0] == "pledge" else []
