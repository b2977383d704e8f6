"""What a 3W table would make of a donor's programmes: a new one, a change of one that is there, or nothing new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app.exchange.hxl.areas import with_names
from app.exchange.hxl.judging import Fault, Told
from app.exchange.hxl.reading import (
    ACTIVITY,
    COUNTRY,
    CURRENCY,
    DESCRIPTION,
    END,
    KINDS,
    START,
    STATUS,
    THEME,
    TITLE,
    VALUE,
)
from app.foundation.db import Tx
from app.foundation.disclosure import audience_of, readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor
from app.foundation.references import tidy_reference
from app.matching.guard.looks import Question
from app.programmes import rules
from app.programmes.changes import PARTS
from app.programmes.models import Programme, ProgrammeLink
from app.programmes.service import COLUMNS, FACETS, LinkDraft, OfferDraft, ParticipantDraft, ProgrammeDraft, problems_in

NEW, HELD, CHANGED, UNCHANGED, FAULTY = "new", "held", "changed", "unchanged", "faulty"
NO_DESCRIPTION = msg("A new programme needs a description: fill in the column #description.")
SEVERAL = msg("Several programmes of yours have this title. Give the reference of the one that you mean.")
APART = msg(
    "Other rows are of this programme too, and would be read one instead of the other. Give its reference in each of"
    " them, so that they are read together."
)
OVER = msg("A sheet cannot give this status. Close or suspend the programme on its own page.")
COLUMN_OF: Mapping[str, str] = {
    "themes": THEME, "offers": KINDS, "countries": COUNTRY, "ends_on": END, "starts_on": START, "status": STATUS,
    "description": DESCRIPTION, "budget_amount": VALUE, "currency": CURRENCY,
}  # fmt: skip
"""In which column of a table a field of the form is mended."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of one activity; `changes` are the parts of the programme that would be other than they are.

    `asked` is what has to be answered first of one that is new and seems to be here already (app.exchange.hxl.asking).
    """

    told: Told
    kind: str
    draft: ProgrammeDraft | None = None
    programme: Programme | None = None
    changes: list[Message] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    asked: Sequence[Question] = ()


def outcomes(
    tx: Tx, actor: Actor, organisation_id: int, language: str, activities: Iterable[Told], today: date
) -> list[Outcome]:
    """Hold the activities against the programmes of the organisation as they are today."""
    found = [*activities]
    known = _known(tx, actor, organisation_id, found)
    told_of = Counter(row.id for rows in known.values() for row in rows)
    return [
        Outcome(told, FAULTY, faults=[*told.faults, Fault(told.first, ACTIVITY, APART)])
        if any(told_of[row.id] > 1 for row in known[told.first])
        else _outcome(tx, told, known[told.first], language, today)
        for told in found
    ]


def _known(tx: Tx, actor: Actor, organisation_id: int, activities: list[Told]) -> dict[int, list[Programme]]:
    """By the first row of each activity, the programmes that it may be: by reference, else by title and country."""
    keys = {told.key for told in activities if told.key}
    linked = select(ProgrammeLink.programme_id).where(
        ProgrammeLink.kind == rules.OTHER_REGISTER, ProgrammeLink.identifier.in_(keys)
    )
    ways = or_(
        Programme.ref.in_({tidy_reference(key) for key in keys}), Programme.iati_identifier.in_(keys),
        Programme.id.in_(linked), Programme.title.in_({told.title for told in activities}),
    )  # fmt: skip
    parts = (Programme.texts, Programme.participants, Programme.links)
    query = readable(actor, Programme).where(Programme.organisation_id == organisation_id, ways)
    rows = list(tx.scalars(query.options(*[selectinload(part) for part in parts]).order_by(Programme.id)))
    return {told.first: [row for row in rows if _is_same(told, row)] for told in activities}


def _is_same(told: Told, row: Programme) -> bool:
    if told.key:
        others = {link.identifier for link in row.links if link.kind == rules.OTHER_REGISTER}
        return told.key in {row.iati_identifier, *others} or tidy_reference(told.key) == row.ref
    return told.title == row.title and (not told.countries or bool(told.countries & set(row.places)))


def _outcome(tx: Tx, told: Told, known: list[Programme], language: str, today: date) -> Outcome:
    if told.faults:
        return Outcome(told, FAULTY, faults=told.faults)
    if len(known) > 1:
        return Outcome(told, FAULTY, faults=[Fault(told.first, ACTIVITY, SEVERAL)])
    before = known[0] if known else None
    own = draft_of(before, audience_of(tx, before)) if before else None
    draft = _told(own, told, before) if own and before else _new(told, language)
    if draft == own:
        return Outcome(told, UNCHANGED, programme=before)
    faults = [*_faults(draft, before, told, today)]
    if faults:
        return Outcome(told, FAULTY, faults=faults)
    return Outcome(told, CHANGED if before else NEW, draft, before, _changes(own, draft) if own else [])


def _faults(draft: ProgrammeDraft, before: Programme | None, told: Told, today: date) -> Iterable[Fault]:
    if draft.status not in rules.statuses_to_choose(before.status if before else None):
        yield Fault(told.first, STATUS, OVER)
    if before is None and not draft.description:
        yield Fault(told.first, DESCRIPTION, NO_DESCRIPTION)
    for problem in problems_in(draft, before, today):
        yield Fault(told.first, COLUMN_OF.get(problem.field, TITLE), problem.message)


def draft_of(programme: Programme, named: Iterable[int]) -> ProgrammeDraft:
    """A programme as it stands, as what its donor would send to leave it so."""
    values: dict[str, Any] = {name: getattr(programme, name) for name in COLUMNS}
    values |= {name: tuple(programme.codes(facet)) for facet, name in FACETS.items()}
    return ProgrammeDraft(
        **values,
        offers=tuple(OfferDraft(one.kind, one.description, one.quantity, one.unit) for one in programme.offers),
        participants=tuple(
            ParticipantDraft(one.role, one.name, one.identifier, one.organisation_type)
            for one in programme.participants
        ),
        links=tuple(LinkDraft(one.kind, one.identifier) for one in programme.links),
        iati_identifier=programme.iati_identifier or "",
        restricted_fields=tuple(programme.field_disclosure),
        named=tuple(named),
        areas=tuple(programme.codes("adm1")),
    )


def _new(told: Told, language: str) -> ProgrammeDraft:
    """A programme that is posted by a table says nothing of whether one may ask for it: such tables do not tell."""
    return ProgrammeDraft(
        language=language, title=told.title, description=told.description, themes=tuple(sorted(told.themes)),
        offers=tuple(OfferDraft(kind) for kind in sorted(told.kinds)), countries=tuple(sorted(told.countries)),
        groupings=tuple(sorted(told.groupings)), status=told.status or rules.IMPLEMENTATION, accepting="unknown",
        starts_on=told.starts_on, ends_on=told.ends_on, areas=tuple(sorted(told.areas)),
        budget_amount=told.amount, currency=told.currency,
        links=(LinkDraft(rules.OTHER_REGISTER, told.key),) if told.key else (),
    )  # fmt: skip


def _told(own: ProgrammeDraft, told: Told, before: Programme) -> ProgrammeDraft:
    """The programme with what the table says of it; what it does not say is left as it is."""
    said: dict[str, Any] = {
        "title": told.title, "description": told.description, "status": told.status, "starts_on": told.starts_on,
        "ends_on": told.ends_on, "themes": tuple(sorted(told.themes)), "groupings": tuple(sorted(told.groupings)),
    }  # fmt: skip
    if told.countries != set(before.places):
        said["countries"] = tuple(sorted(told.countries))
    if told.areas:
        said["areas"] = with_names(told.areas, before.codes("adm1"))
    if told.kinds and told.kinds != set(before.codes("kind")):
        kept = [offer for offer in own.offers if offer.kind in told.kinds]
        fresh = sorted(told.kinds - {offer.kind for offer in kept})
        said["offers"] = (*kept, *(OfferDraft(kind) for kind in fresh))
    found = {name: value for name, value in said.items() if value}
    # A budget of nothing is said too, and an amount goes with its own currency.
    money: dict[str, Any] = {} if told.amount is None else {"budget_amount": told.amount, "currency": told.currency}
    return replace(own, **found, **money)


def _changes(before: ProgrammeDraft, after: ProgrammeDraft) -> list[Message]:
    money = {"budget_amount": (before.budget_amount, before.currency) != (after.budget_amount, after.currency)}
    return [
        part.label
        for name, part in PARTS.items()
        if money.get(name, getattr(before, name, None) != getattr(after, name, None))
    ]
