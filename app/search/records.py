"""Records that were found, read from the database anew, in the order in which they were found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import selectinload

from app.courses.models import Course, CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import readable, visible_to
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.programmes.models import Programme
from app.search.documents import MODELS
from app.search.engine_types import Key
from app.search.in_files import FileFound, files_searched
from app.search.values import in_one_form


@dataclass(frozen=True)
class Found:
    """One record on a page of results."""

    kind: str
    record: Any
    files: Sequence[FileFound] = ()


def load_records(tx: Tx, reader: Actor, keys: Sequence[Key]) -> list[Found]:
    """The records with these keys, in this order; asked of the database again for what this reader may see."""
    rows: dict[Key, Any] = {}
    for kind in {kind for kind, _number in keys}:
        model = MODELS[kind]
        ids = [number for its_kind, number in keys if its_kind == kind]
        query = readable(reader, model).where(model.id.in_(ids)).options(selectinload(model.organisation))
        if kind == "programme":
            query = query.options(selectinload(Programme.texts))
        rows.update({(kind, row.id): row for row in tx.scalars(query)})
    return [Found(key[0], rows[key]) for key in keys if key in rows]


def with_files(tx: Tx, found: Sequence[Found]) -> list[Found]:
    """The same with the files by which each may have been found."""
    files = files_searched(tx, [one.record for one in found])
    return [replace(one, files=files.get(one.record.ref, ())) for one in found]


def has_phrase(text: str, phrase: str) -> bool:
    """Whether one of the pieces of a text has a phrase, word for word, but for accents and case."""
    wanted = f" {in_one_form(phrase)} "
    return any(wanted in f" {in_one_form(piece)} " for piece in text.split(" \n "))


def keys_between(tx: Tx, reader: Actor, first: date, last: date) -> frozenset[Key]:
    """The records that run on some day of these: needs and programmes by their dates, courses by their sessions."""
    found: set[Key] = set()
    for kind, model in (("need", Need), ("programme", Programme), ("course", Course)):
        running = _has_session(first, last) if model is Course else _runs(model, first, last)
        query = select(model.id).where(model.is_published, visible_to(reader, model), running)
        found.update((kind, number) for number in tx.scalars(query))
    return frozenset(found)


def _runs(model: Any, first: date, last: date) -> ColumnElement[bool]:
    begin = func.coalesce(model.starts_on, model.ends_on)
    return and_(begin <= last, func.coalesce(model.ends_on, model.starts_on) >= first)


def _has_session(first: date, last: date) -> ColumnElement[bool]:
    return Course.sessions.any(and_(CourseSession.starts_on <= last, CourseSession.ends_on >= first))


def keys_posted_since(tx: Tx, reader: Actor, moment: datetime) -> frozenset[Key]:
    """The records that were posted after a moment."""
    found: set[Key] = set()
    for kind, model in MODELS.items():
        query = select(model.id).where(model.is_published, visible_to(reader, model), model.posted_at > moment)
        found.update((kind, number) for number in tx.scalars(query))
    return frozenset(found)
