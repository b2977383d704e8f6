"""The index follows the database: facts say what changed, the rows are read anew and indexed together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import func, select

from app.foundation.db import Database, Tx
from app.foundation.disclosure import visible_to
from app.foundation.filing.files import Attachment
from app.foundation.filing.looking.events import FileRead, FileTakenAway
from app.foundation.outbox import Fact
from app.foundation.permissions import SYSTEM
from app.search.documents import MODELS, documents
from app.search.engine_types import IndexDocument, Key, SearchEngine

BATCH = 200
ID_FIELDS = {f"{kind}_id": kind for kind in MODELS}


def keys_of(facts: Iterable[Fact]) -> list[Key]:
    """Which records these facts speak of, each once."""
    keys = {
        (kind, getattr(fact, name)): None
        for fact in facts
        for name, kind in ID_FIELDS.items()
        if getattr(fact, name, None) is not None
    }
    return list(keys)


def keys_of_files(tx: Tx, facts: Iterable[Fact]) -> list[Key]:
    """The records on which the files hang that these facts speak of."""
    ids = [fact.file_id for fact in facts if isinstance(fact, FileRead | FileTakenAway)]
    keys: list[Key] = []
    for kind, ref in tx.execute(select(Attachment.record_kind, Attachment.record_ref).where(Attachment.id.in_(ids))):
        model = MODELS.get(kind)
        if model is not None:
            query = select(model.id).where(model.ref == ref, visible_to(SYSTEM, model))
            keys += [(kind, number) for number in tx.scalars(query)]
    return keys


def keys_of_organisation(tx: Tx, organisation_id: int) -> list[Key]:
    """Every record of an organisation: who may see them follows from whose they are."""
    keys: list[Key] = []
    for kind, model in MODELS.items():
        query = select(model.id).where(model.organisation_id == organisation_id, visible_to(SYSTEM, model))
        keys += [(kind, number) for number in tx.scalars(query)]
    return keys


def index_records(tx: Tx, engine: SearchEngine, keys: Sequence[Key]) -> None:
    """Put these records, as this transaction sees them, into the index; what is no longer published goes."""
    engine.replace(*_as_they_are(tx, keys))


def index_anew(database: Database, engine: SearchEngine, keys: Sequence[Key]) -> None:
    """The same, read when no other worker writes the index: one that read before could write its older words last."""

    def read() -> tuple[list[IndexDocument], list[Key]]:
        with database.reading() as tx:
            return _as_they_are(tx, keys)

    engine.renew(read)


def _as_they_are(tx: Tx, keys: Sequence[Key]) -> tuple[list[IndexDocument], list[Key]]:
    found: list[IndexDocument] = []
    for kind in MODELS:
        ids = [number for its_kind, number in keys if its_kind == kind]
        if ids:
            found += documents(tx, kind, ids)
    there = {document.key for document in found}
    return found, [key for key in keys if key not in there]


def all_documents(database: Database) -> Iterator[IndexDocument]:
    """Every document that the index should have, read in batches."""
    for kind, model in MODELS.items():
        last = 0
        while True:
            with database.reading() as tx:
                query = select(model.id).where(model.id > last, model.is_published, visible_to(SYSTEM, model))
                ids = list(tx.scalars(query.order_by(model.id).limit(BATCH)))
                if not ids:
                    break
                last = ids[-1]
                yield from documents(tx, kind, ids)


def count_documents(tx: Tx) -> int:
    """How many documents the index should have."""
    counts = [select(func.count()).select_from(m).where(m.is_published, visible_to(SYSTEM, m)) for m in MODELS.values()]
    return sum(tx.scalar(count) or 0 for count in counts)


def rebuild(database: Database, engine: SearchEngine, documents: Iterable[IndexDocument] | None = None) -> int:
    """Build the index anew from every record, and swap if it has as many as the database; how many they are.

    Raises:
        EngineBroken: it has not; the index before stays in its place.
    """

    def expected() -> int:
        with database.reading() as tx:
            return count_documents(tx)

    return engine.rebuild(all_documents(database) if documents is None else documents, expected)


def expected_versions(tx: Tx) -> dict[Key, int]:
    """Which version of which record the index should have."""
    found: dict[Key, int] = {}
    for kind, model in MODELS.items():
        query = select(model.id, model.version).where(model.is_published, visible_to(SYSTEM, model))
        found.update({(kind, number): version for number, version in tx.execute(query)})
    return found
