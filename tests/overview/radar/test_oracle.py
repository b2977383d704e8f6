"""Small worlds of chance: what the radar says of each cell is what one counts by hand, row by row, for each reader."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.overview.quarters import Quarter
from app.overview.radar.queries import radar_of
from app.overview.radar.rules import EVERY
from app.pledges.models import Contribution
from app.pledges.queries import coverage_shown, pledges_on, sight_of
from app.reference.groupings import members

TODAY = date(2026, 11, 23)
COUNTRIES, THEMES, KINDS = ("SN", "GH", "PE"), ("prisons", "customs"), ("training", "equipment")
TIERS = ("public", "public", "members", "named", "own")


class Chance:
    """Makes a small world."""

    def __init__(self, world: Any, seed: int) -> None:
        self.world = world
        self.rng = Random(seed)
        self.states = [world.organisation(country=country) for country in COUNTRIES]
        self.donors = [world.organisation("donor") for _each in range(4)]
        self.centre = world.organisation("centre")
        self.needs = [self.need() for _each in range(7)]
        self.programmes = [self.programme() for _each in range(6)]
        self.courses = [self.course() for _each in range(3)]
        for _each in range(10):
            self.pledge()

    def day(self) -> date:
        return date(2024, 3, 1) + timedelta(days=self.rng.randrange(1900))

    def maybe(self, value: Any) -> Any:
        return value if self.rng.random() < 0.6 else None

    def tier(self) -> dict[str, Any]:
        tier = self.rng.choice(TIERS)
        return {"disclosure": tier, "named": [self.donors[0]] if tier == "named" else ()}

    def days(self) -> dict[str, Any]:
        begins = self.day()
        return {
            "starts_on": self.maybe(begins),
            "ends_on": self.maybe(begins + timedelta(days=self.rng.randrange(500))),
        }

    def need(self) -> Any:
        lines = [{**self.days(), "kind": self.rng.choice(KINDS)} for _each in range(self.rng.randint(1, 3))]
        status = self.rng.choice(("posted", "partly_met", "closed", "withdrawn", "draft"))
        return self.world.need(
            self.rng.choice(self.states), lines=lines, themes=self.rng.sample(THEMES, self.rng.randint(1, 2)),
            countries=self.rng.sample(COUNTRIES, self.rng.randint(1, 2)), status=status,
            is_published=status != "draft", posted_at=None if status == "draft" else self.world.now, **self.days(),
            **self.tier(),
        )  # fmt: skip

    def programme(self) -> Any:
        places = (
            {"countries": [], "groupings": ["ECOWAS"]}
            if self.rng.random() < 0.3
            else {"countries": [self.rng.choice(COUNTRIES)]}
        )
        return self.world.programme(
            self.rng.choice(self.donors), status=self.rng.choice("123456"), themes=[self.rng.choice(THEMES)], **places,
            **self.days(), **self.tier(),
        )  # fmt: skip

    def course(self) -> Any:
        begins = self.day()
        runs = [
            {"starts_on": begins, "ends_on": begins + timedelta(days=5), "status": status, "country": self.maybe("PE")}
            for status in ("open", "cancelled")
        ]
        return self.world.course(
            self.centre, sessions=runs, themes=[self.rng.choice(THEMES)], groupings=["ECOWAS"], **self.tier()
        )

    def pledge(self) -> None:
        need = self.rng.choice(self.needs)
        line = self.rng.choice(need.lines)
        hidden = {field: "own" for field in ("donor", "amount") if self.rng.random() < 0.3}
        promised = [{"need_line_id": line.id, "quantity": Decimal(self.rng.randint(1, 25))}]
        made = self.world.pledge(
            need, self.rng.choice(self.donors), lines=promised,
            status=self.rng.choice(("pledged", "committed", "delivering", "delivered", "withdrawn", "interest")),
            accepted_at=self.maybe(self.world.now), field_disclosure=hidden, **self.tier(),
        )  # fmt: skip
        if self.rng.random() < 0.5:
            now = self.world.now
            part = Contribution(
                pledge_line_id=made.lines[0].id, quantity=Decimal(1), delivered_on=TODAY, created_at=now,
                changed_at=now,
                donor_confirmed_at=now, recipient_confirmed_at=self.maybe(now),
            )  # fmt: skip
            made.lines[0].contributions.append(part)
        self.world.tx.flush()


def sees(reader: Any, record: Any, named: int) -> bool:
    """Disclosure, said once more."""
    if reader.is_system or record.organisation_id in reader.organisation_ids:
        return True
    if not record.is_published:
        return False
    verified = reader.is_verified
    tier = record.disclosure
    ids = reader.organisation_ids
    return tier == "public" or (tier == "members" and verified) or (tier == "named" and verified and named in ids)


class Seen:
    """What one reader sees of the ledger of each need: by the ledger's own rules."""

    def __init__(self, tx: Any, chance: Chance, reader: Any) -> None:
        self.cover = {need.id: coverage_shown(tx, reader, need) for need in chance.needs}
        self.pledges = {
            need.id: [(pledge, sight_of(tx, reader, pledge).donor) for pledge in pledges_on(tx, reader, need)]
            for need in chance.needs
        }


