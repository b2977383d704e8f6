"""The tests' own factories make rows that the tables take, and what disclosure says of them."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.foundation.disclosure import readable
from app.foundation.permissions import ANONYMOUS
from app.needs.models import Need
from tests.factories import PASSWORD


def test_every_factory_makes_a_row(world):
    state, donor, centre = (world.organisation(kind) for kind in ("state", "donor", "centre"))
    need = world.need(state, indicators=[{"target": "20"}])
    course = world.course(centre, sessions=[{"seats": 12}])
    programme = world.programme(donor, groupings=["ECOWAS"])
    assert need.codes("country") == ["SN"]
    assert course.sessions[0].seats == 12
    assert programme.codes("grouping") == ["ECOWAS"]
    assert world.pledge(need, donor).lines[0].quantity == 5
    assert world.lesson(state).ref.startswith("L-")
    assert world.output(donor).ref.startswith("U-")


def test_a_named_record_is_read_by_those_it_names(world, tx):
    named, other = world.somebody("donor"), world.somebody("donor")
    organisation = tx.get_one(world.organisation().__class__, named.main.organisation_id)
    need = world.need(world.organisation(), named=[organisation])
    assert tx.scalars(readable(named, Need)).all() == [need]
    assert tx.scalars(readable(other, Need)).all() == []
    assert tx.scalars(readable(ANONYMOUS, Need)).all() == []


def test_everybody_has_the_same_password(world):
    from app.accounts.passwords import matches

    assert matches(world.account().password_hash, PASSWORD)


@pytest.mark.parametrize("time", [1, 2])
def test_nothing_stays_from_one_test_to_the_next(world, tx, database, time):
    assert tx.scalar(select(func.count()).select_from(Need)) == 0
    world.need(world.organisation())
    with database.transaction() as site:
        assert site.scalar(select(func.count()).select_from(Need)) == 1


def test_a_reading_transaction_that_writes_is_found_out(world, database):
    need = world.need(world.organisation())
    with database.reading() as reading, pytest.raises(AssertionError, match="writes"):
        reading.get(Need, need.id).title = "changed"
        reading.flush()


def test_what_is_written_while_reading_stays(world, database, tx):
    world.organisation()
    with database.reading() as reading:
        assert reading.scalar(select(func.count()).select_from(Need)) == 0
        with database.transaction() as writing:
            world.tx = writing
            world.need(world.organisation())
    assert tx.scalar(select(func.count()).select_from(Need)) == 1


def test_a_rolled_back_change_is_gone(world, database, tx):
    with pytest.raises(ZeroDivisionError), database.transaction() as writing:
        world.tx = writing
        world.need(world.organisation())
        1 / 0  # noqa: B018 - any error will do
    assert tx.scalar(select(func.count()).select_from(Need)) == 0
