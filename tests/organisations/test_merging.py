"""Two records of one organisation become one, and nothing of either is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Membership
from app.foundation.db import Base, Tx
from app.foundation.disclosure import Audience, audience_of
from app.foundation.permissions import Refused
from app.needs.models import Need
from app.organisations import queries
from app.organisations.merging import OWNER, STAYS, merge, moving
from app.organisations.models import Organisation
from app.organisations.rules import Identity, WrongMove
from tests.factories import World

SignIn = Callable[..., Any]


def pair(world: World, **gone: Any) -> tuple[Organisation, Organisation]:
    """The record that goes, and the one that stays."""
    kept = world.organisation("donor", name="Agence nordique")
    return world.organisation("donor", name="Nordic Agency", **gone), kept


def test_everything_changes_hands(tx: Tx, world: World, now: datetime) -> None:
    gone, kept = pair(world)
    state = world.organisation()
    programme, need = world.programme(gone), world.need(state)
    pledge, person = world.pledge(need, gone), world.account(gone)
    merge(tx, world.somebody("secretariat"), gone, kept, "The same agency", now)
    tx.expire_all()
    assert {programme.organisation_id, pledge.organisation_id} == {kept.id}
    assert [place.organisation_id for place in person.memberships] == [kept.id]
    assert (gone.status, gone.merged_into_id) == ("merged", kept.id)
    assert moving(tx, gone) == []


def test_no_row_anywhere_still_belongs_to_the_one_that_went(tx: Tx, world: World, now: datetime) -> None:
    """Asked of every table, so that one that is added later is not forgotten."""
    gone, kept = pair(world)
    world.programme(gone)
    world.account(gone)
    merge(tx, world.somebody("secretariat"), gone, kept, "The same agency", now)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_owner = column.name == "organisation_id" or any(
                key.target_fullname == OWNER for key in column.foreign_keys
            )
            if is_owner and table.name not in STAYS:
                assert tx.scalar(select(func.count()).select_from(table).where(column == gone.id)) == 0, table.name


def test_who_belongs_to_both_belongs_once(tx: Tx, world: World, now: datetime) -> None:
    gone, kept = pair(world)
    person = world.account(kept, "focal_point")
    world.membership(person, gone, "member")
    need = world.need(world.organisation(), disclosure="named", named=[gone, kept])
    merge(tx, world.somebody("secretariat"), gone, kept, "The same agency", now)
    places = tx.scalars(select(Membership).where(Membership.account_id == person.id)).all()
    assert [(place.organisation_id, place.role) for place in places] == [(kept.id, "focal_point")]
    assert audience_of(tx, need) == [kept.id]
    assert tx.scalar(select(func.count()).select_from(Audience)) == 1


def test_names_and_identifier_are_kept_and_found(tx: Tx, world: World, now: datetime) -> None:
    gone, kept = pair(world, iati_identifier="XX-1")
    merge(tx, world.somebody("secretariat"), gone, kept, "The same agency", now)
    assert (kept.iati_identifier, kept.former_names) == ("XX-1", ["Nordic Agency"])
    likely = queries.near_duplicates(tx, Identity(("Nordic Agency",), "NO"))
    assert [one.organisation.id for one in likely] == [kept.id]


def test_the_history_of_both_is_told(client: FlaskClient, world: World, sign_in: SignIn, tx: Tx, now: datetime) -> None:
    gone, kept = pair(world)
    sign_in(client, world.account(world.organisation("secretariat")))
    asked = client.get(f"/organisations/{gone.ref}/merge?into={kept.ref}")
    assert "Agence nordique" in asked.get_data(as_text=True)
    data = {"into": kept.ref, "reason": "The same agency", "sure": "y"}
    answer = client.submit(f"/organisations/{gone.ref}/merge", data)
    assert answer.headers["Location"] == f"/organisations/{kept.ref}"
    led = client.get(f"/organisations/{gone.ref}")
    assert (led.status_code, led.headers["Location"]) == (301, f"/organisations/{kept.ref}")
    page = client.get(f"/organisations/{kept.ref}").get_data(as_text=True)
    assert "Another record of the same organisation was merged into this one" in page
    assert "Merged into another record" in page


@pytest.mark.parametrize(
    ("gone", "kept", "why"),
    [
        ({"kind": "donor"}, {"kind": "centre"}, "different kinds"),
        ({"kind": "donor", "status": "suspended"}, {"kind": "donor"}, "Only records"),
        ({"kind": "donor"}, {"kind": "donor", "status": "recorded"}, "imported record into the verified"),
        ({"kind": "secretariat"}, {"kind": "secretariat"}, "different kinds"),
    ],
)
def test_what_cannot_be_one(
    tx: Tx, world: World, now: datetime, gone: dict[str, str], kept: dict[str, str], why: str
) -> None:
    one, other = world.organisation(**gone), world.organisation(**kept)  # type: ignore[arg-type]
    with pytest.raises(WrongMove, match=why):
        merge(tx, world.somebody("secretariat"), one, other, "The same", now)
    assert one.merged_into_id is None


def test_only_the_secretariat_merges(tx: Tx, world: World, now: datetime) -> None:
    gone, kept = pair(world)
    with pytest.raises(Refused):
        merge(tx, world.actor(world.account(kept, "focal_point")), gone, kept, "Mine", now)
    with pytest.raises(WrongMove, match="same record"):
        merge(tx, world.somebody("secretariat"), kept, kept, "Itself", now)
    assert tx.scalars(select(Need)).all() == []
