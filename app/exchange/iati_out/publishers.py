"""Which organisations have something public to tell, and how much."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from app.exchange.iati_out.queries import LIVES
from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import ANONYMOUS
from app.organisations.models import Organisation
from app.organisations.rules import LISTED
from app.pledges.models import Pledge
from app.pledges.queries import shown
from app.programmes.models import Programme


@dataclass(frozen=True)
class Publisher:
    """An organisation with how many programmes of its anybody may see."""

    organisation: Organisation
    programmes: int


def publishers(tx: Tx) -> list[Publisher]:
    """Those of whom anybody may see a programme or a pledge, given or received, by name."""
    columns = Programme.organisation_id, func.count()
    query = select(*columns).where(visible_to(ANONYMOUS, Programme), Programme.is_published)
    counts = dict(tx.execute(query.group_by(Programme.organisation_id)).all())
    wanted = {*counts, *(one for pair in _pledged(tx) for one in pair)}
    rows = select(Organisation).where(Organisation.id.in_(wanted), Organisation.status.in_(LISTED))
    found = tx.scalars(rows.order_by(Organisation.folded_name, Organisation.id))
    return [Publisher(row, counts.get(row.id, 0)) for row in found]


def has_something(tx: Tx, organisation_id: int) -> bool:
    """Whether anybody may see a programme or a pledge of this organisation."""
    query = select(Programme.id).where(visible_to(ANONYMOUS, Programme), Programme.organisation_id == organisation_id)
    if tx.scalar(query.where(Programme.is_published).limit(1)) is not None:
        return True
    sides = or_(Pledge.organisation_id == organisation_id, Pledge.need_organisation_id == organisation_id)
    return bool(_pledged(tx, sides))


def _pledged(tx: Tx, *among: ColumnElement[bool]) -> list[tuple[int, int]]:
    """Who gives to whom, where anybody may see both."""
    columns = Pledge.organisation_id, Pledge.need_organisation_id, Pledge.field_disclosure
    query = shown(ANONYMOUS).where(Pledge.status.in_(LIVES), *among).with_only_columns(*columns)
    return [(giver, asks) for giver, asks, narrowed in tx.execute(query) if narrowed.get("donor", "public") == "public"]


def all_organisations(tx: Tx) -> list[Organisation]:
    """Every organisation that is listed, in the order in which it came."""
    return list(tx.scalars(select(Organisation).where(Organisation.status.in_(LISTED)).order_by(Organisation.id)))
