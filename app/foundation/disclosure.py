"""Who may see what: one criterion that every query of somebody's records goes through, and the list of all surfaces.

Tiers, from wide to narrow: public (anybody), members (people of verified organisations), named (people of the
organisations listed on the record), own (people of the owning organisation). A sensitive field may have a narrower
tier than its record, never a wider one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, ForeignKey, Select, and_, delete, false, or_, select, true
from sqlalchemy.orm import Mapped, mapped_column, selectinload

from app.foundation.db import Base, Tx
from app.foundation.kept.once import read_once
from app.foundation.permissions import Actor

Record = TypeVar("Record", bound="Owned")

TIERS = ("public", "members", "named", "own")
MOST_CRITERIA = 512
"""So many criteria are kept: those of some forty readers, about 20 KB each."""


class Audience(Base):
    """An organisation that is named on a record of tier `named`."""

    __tablename__ = "audiences"

    record_kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)


class Owned:
    """A record that belongs to an organisation and says who may see it."""

    record_kind = ""
    sensitive_fields: tuple[str, ...] = ()

    id: Mapped[int]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    disclosure: Mapped[str] = mapped_column(default="public")
    field_disclosure: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_published: Mapped[bool] = mapped_column(default=False, index=True)

    @property
    def files_for_all(self) -> bool:
        """Whether anybody may have the files on it: then, and only then, is it found by what is written in them."""
        return self.is_published and field_tier(self, "files") == "public"

    @classmethod
    def also_seen_by(cls, reader: Actor) -> ColumnElement[bool]:  # noqa: ARG003 - models that know more ask
        """Whom a kind of record concerns besides, whatever its tier; nobody, unless its model says so."""
        return false()

    @classmethod
    def seen_only_where(cls, reader: Actor) -> ColumnElement[bool]:  # noqa: ARG003 - models that know more ask
        """What has to hold besides, for everybody: a part of another record is seen with that one, or not at all."""
        return true()


def model_of(kind: str) -> type[Any] | None:
    """The model of a kind of record, whichever feature has it: a lower one may ask for what a higher one keeps."""
    return next((model for model in Owned.__subclasses__() if kind and model.record_kind == kind), None)


def visible_to(reader: Actor, model: Any) -> ColumnElement[bool]:
    """The criterion that holds for the rows of `model`, an owned one or an alias of it, which this reader may see."""
    return _criterion(reader, model) if isinstance(model, type) else _made(reader, model)


@lru_cache(maxsize=MOST_CRITERIA)
def _criterion(reader: Actor, model: Any) -> ColumnElement[bool]:
    """The same, made once for equal readers: a desk asks fifty times, and it follows from nothing but these two."""
    return _made(reader, model)


def forget_criteria() -> None:
    """Make every criterion anew: after one of the rules that they follow from was put in the place of another."""
    _criterion.cache_clear()


def _made(reader: Actor, model: type[Owned]) -> ColumnElement[bool]:
    if reader.is_system:
        return true()
    ways: list[ColumnElement[bool]] = [and_(model.is_published, model.disclosure == "public")]
    if reader.is_signed_in:
        ways += [_own(reader, model), model.also_seen_by(reader)]
    if reader.is_verified:
        ways.append(and_(model.is_published, model.disclosure == "members"))
        ways.append(and_(model.is_published, model.disclosure == "named", _named(reader, model)))
    if reader.is_secretariat:
        ways.append(and_(model.is_published, true()))
    return and_(or_(*ways), model.seen_only_where(reader))


def _own(reader: Actor, model: type[Owned]) -> ColumnElement[bool]:
    ids = reader.organisation_ids
    return model.organisation_id.in_(ids) if ids else false()


def _named(reader: Actor, model: type[Owned]) -> ColumnElement[bool]:
    ids = [m.organisation_id for m in reader.memberships if m.is_verified]
    return (
        select(Audience.record_id)
        .where(
            Audience.record_kind == model.record_kind,
            Audience.record_id == model.id,
            Audience.organisation_id.in_(ids),
        )
        .exists()
    )


def readable(reader: Actor, model: type[Record]) -> Select[Record]:
    """A query of `model` that yields only what this reader may see; every page begins with it."""
    return select(model).where(visible_to(reader, model))


def find_readable(tx: Tx, reader: Actor, model: type[Record], ref: str) -> Record | None:
    """The record with that reference and its organisation, if this reader may see it."""

    def read() -> Record | None:
        owner = getattr(model, "organisation", None)
        query = readable(reader, model).where(getattr(model, "ref") == ref)  # noqa: B009 - records have one
        return tx.scalar(query.options(selectinload(owner)) if owner is not None else query)

    return read_once(tx, (model, reader, ref), read)


def audience_tokens(record: Owned, named: Iterable[int]) -> list[str]:
    """What the search index keeps beside a restricted record: any one of these tokens opens it.

    Being named opens by a token of its own: it counts for verified organisations alone, owning for all.
    """
    tokens = [f"o{record.organisation_id}", "secretariat"]
    if record.disclosure == "members":
        tokens.append("members")
    if record.disclosure == "named":
        tokens += [f"n{organisation_id}" for organisation_id in named]
    return tokens


def reader_tokens(reader: Actor) -> frozenset[str]:
    """The tokens that this reader holds; what the index finds with them is checked against the database again."""
    if not reader.is_signed_in:
        return frozenset()
    tokens = {f"o{organisation_id}" for organisation_id in reader.organisation_ids}
    tokens.update(f"n{m.organisation_id}" for m in reader.memberships if m.is_verified)
    if reader.is_verified:
        tokens.add("members")
    if reader.is_secretariat:
        tokens.add("secretariat")
    return frozenset(tokens)


def field_tier(record: Owned, field: str) -> str:
    """The tier of one field: its own, but never wider than its record's."""
    own = str(record.field_disclosure.get(field, record.disclosure))
    return max(own, record.disclosure, key=TIERS.index)


