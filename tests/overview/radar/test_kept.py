"""What is kept and brought up to date is what is read anew, whatever has changed, for every reader."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.foundation.audit import record_event
from app.foundation.disclosure import name_audience
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.overview.radar.memory import Memory
from app.overview.radar.queries import radar_of
from tests.overview.radar.test_oracle import KINDS, THEMES, TIERS, TODAY, Chance


class Moves:
    """Changes a small world, one record at a time, as the services do: each change with its event."""

    def __init__(self, world: Any, chance: Chance) -> None:
        self.world, self.chance, self.rng, self.tx = world, chance, chance.rng, world.tx
        self.pledges = [self.pledge() for _each in range(3)]
        self.limits = [world.limit(state, most=self.rng.randint(0, 1)) for state in chance.states]

    def event(self, record: Any) -> Any:
        self.tx.flush()
        record_event(self.tx, SYSTEM, f"{record.record_kind}.amended", record, self.world.now)
        return record

    def pledge(self) -> Any:
        need = self.rng.choice(self.chance.needs)
        lines = [{"need_line_id": need.lines[0].id, "quantity": Decimal(self.rng.randint(1, 25))}]
        made = self.world.pledge(
            need, self.rng.choice(self.chance.donors), lines=lines, status="pledged", accepted_at=self.world.now,
            programme_id=self.rng.choice(self.chance.programmes).id,
        )  # fmt: skip
        return self.event(made)

    def move(self) -> None:
        """One change of chance."""
        moves = (self.posted, self.moved, self.hidden, self.hidden, self.retagged, self.dated, self.limited, self.held)
        self.rng.choice(moves)()
        self.tx.flush()

    def any_record(self) -> Any:
        return self.rng.choice([*self.chance.needs, *self.chance.programmes, *self.chance.courses, *self.pledges])

    def posted(self) -> None:
        make = self.rng.choice((self.chance.need, self.chance.programme, self.chance.course, self.pledge))
        made = self.event(make())
        {"need": self.chance.needs, "programme": self.chance.programmes, "course": self.chance.courses}.get(
            made.record_kind, self.pledges
        ).append(made)

    def moved(self) -> None:
        kind, values = self.rng.choice((
            ("needs", ("posted", "closed", "withdrawn")), ("programmes", "12345"), ("courses", ("posted", "withdrawn")),
        ))  # fmt: skip
        record = self.rng.choice(getattr(self.chance, kind))
        record.status = self.rng.choice(values)
        self.event(record)

    def hidden(self) -> None:
        record = self.any_record()
        record.disclosure = self.rng.choice(TIERS)
        if record.record_kind == "pledge":
            record.field_disclosure = {field: "own" for field in ("donor", "amount") if self.rng.random() < 0.5}
        name_audience(self.tx, record, [self.chance.donors[0].id] if record.disclosure == "named" else ())
        self.event(record)

    def retagged(self) -> None:
        record = self.rng.choice([*self.chance.needs, *self.chance.programmes])
        record.set_codes("theme", [self.rng.choice(THEMES)])
        record.set_codes("country", self.rng.sample(("SN", "GH", "PE", "ML"), self.rng.randint(1, 2)))
        self.event(record)

    def dated(self) -> None:
        need = self.rng.choice(self.chance.needs)
        need.lines[0].starts_on, need.lines[0].kind = self.chance.day(), self.rng.choice(KINDS)
        self.event(need)

    def limited(self) -> None:
        limit = self.rng.choice(self.limits)
        limit.most, limit.status = self.rng.randint(0, 2), self.rng.choice(("standing", "standing", "ended"))
        self.event(limit)

    def held(self) -> None:
        session = self.rng.choice(self.rng.choice(self.chance.courses).sessions)
        session.starts_on = self.chance.day()
        session.ends_on, session.seats = session.starts_on + timedelta(days=3), self.rng.randint(1, 40)
        self.event(session)


def said(radar: Any) -> Any:
    """Everything that a radar says, whatever the order of its rows."""
    rows = {
        country: (sorted(place.askings), sorted(place.presences), sorted(place.bounds))
        for country, place in radar.places.items()
    }
    cells = {
        (country, theme): radar.cells((country, theme)) for country in rows for theme in ("", *radar.themes(country))
    }
    return radar.window, rows, cells, radar.found, {country: radar.found_in(country) for country in rows}


@pytest.fixture
def memory():
    return Memory(many=0)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_is_what_is_read_anew(tx, world, memory, seed):
    chance = Chance(world, seed)
    moves = Moves(world, chance)
    donor = world.actor(world.account(chance.donors[0]))
    state = world.actor(world.account(chance.states[0]))
    readers = (SYSTEM, ANONYMOUS, donor, state)
    for number in range(25):
        for reader in readers[number % 2 :]:
            assert said(memory.radar(tx, reader, TODAY)) == said(radar_of(tx, reader, TODAY)), (seed, number)
        for _each in range(1 + number % 3):
            moves.move()


def test_what_a_reader_may_not_see_changes_nothing_for_that_reader(tx, world, memory, now):
    hidden = world.programme(world.organisation("donor"), disclosure="own")
    world.programme(world.organisation("donor"))
    before = memory.radar(tx, ANONYMOUS, TODAY)
    hidden.title = "Another"
    record_event(tx, SYSTEM, "programme.amended", hidden, now)
    after = memory.radar(tx, ANONYMOUS, TODAY)
    assert said(after) == said(before)
    assert all(after.places[country] is place for country, place in before.places.items())


def test_only_the_places_of_what_changed_are_made_anew(tx, world, memory, now):
    here = world.programme(world.organisation("donor"), countries=["SN"])
    world.programme(world.organisation("donor"), countries=["PE"])
    before = memory.radar(tx, ANONYMOUS, TODAY)
    here.set_codes("country", ["GH"])
    record_event(tx, SYSTEM, "programme.amended", here, now)
    after = memory.radar(tx, ANONYMOUS, TODAY)
    assert set(after.places) == {"GH", "PE"}
    assert after.places["PE"] is before.places["PE"]
    assert set(before.places) == {"SN", "PE"}


def test_what_is_taken_back_is_forgotten(tx, world, memory, now):
    programme = world.programme(world.organisation("donor"), countries=["SN"])
    record_event(tx, SYSTEM, "programme.posted", programme, now)
    assert set(memory.radar(tx, ANONYMOUS, TODAY).places) == {"SN"}
    with tx.begin_nested() as part:
        programme.set_codes("country", ["GH"])
        record_event(tx, SYSTEM, "programme.amended", programme, now)
        tx.flush()
        assert set(memory.radar(tx, ANONYMOUS, TODAY).places) == {"GH"}
        part.rollback()
    tx.expire_all()
    assert set(memory.radar(tx, ANONYMOUS, TODAY).places) == {"SN"}
    # Another event has the number now that the one had which was taken back.
    programme.set_codes("country", ["PE"])
    record_event(tx, SYSTEM, "programme.amended", programme, now)
    assert set(memory.radar(tx, ANONYMOUS, TODAY).places) == {"PE"}


def test_an_older_picture_does_not_make_a_newer_one_wrong(tx, world, memory, now):
    """Two readers at one time may keep their radars in any order."""
    programme = world.programme(world.organisation("donor"), countries=["SN"])
    record_event(tx, SYSTEM, "programme.posted", programme, now)
    memory.radar(tx, ANONYMOUS, TODAY)
    ((key, older),) = memory.kept._kept.items()
    programme.set_codes("country", ["GH"])
    record_event(tx, SYSTEM, "programme.amended", programme, now)
    memory.radar(tx, ANONYMOUS, TODAY)
    memory.kept._kept[key] = older
    assert set(memory.radar(tx, ANONYMOUS, TODAY).places) == {"GH"}
