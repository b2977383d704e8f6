"""Whom one may invite to a meeting, who may be asked to do something, and which records are meant by what was typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Account, Membership
from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import ROLES_THAT_EDIT, STATUSES_THAT_COUNT, Actor
from app.foundation.tags import has_code
from app.needs.models import Need
from app.notifications.queries import visible_records
from app.notifications.rules import Part
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.programmes.models import Programme
from app.programmes.rules import RUNNING

SUBJECTS: Mapping[str, str] = {
    "N": "need", "P": "programme", "C": "course", "L": "lesson", "U": "output", "G": "pledge",
}  # fmt: skip
"""Which kind of record a reference belongs to, by the letter that it begins with."""


def is_active_in(tx: Tx, reader: Actor, organisation_id: int, iso2: str) -> bool:
    """Whether one of the reader's own organisations has a programme for a country, or a pledge for a need there."""
    own = (Programme.organisation_id == organisation_id, Programme.is_published)
    programmes = select(Programme.id).where(visible_to(reader, Programme), *own, has_code(Programme, "country", [iso2]))
    if tx.scalar(programmes.limit(1)) is not None:
        return True
    here = select(Need.id).where(visible_to(reader, Need), has_code(Need, "country", [iso2]))
    pledges = select(Pledge.id).where(visible_to(reader, Pledge), Pledge.organisation_id == organisation_id)
    return tx.scalar(pledges.where(Pledge.need_id.in_(here)).limit(1)) is not None


def likely_invited(tx: Tx, reader: Actor, iso2: str) -> list[Organisation]:
    """Whom one would invite: the verified authorities of the country, and the verified organisations at work there."""
    here = (has_code(Programme, "country", [iso2]), Programme.is_published, Programme.status.in_(RUNNING))
    at_work = select(Programme.organisation_id).where(visible_to(reader, Programme), *here)
    of_the_state = and_(Organisation.country == iso2, Organisation.kind == "state")
    query = select(Organisation).where(
        Organisation.status.in_(STATUSES_THAT_COUNT), or_(of_the_state, Organisation.id.in_(at_work))
    )
    return list(tx.scalars(query.order_by(Organisation.folded_name, Organisation.id).limit(40)))


def people_to_ask(tx: Tx, reader: Actor, organisation_ids: Collection[int]) -> list[Membership]:
    """Who may be named on an action point: focal points, and of the reader's own organisations whoever writes."""
    own = and_(Membership.organisation_id.in_(reader.organisation_ids), Membership.role.in_(ROLES_THAT_EDIT))
    query = (
        select(Membership)
        .join(Membership.account)
        .join(Membership.organisation)
        .where(Membership.organisation_id.in_(list(organisation_ids)), Account.status == "active")
        .where(or_(Membership.role == "focal_point", own))
        .options(contains_eager(Membership.account), contains_eager(Membership.organisation))
    )
    return list(tx.scalars(query.order_by(Organisation.folded_name, Account.name, Account.id)))


def typed_records(tx: Tx, reader: Actor, text: str) -> tuple[list[Part], list[str]]:
    """The records that somebody names by their references, and what of it this person may not see or is none."""
    refs = list(dict.fromkeys(text.upper().replace(",", " ").replace(";", " ").split()))
    parts = {ref: (SUBJECTS.get(ref.partition("-")[0], ""), ref) for ref in refs}
    seen = visible_records(tx, reader, (part for part in parts.values() if part[0]))
    return [parts[ref] for ref in refs if parts[ref] in seen], [ref for ref in refs if parts[ref] not in seen]