def may_see_field(reader: Actor, record: Owned, field: str, named: Iterable[int] = ()) -> bool:
    """Whether a reader who may see the record may also see this field of it."""
    if reader.is_system or record.organisation_id in reader.organisation_ids:
        return True
    tier = field_tier(record, field)
    if tier == "public":
        return True
    if tier == "members":
        return reader.is_verified
    verified = {m.organisation_id for m in reader.memberships if m.is_verified}
    return tier == "named" and bool(verified & set(named))


def name_audience(tx: Tx, record: Owned, organisation_ids: Iterable[int]) -> None:
    """Set the organisations that a record of tier `named` is shown to."""
    tx.execute(
        delete(Audience).where(Audience.record_kind == record.record_kind, Audience.record_id == record.id),
    )
    for organisation_id in sorted(set(organisation_ids)):
        tx.add(Audience(record_kind=record.record_kind, record_id=record.id, organisation_id=organisation_id))


def audience_of(tx: Tx, record: Owned) -> list[int]:
    """The organisations that the record names."""
    query = select(Audience.organisation_id).where(
        Audience.record_kind == record.record_kind,
        Audience.record_id == record.id,
    )
    return list(tx.scalars(query))


def audiences_of(tx: Tx, records: Iterable[Owned]) -> dict[int, list[int]]:
    """The organisations that each of several records of one kind names, by the number of the record."""
    asked = {record.id: record.record_kind for record in records}
    query = select(Audience).where(Audience.record_kind.in_(set(asked.values())), Audience.record_id.in_(asked))
    found: dict[int, list[int]] = {}
    for row in tx.scalars(query) if asked else ():
        found.setdefault(row.record_id, []).append(row.organisation_id)
    return found


@dataclass(frozen=True)
class Surface:
    """A place where records reach people: what kind of place, and which kinds of record it shows."""

    name: str
    form: str
    shows: frozenset[str]


SURFACES: dict[str, Surface] = {}
FORMS = frozenset({"page", "list", "count", "facet", "suggestion", "feed", "export", "mail", "api", "panel", "file"})
NOTHING = "nothing"
"""The surface of a route that shows no record of anybody."""


def surface(name: str, form: str, *shows: str) -> str:
    """Register a surface and give back its name.

    Raises:
        ValueError: an unknown form, or the same name with another meaning.
    """
    if form not in FORMS:
        raise ValueError(f"unknown form of surface: {form}")
    made = Surface(name, form, frozenset(shows))
    if SURFACES.setdefault(name, made) != made:
        raise ValueError(f"two surfaces are called {name}")
    return name


def narrowest(tiers: Mapping[str, str]) -> str:
    """The narrowest of several tiers, `public` when there are none."""
    return max(tiers.values(), key=TIERS.index, default="public")
