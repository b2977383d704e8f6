"""What each record that a reader may see adds to the sums of the front page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from app.courses.models import Course, CourseTag
from app.courses.queries import has_sessions_to_come
from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import Actor
from app.needs.models import Need, NeedLine, NeedTag
from app.needs.rules import OPEN
from app.overview.changes import Changed
from app.overview.coverage import covered_hundredths, enough
from app.overview.queries import LIVE
from app.overview.sums.rules import Part, Ref
from app.programmes.models import Programme, ProgrammeTag
from app.programmes.queries import open_offers

FACETS = ("theme", "country")


def parts_of(tx: Tx, reader: Actor, today: date, changed: Changed | None = None) -> dict[Ref, Part]:
    """What every record adds, or those alone that have changed."""
    found = _of_needs(tx, reader, changed)
    for kind, tag, model, is_offered, counts in (
        ("programme", ProgrammeTag, Programme, (open_offers(today),), (0, 0, 0, 1, 0)),
        ("course", CourseTag, Course, (Course.status == "posted", has_sessions_to_come(today)), (0, 0, 0, 0, 1)),
    ):
        where = (visible_to(reader, model), model.is_published, *is_offered, *_among(model, kind, changed))
        codes = _codes(tx, select(model.ref, tag.facet, tag.value).join(tag, tag.record_id == model.id), tag, where)
        # An offer counts under its themes, and one without any nowhere.
        found.update({(kind, ref): Part(counts, tuple(of)) for (ref, facet), of in codes.items() if facet == "theme"})
    return found


def _among(model: Any, kind: str, changed: Changed | None) -> Sequence[ColumnElement[bool]]:
    return () if changed is None else (model.ref.in_(changed.refs(kind)),)


def _of_needs(tx: Tx, reader: Actor, changed: Changed | None) -> dict[Ref, Part]:
    among = _among(Need, "need", changed)
    where = (visible_to(reader, Need), Need.is_published, Need.status.in_(LIVE), *among)
    covering = covered_hundredths(reader, *among)
    is_covered = and_(NeedLine.id.is_not(None), enough(covering))
    query = (
        select(
            Need.ref,
            case((Need.status.in_(OPEN), 1), else_=0),
            func.count(NeedLine.id),
            func.coalesce(func.sum(case((is_covered, 1), else_=0)), 0),
        )
        .outerjoin(NeedLine, NeedLine.need_id == Need.id)
        .outerjoin(covering, covering.c.line_id == NeedLine.id)
        .where(*where)
        .group_by(Need.id, Need.ref, Need.status)
    )
    codes = _codes(tx, select(Need.ref, NeedTag.facet, NeedTag.value).join(NeedTag), NeedTag, where)
    return {
        ("need", ref): Part(
            (needs, lines, int(covered), 0, 0), *(tuple(codes.get((ref, facet), ())) for facet in FACETS)
        )
        for ref, needs, lines, covered in tx.execute(query)
    }


def _codes(tx: Tx, query: Any, tag: Any, where: Sequence[Any]) -> Mapping[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for ref, facet, value in tx.execute(query.where(*where, tag.facet.in_(FACETS)).order_by(tag.value)):
        found.setdefault((ref, facet), []).append(value)
    return found
