"""Reading the records that news are about, for the site's own eyes: who may be told is asked when somebody is."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from app.foundation.disclosure import readable
from app.foundation.kept.once import all_read_once
from app.foundation.permissions import SYSTEM
from app.notifications.queries import OWNED
from app.notifications.telling import Telling


def published_records(telling: Telling, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], Any]:
    """The published ones of these records by kind and number, with one query for each kind, and each read once."""

    def read(wanted: list[tuple[str, int]]) -> dict[tuple[str, int], Any]:
        found: dict[tuple[str, int], Any] = {}
        for kind in {kind for kind, _number in wanted}:
            model, ids = OWNED[kind], [number for its_kind, number in wanted if its_kind == kind]
            rows = telling.tx.scalars(readable(SYSTEM, model).where(model.id.in_(ids), model.is_published))
            found.update({(kind, row.id): row for row in rows})
        return found

    return all_read_once(telling.tx, "published records", keys, read)