def expected(seen: Seen, chance: Chance, reader: Any, country: str, theme: str, quarter: Quarter) -> tuple[Any, ...]:
    """Asked, pledged, delivered, providers."""
    first, last = quarter.first_day, quarter.last_day
    asked, pledged, delivered, there, unnamed = 0, Decimal(0), Decimal(0), set(), False
    named = chance.donors[0].id
    for need in chance.needs:
        is_asked = need.is_published and need.status in {"posted", "partly_met", "met", "closed"}
        if not (is_asked and sees(reader, need, named) and country in need.codes("country")):
            continue
        if theme and theme not in need.codes("theme"):
            continue
        cover = seen.cover[need.id]
        for line in need.lines:
            begins, ends = days_of(need, line)
            if not (begins <= last and ends >= first):
                continue
            asked += 1
            pledged += min(Decimal(1), cover[line.id].counted / line.quantity)
            delivered += min(Decimal(1), cover[line.id].delivered / line.quantity)
            for pledge, knows in seen.pledges[need.id]:
                live = pledge.accepted_at and pledge.status in {"pledged", "committed", "delivering", "delivered"}
                if live and any(part.need_line_id == line.id for part in pledge.lines):
                    there |= {pledge.organisation_id} if knows else set()
                    unnamed = unnamed or not knows
    there |= set(helpers(chance, reader, country, theme, first, last))
    return asked, pledged, delivered, len(there) or int(unnamed)


def days_of(need: Any, line: Any) -> tuple[date, date]:
    begins = line.starts_on or need.starts_on or need.posted_at.date()
    ends = line.ends_on or need.ends_on or need.offers_due_on
    if ends is None or ends < begins:
        ends = begins + timedelta(days=365)
    return begins, min(ends, need.changed_at.date()) if need.status == "closed" else ends


def helpers(chance: Chance, reader: Any, country: str, theme: str, first: date, last: date) -> Iterator[int]:
    named = chance.donors[0].id
    for programme in chance.programmes:
        places = {*programme.codes("country"), *(c for g in programme.codes("grouping") for c in members(g))}
        if (
            country not in places
            or (theme and theme not in programme.codes("theme"))
            or not sees(reader, programme, named)
        ):
            continue
        begins, ends = programme.starts_on or programme.posted_at.date(), programme.ends_on or date.max
        if programme.status == "4":
            ends = min(programme.ends_on, TODAY) if programme.ends_on else date.min
        if programme.status in "1234" and begins <= ends and begins <= last and ends >= first:
            yield programme.organisation_id
    for course in chance.courses:
        for session in course.sessions:
            places = {session.country, *(c for g in course.codes("grouping") for c in members(g))}
            fits = country in places and (not theme or theme in course.codes("theme")) and sees(reader, course, named)
            if fits and session.status != "cancelled" and session.starts_on <= last and session.ends_on >= first:
                yield course.organisation_id


@pytest.mark.parametrize("seed", range(6))
def test_every_cell_is_what_one_counts_by_hand(tx, world, seed):
    chance = Chance(world, seed)
    donor = world.actor(world.account(chance.donors[0]))
    state = world.actor(world.account(chance.states[0]))
    for reader in (SYSTEM, ANONYMOUS, donor, state, world.somebody("ngo")):
        radar, seen = radar_of(tx, reader, TODAY), Seen(tx, chance, reader)
        for country in COUNTRIES:
            alone = radar_of(tx, reader, TODAY, [country])
            for theme in (EVERY, *THEMES):
                assert alone.cells((country, theme)) == radar.cells((country, theme))
                for quarter, cell in zip(radar.window.quarters, radar.cells((country, theme)), strict=True):
                    asked, pledged, delivered, providers = expected(seen, chance, reader, country, theme, quarter)
                    where = (seed, reader.name, country, theme, str(quarter))
                    assert (cell.asked, cell.providers) == (asked, providers), where
                    assert abs(cell.pledged - pledged) <= Decimal("0.0001") * (asked or 1), where
                    assert abs(cell.delivered - delivered) <= Decimal("0.0001") * (asked or 1), where
