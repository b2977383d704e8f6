"""Plain rows and codes: what is wanted of the tables, how it is read quickly, and which countries a code stands for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, Select, Subquery, cast, func, or_, select, type_coerce

from app.foundation.db import Tx
from app.foundation.tags import has_code
from app.overview.changes import Changed
from app.reference.groupings import groupings_of, members


@dataclass(frozen=True)
class Wanted:
    """What is to be read: what is in some countries, or some records that changed; None is all of it."""

    countries: frozenset[str] | None = None
    records: Changed | None = None

    def among(self, model: Any) -> list[ColumnElement[bool]]:
        """The criterion that a record of `model` is among those that changed, if anything is said of that."""
        return [] if self.records is None else [model.ref.in_(self.records.refs(model.record_kind))]

    def is_none_of(self, model: Any) -> bool:
        """Whether nothing of that kind is wanted."""
        return self.records is not None and not self.records.refs(model.record_kind)


def rows(tx: Tx, query: Any) -> Any:
    """Plain rows: nothing of them is a record that the session would have to keep."""
    return tx.connection().execute(query).fetchall()


def tags_of(model: Any, facets: tuple[str, ...], wanted: Wanted) -> Subquery:
    """The codes of a record in one text (theme:police country:SN), so that a record is one row."""
    tag = model.tag_class
    codes = func.aggregate_strings(tag.facet + ":" + tag.value, " ").label("codes")
    query = select(tag.record_id, codes).where(tag.facet.in_(facets)).group_by(tag.record_id)
    # disclosure: which of these codes a reader is told says the query that they are put to
    among = [tag.record_id.in_(select(model.id).where(*wanted.among(model)))] if wanted.records is not None else []
    return query.where(*among).subquery()


def here(query: Select[Any], model: Any, wanted: Wanted) -> Select[Any]:
    """Only what is wanted: what names one of the countries or one of their groupings."""
    if wanted.countries is None:
        return query.where(*wanted.among(model))
    codes = sorted(wanted.countries)
    grouped = sorted({grouping for country in codes for grouping in groupings_of(country)})
    named = [has_code(model, facet, codes) for facet in ("country", "likely_country")]
    return query.where(or_(*named, has_code(model, "grouping", grouped)))


def places(codes: str, countries: frozenset[str] | None) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The countries (of these alone, if any are given), themes and kinds of a record's codes."""
    places, themes, kinds = _read(codes)
    return (places if countries is None else tuple(c for c in places if c in countries)), themes, kinds


@lru_cache(maxsize=32_768)
def _read(codes: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    by_facet: dict[str, list[str]] = {}
    for code in codes.split(" "):
        facet, _colon, value = code.partition(":")
        by_facet.setdefault(facet, []).append(value)
    named = by_facet.get("country") or by_facet.get("likely_country", [])
    grouped = (country for grouping in by_facet.get("grouping", ()) for country in members(grouping))
    # The database gives the codes in any order, and the same record has to read the same each time.
    return tuple(sorted({*named, *grouped})), _ordered(by_facet, "theme"), _ordered(by_facet, "kind")


def _ordered(by_facet: dict[str, list[str]], facet: str) -> tuple[str, ...]:
    return tuple(sorted(by_facet.get(facet, ())))


def plain(column: Any) -> Any:
    """A quantity as a plain number of hundredths."""
    return cast(type_coerce(column, BigInteger), Float)
