"""The people and records that the writers of a fault test need: enough that no two stand in each other's way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import select

from app.courses.models import Course
from app.foundation.db import Database, Tx
from app.foundation.migrate import upgrade
from app.needs.models import Need
from app.organisations.models import Organisation
from tests.factories import World

ROLES = ("needs", "pledges", "nominations", "answers")
ON_ONE = 40
"""So many pledges on one need, so many candidates in one session: what is counted on each page stays small."""
AT_ONCE = 200


@dataclass
class Town:
    """Where the writers sign in, and what they write about, by reference."""

    people: dict[str, list[str]] = field(default_factory=lambda: {role: [] for role in ROLES})
    needs: list[str] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def build(database: Database, people: int, writes: int) -> Town:
    """A town for so many writers, each of whom writes in one of four ways, and for so many writes in all."""
    upgrade(database)
    now, town = datetime.now(UTC), Town()
    with database.transaction() as tx:
        world = World(tx, now)
        state, donor, centre = (world.organisation(kind) for kind in ("state", "donor", "centre"))
        for kind, one in (("state", state), ("donor", donor), ("centre", centre)):
            world.account(one, "editor", email=f"second@{kind}.example")
        for number in range(-(-people // len(ROLES))):
            town.people["needs"].append(world.account(state, email=f"official{number}@state.example").email)
            town.people["pledges"].append(world.account(donor, email=f"giver{number}@donor.example").email)
            other = world.organisation("state", name=f"State {number}", country="GH")
            focal = world.account(other, "focal_point", email=f"focal{number}@state.example")
            town.people["nominations"].append(focal.email)
            town.people["answers"].append(world.account(state, email=f"answers{number}@state.example").email)
        ids = (state.id, donor.id, centre.id)
    each = max(1, writes // len(ROLES))
    _records(database, town, ids, -(-each // ON_ONE) + 1)
    _questions(database, town, ids, each)
    return town


def _records(database: Database, town: Town, ids: tuple[int, int, int], count: int) -> None:
    for _lot in range(0, count, AT_ONCE):
        with database.transaction() as tx:
            world, now = World(tx, datetime.now(UTC)), datetime.now(UTC)
            state, _donor, centre = (tx.get_one(Organisation, number) for number in ids)
            days = {"starts_on": now.date().replace(year=now.year + 1, day=1), "register_by": None, "seats": 5000}
            days["ends_on"] = now.date().replace(year=now.year + 1, day=5)
            for _ in range(min(AT_ONCE, count - _lot)):
                town.needs.append(world.need(state, lines=[{"quantity": Decimal(1_000_000)}]).ref)
                course = world.course(centre, sessions=[days])
                town.sessions.append(f"{course.ref}/sessions/{course.sessions[0].ref}")


def _questions(database: Database, town: Town, ids: tuple[int, int, int], count: int) -> None:
    for lot in range(0, count, AT_ONCE):
        with database.transaction() as tx:
            world = World(tx, datetime.now(UTC))
            donor = tx.get_one(Organisation, ids[1])
            need = need_of(tx, town.needs[lot // AT_ONCE % len(town.needs)])
            for number in range(min(AT_ONCE, count - lot)):
                asked = f"How many days does the training of group {lot + number} take?"
                town.questions.append(world.clarification(need, donor, question=asked).ref)


def need_of(tx: Tx, ref: str) -> Need:
    """A need of the town."""
    # disclosure: the test looks at its own world.
    return tx.scalars(select(Need).where(Need.ref == ref)).one()


def course_of(tx: Tx, ref: str) -> Course:
    """A course of the town."""
    # disclosure: the test looks at its own world.
    return tx.scalars(select(Course).where(Course.ref == ref)).one()
