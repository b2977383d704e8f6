"""The wholes of all records side by side, read once for a round of matching: what is common, and what is near what."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from sqlalchemy import select

from app.foundation.db import Tx
from app.matching.semantic.models import RecordVectors
from app.matching.semantic.rules import Meaning, Vectors, centre, unit
from app.search.engine_types import OFFERS, Key


@dataclass(frozen=True)
class Shelf:
    """One row for each record: which it is, its language, whether everybody may read it, what it means as a whole."""

    keys: tuple[Key, ...]
    languages: tuple[str, ...]
    is_public: tuple[bool, ...]
    wholes: Vectors

    @cached_property
    def centres(self) -> dict[str, Vectors]:
        """What the public records of each language have in common: no other record says anything of those."""
        rows: dict[str, list[int]] = {}
        for number, language in enumerate(self.languages):
            if self.is_public[number]:
                rows.setdefault(language, []).append(number)
        return {language: centre(self.wholes[numbers]) for language, numbers in rows.items()}

    @cached_property
    def public_offers(self) -> dict[Key, str]:
        """The language of each offer that everybody may read."""
        each = zip(self.keys, self.languages, self.is_public, strict=True)
        return {key: language for key, language, is_public in each if is_public and key[0] in OFFERS}

    @cached_property
    def _less_centres(self) -> Vectors:
        nothing = np.zeros(self.wholes.shape[-1], dtype=np.float32)
        return unit(self.wholes - np.stack([self.centres.get(language, nothing) for language in self.languages]))

    def near(self, meaning: Meaning, kinds: Collection[str], least: float) -> list[Key]:
        """The records of these kinds that are at least so near to one which is `less` its centre already."""
        if not self.keys:
            return []
        cosines = self._less_centres @ meaning.whole
        return [key for key, cosine in zip(self.keys, cosines, strict=True) if key[0] in kinds and cosine >= least]


def read_shelf(tx: Tx, model: str, fresh: Iterable[RecordVectors] = ()) -> Shelf:
    """Everything that this model has read; what was just worked out stands in the place of what is kept."""
    columns = RecordVectors.record_kind, RecordVectors.record_id, RecordVectors.language, RecordVectors.is_public
    query = select(*columns, RecordVectors.whole).where(RecordVectors.model == model)
    rows = {(kind, number): (language, public, whole) for kind, number, language, public, whole in tx.execute(query)}
    rows |= {(row.record_kind, row.record_id): (row.language, row.is_public, row.whole) for row in fresh}
    keys = sorted(rows)
    return Shelf(
        tuple(keys),
        tuple(rows[key][0] for key in keys),
        tuple(rows[key][1] for key in keys),
        np.stack([unpacked(rows[key][2]) for key in keys]) if keys else np.zeros((0, 1), dtype=np.float32),
    )


def packed(vectors: Vectors) -> bytes:
    """Vectors as the database keeps them."""
    return vectors.astype("<f2").tobytes()


def unpacked(kept: bytes) -> Vectors:
    """One vector as it was kept, or several behind each other."""
    return np.frombuffer(kept, dtype="<f2").astype(np.float32)


def meaning_kept(row: RecordVectors) -> Meaning:
    """The meaning that a row keeps."""
    whole = unpacked(row.whole)
    return Meaning(row.language, whole, unpacked(row.passages).reshape(-1, len(whole)))
