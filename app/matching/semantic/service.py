"""The vectors of records are worked out when these change, and kept beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import SYSTEM
from app.foundation.web import Site
from app.matching.semantic.encoder import Encoder, PackagedEncoder
from app.matching.semantic.models import RecordVectors
from app.matching.semantic.rules import meaning_of
from app.matching.semantic.shelf import Shelf, packed, read_shelf
from app.matching.semantic.texts import passages_of
from app.search.documents import MODELS
from app.search.engine_types import OFFERS, Key

KINDS = ("need", *sorted(OFFERS))
_READ_WITH = {"need": "lines", "programme": "offers"}


@dataclass
class Meanings:
    """What a round of matching knows of meaning: the model, what was just worked out, and all wholes once read."""

    encoder: Encoder
    fresh: dict[Key, RecordVectors] = field(default_factory=dict)
    _shelf: Shelf | None = None

    def shelf(self, tx: Tx) -> Shelf:
        """The wholes of all records, read at the first question of a round."""
        if self._shelf is None:
            self._shelf = read_shelf(tx, self.encoder.name, self.fresh.values())
        return self._shelf


def meanings_of(site: Site) -> Meanings | None:
    """What a round of matching on this site is to know of meaning; None where it is switched off."""
    if not site.settings.semantic:
        return None
    if "encoder" not in site.parts:
        site.parts["encoder"] = PackagedEncoder()
    return Meanings(site.parts["encoder"])


def learn(tx: Tx, meanings: Meanings, keys: Sequence[Key]) -> None:
    """Work out the vectors of these records, as far as those of their present version are not kept already."""
    for kind in KINDS:
        ids = [number for its_kind, number in keys if its_kind == kind]
        there = {row.record_id: row.record_version for row in kept(tx, meanings.encoder.name, kind, ids)}
        for record in _records(tx, kind, ids):
            if there.get(record.id) != record.version:
                meanings.fresh[kind, record.id] = _worked_out(meanings.encoder, kind, record)


def keep(tx: Tx, meanings: Meanings, keys: Sequence[Key]) -> None:
    """Keep what was worked out in place of what was there; with a record that is no longer published its vectors go."""
    for kind in KINDS:
        ids = {number for its_kind, number in keys if its_kind == kind}
        published = {record.id for record in _records(tx, kind, sorted(ids))}
        gone = {number for number in ids if number not in published or (kind, number) in meanings.fresh}
        here = (RecordVectors.record_kind == kind, RecordVectors.record_id.in_(gone))
        tx.execute(delete(RecordVectors).where(*here))
        tx.add_all(meanings.fresh[kind, number] for number in sorted(published) if (kind, number) in meanings.fresh)
    tx.flush()


def keys_to_learn(tx: Tx, meanings: Meanings) -> list[Key]:
    """Every published record whose vectors are missing, of an older version or of another model."""
    found: list[Key] = []
    for kind in KINDS:
        model = MODELS[kind]
        same = (
            RecordVectors.record_kind == kind,
            RecordVectors.record_id == model.id,
            RecordVectors.record_version == model.version,
            RecordVectors.model == meanings.encoder.name,
        )
        missing = readable(SYSTEM, model).where(model.is_published, ~select(RecordVectors.id).where(*same).exists())
        found += [(kind, number) for number in tx.scalars(missing.with_only_columns(model.id).order_by(model.id))]
    return found


def kept(tx: Tx, model: str, kind: str, ids: Sequence[int]) -> Sequence[RecordVectors]:
    """What is kept of these records, of whichever version."""
    query = select(RecordVectors).where(RecordVectors.model == model, RecordVectors.record_kind == kind)
    return tx.scalars(query.where(RecordVectors.record_id.in_(ids))).all()


def _worked_out(encoder: Encoder, kind: str, record: Any) -> RecordVectors:
    meaning = meaning_of(record.language, encoder.encode(passages_of(kind, record)))
    return RecordVectors(
        record_kind=kind, record_id=record.id, record_version=record.version, model=encoder.name,
        language=record.language, is_public=record.disclosure == "public", whole=packed(meaning.whole),
        passages=packed(meaning.passages),
    )  # fmt: skip


def _records(tx: Tx, kind: str, ids: Sequence[int]) -> Sequence[Any]:
    model = MODELS[kind]
    query = readable(SYSTEM, model).where(model.id.in_(ids), model.is_published).order_by(model.id)
    if kind in _READ_WITH:
        query = query.options(selectinload(getattr(model, _READ_WITH[kind])))
    return tx.scalars(query).all()
