"""Programmes of a bulk import that another organisation has published word for word wait until somebody answers.

A held programme is kept and seen by its own people alone; each record that it repeats stands beside it as a relation
without an answer. The secretariat answers for organisations that are known from files alone, which have no people.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import selectinload

from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import SYSTEM, Actor
from app.matching.guard.republished import Published, Shelf
from app.matching.relations.models import Relation
from app.matching.relations.queries import Pair, pairs_of
from app.matching.relations.rules import UNANSWERED, ordered
from app.organisations.models import Organisation
from app.programmes.fresh import Fresh
from app.programmes.imports import ImportedProgramme
from app.programmes.models import Programme, ProgrammeLink

KIND = "programme"
RELATIONS = frozenset({"1", "2", "3", "4", "5"})


@dataclass(frozen=True)
class Held:
    """A programme that waits, and the records that it seems to repeat, of which nobody has said yet how they stand."""

    programme: Programme
    pairs: Sequence[Pair]


def shelf_of(tx: Tx) -> Shelf:
    """Every programme that is published, ready to be compared with what comes in."""
    columns = (Programme.id, Programme.organisation_id, Programme.iati_identifier, Programme.title,
               Programme.description, Programme.starts_on, Programme.ends_on)  # fmt: skip
    tag = Programme.tag_class
    countries: dict[int, set[str]] = {}
    for number, code in tx.execute(select(tag.record_id, tag.value).where(tag.facet == "country")):
        countries.setdefault(number, set()).add(code)
    kin: dict[int, set[str]] = {}
    links = select(ProgrammeLink.programme_id, ProgrammeLink.identifier).where(ProgrammeLink.kind.in_(RELATIONS))
    for number, identifier in tx.execute(links):
        kin.setdefault(number, set()).add(identifier)
    rows = tx.execute(select(*columns).where(visible_to(SYSTEM, Programme), Programme.is_published))
    return Shelf(
        (number, Published(owner, identifier or "", title, text, frozenset(countries.get(number, ())), starts, ends,
                           frozenset(kin.get(number, ()))))
        for number, owner, identifier, title, text, starts, ends in rows
    )  # fmt: skip


def published(imported: ImportedProgramme, organisation_id: int) -> Published:
    """What comes in, as it is compared."""
    return Published(
        organisation_id, imported.iati_identifier, imported.title, imported.description,
        frozenset(code for code, _share in imported.countries), imported.starts_on, imported.ends_on,
        frozenset(link.identifier for link in imported.links if link.kind in RELATIONS),
    )  # fmt: skip


def note_held(tx: Tx, actor: Actor, programme: Programme | Fresh, others: Collection[int], now: datetime) -> None:
    """Put beside a programme that was held the records that it repeats, without an answer; of each an event."""
    versions = dict(tx.execute(select(Programme.id, Programme.version).where(
        visible_to(SYSTEM, Programme), Programme.id.in_(others))).all())  # fmt: skip
    for number in sorted(versions):
        (first, first_id), (second, second_id) = ordered((KIND, programme.id), (KIND, number))
        its = {programme.id: programme.version, number: versions[number]}
        row = Relation(
            first_kind=first, first_id=first_id, second_kind=second, second_id=second_id, kind=UNANSWERED,
            organisation_id=programme.organisation_id, declared_by=None, declared_at=now,
            first_version=its[first_id], second_version=its[second_id],
        )  # fmt: skip
        tx.add(row)
        record_event(tx, actor, "relation.left_open", row, now, {"one": programme.ref})


def held_for(tx: Tx, reader: Actor, ref: str = "") -> list[Held]:
    """The programmes that wait for this person's answer; with a reference that one alone."""
    mine = reader.editing_ids
    without_people = Programme.organisation.has(Organisation.status == "recorded")
    # What the secretariat itself brought in for an organisation without people it may answer for.
    ways: list[ColumnElement[bool]] = [Programme.organisation_id.in_(mine) if mine else false()]
    ways += [without_people] if reader.of_kind("secretariat") else []
    query = readable(SYSTEM, Programme).where(Programme.held_since.is_not(None), or_(*ways))
    query = query.where(Programme.ref == ref) if ref else query
    rows = tx.scalars(query.options(selectinload(Programme.organisation)).order_by(Programme.id)).all()
    return [Held(row, _open(tx, reader, row)) for row in rows]


def _open(tx: Tx, reader: Actor, programme: Programme) -> list[Pair]:
    """Those of its relations that its organisation has not answered; the other record is read for this reader."""
    pairs = pairs_of(tx, reader, (KIND, programme.id), own=programme)
    return [pair for pair in pairs if (said := pair.answer_of(programme.organisation_id)) and said.says == UNANSWERED]
