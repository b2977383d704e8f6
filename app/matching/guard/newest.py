"""Records that the index may not know yet, or knows for some readers alone: the newest public ones, and the others.

They are near what is about to be posted: of a neighbouring theme, in one of its places or groupings.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.foundation.db import Tx
from app.foundation.disclosure import TIERS, readable
from app.foundation.permissions import Actor
from app.foundation.tags import has_code
from app.matching.guard.records import LIVE, MODELS
from app.matching.guard.rules import Facts

NEWEST = 20
RECENT = 1_000
"""Only among so many public rows, the latest, one is looked for that the index does not know yet."""
PUBLIC, *NARROWER = TIERS
Codes = Mapping[str, frozenset[str]]


def places_of(mine: Facts) -> list[Codes]:
    """The lists of codes of which a record has to have one, to be in the same places: of any of these lists."""
    groupings = mine.groupings | mine.groupings_of
    asked: list[Codes] = [{"country": mine.countries}, {"grouping": groupings}]
    return [place for place in asked if all(place.values())] or [{}]


def newest_of(tx: Tx, reader: Actor, kind: str, mine: Facts) -> list[int]:
    """The newest public rows that the index may not know yet, and every row that is not public and may be seen."""
    model = MODELS[kind]
    near: list[ColumnElement[bool]] = [model.is_published, LIVE[kind]]
    if mine.themes:
        near.append(has_code(model, "theme", sorted(mine.near_themes)))
    places = [has_code(model, facet, sorted(codes)) for place in places_of(mine) for facet, codes in place.items()]
    query = readable(reader, model).where(*near, *([or_(*places)] if places else [])).with_only_columns(model.id)
    newest = query.where(model.disclosure == PUBLIC, _is_recent(model)).order_by(model.id.desc()).limit(NEWEST)
    # Tier by tier rather than all but one: that is found by an index.
    return [*tx.scalars(newest), *tx.scalars(query.where(model.disclosure.in_(NARROWER)))]


def _is_recent(model: Any) -> ColumnElement[bool]:
    # disclosure: the highest number alone, which nobody is told
    latest = select(func.max(model.id)).scalar_subquery()
    recent: ColumnElement[bool] = model.id > latest - RECENT
    return recent


class NewestOfMany:
    """The same for many that are about to be posted, with one question to the database for all of them."""

    def __init__(self, tx: Tx, reader: Actor, kind: str, several: Sequence[Facts]) -> None:
        self._public: set[int] = set()
        self._others: set[int] = set()
        self._with: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._known: dict[Hashable, list[int]] = {}
        for number, disclosure, facet, value in tx.execute(_tagged(reader, kind, several)):
            (self._public if disclosure == PUBLIC else self._others).add(number)
            self._with[facet, value].add(number)

    def of(self, mine: Facts) -> list[int]:
        """The numbers of the records that are near this one."""
        asked = (mine.themes, mine.countries, mine.groupings)
        if asked not in self._known:
            self._known[asked] = self._near(mine)
        return self._known[asked]

    def _near(self, mine: Facts) -> list[int]:
        near, places = self._public | self._others, places_of(mine)
        if mine.themes:
            near = self._having({"theme": mine.near_themes})
        if any(places):
            near &= set[int]().union(*(self._having(place) for place in places))
        return [*heapq.nlargest(NEWEST, near & self._public), *(near & self._others)]

    def _having(self, codes: Codes) -> set[int]:
        return set[int]().union(*(self._with.get((facet, code), ()) for facet, some in codes.items() for code in some))


def _tagged(reader: Actor, kind: str, several: Sequence[Facts]) -> Any:
    """Number, tier and codes of all records that could be near one of them; a row for each code."""
    model = MODELS[kind]
    # By another name than the one under which `has_code` looks for the same rows.
    tag = aliased(model.tag_class)
    wanted = {"theme": set[str](), "country": set[str](), "grouping": set[str]()}
    for mine in several:
        for codes in [{"theme": mine.near_themes}, *places_of(mine)]:
            for facet, some in codes.items():
                wanted[facet] |= some
    telling = or_(*(and_(tag.facet == facet, tag.value.in_(sorted(some))) for facet, some in wanted.items()))
    worth = or_(_is_recent(model), model.disclosure.in_(NARROWER))
    query = readable(reader, model).where(model.is_published, LIVE[kind], worth, *_near_any(model, several, wanted))
    columns = (model.id, model.disclosure, tag.facet, tag.value)
    return query.outerjoin(tag, and_(tag.record_id == model.id, telling)).with_only_columns(*columns)


def _near_any(model: Any, several: Sequence[Facts], wanted: Mapping[str, Iterable[str]]) -> list[ColumnElement[bool]]:
    """What every record has to have that is near one of them, where all of them say what they are about, or where."""
    found: list[ColumnElement[bool]] = []
    if all(mine.themes for mine in several):
        found.append(has_code(model, "theme", sorted(wanted["theme"])))
    if all(any(places_of(mine)) for mine in several):
        found.append(or_(*(has_code(model, facet, sorted(wanted[facet])) for facet in ("country", "grouping"))))
    return found
