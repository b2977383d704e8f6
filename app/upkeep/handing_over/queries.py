"""Organisations without a focal point, with those who could become one, and their open needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload

from app.accounts.models import Account, Membership
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import STATUSES_THAT_COUNT, Actor
from app.needs.models import Need
from app.needs.rules import OPEN
from app.organisations.models import Organisation


@dataclass(frozen=True)
class Orphan:
    """A verified organisation that nobody answers for: its people, and those of its open needs that the reader sees."""

    organisation: Organisation
    people: Sequence[Membership]
    needs: Sequence[Need]


def orphans(tx: Tx, reader: Actor) -> list[Orphan]:
    """Every such organisation: those with open needs first, then by name."""
    rows = tx.scalars(_without_focal_point().order_by(Organisation.name, Organisation.id)).all()
    ids = [row.id for row in rows]
    people = _people(tx, ids)
    query = readable(reader, Need).where(Need.organisation_id.in_(ids), Need.is_published, Need.status.in_(OPEN))
    slim = (lazyload(Need.tags), lazyload(Need.lines), joinedload(Need.organisation))
    needs = tx.scalars(query.order_by(Need.posted_at, Need.id).options(*slim)).all()
    found = [
        Orphan(
            row,
            [one for one in people if one.organisation_id == row.id],
            [need for need in needs if need.organisation_id == row.id],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.needs)


def is_orphaned(tx: Tx, organisation_id: int) -> bool:
    """Whether nobody answers for this organisation."""
    return tx.scalar(_without_focal_point().where(Organisation.id == organisation_id)) is not None


def _without_focal_point() -> Select[Organisation]:
    return select(Organisation).where(Organisation.status.in_(STATUSES_THAT_COUNT), ~_has_focal_point())


def _has_focal_point() -> ColumnElement[bool]:
    query = select(Membership.id).join(Account, Account.id == Membership.account_id)
    held = query.where(Membership.organisation_id == Organisation.id, Membership.role == "focal_point")
    return held.where(Account.status == "active").exists()


def _people(tx: Tx, organisation_ids: Sequence[int]) -> Sequence[Membership]:
    query = select(Membership).join(Membership.account).where(Account.status == "active")
    mine = query.where(Membership.organisation_id.in_(organisation_ids))
    return tx.scalars(mine.options(contains_eager(Membership.account)).order_by(Account.name, Account.id)).all()
