"""Rows for the radar's benchmark, many at once and the same ones for the same seed: no fact, no event, no index."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import insert

from app.courses.models import Course, CourseSession, CourseTag
from app.foundation.db import Database, Tx
from app.needs.limits.models import Limit
from app.needs.models import Need, NeedLine, NeedTag
from app.organisations.models import Organisation
from app.pledges.models import Contribution, Pledge, PledgeLine
from app.programmes.models import Programme, ProgrammeTag
from app.reference.codelists import codelist
from app.reference.countries import countries
from app.reference.groupings import groupings
from app.reference.themes import themes

SEED = 1540
BEGIN = date(2024, 6, 1)
LOT = 2000


@dataclass(frozen=True)
class Size:
    """How many rows of each kind."""

    programmes: int = 10_000
    needs: int = 5_000
    donors: int = 80
    courses: int = 300
    limits: int = 60


class Rows:
    """Draws rows of chance, table by table, and writes them in lots."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        self.tx = tx
        self.now = now
        self.rng = random.Random(SEED)
        self.places = sorted(iso2 for iso2, country in countries().items() if country.is_dac_recipient)
        self.themes = sorted(themes())
        self.kinds = sorted(codelist("assistance_kinds"))
        self.waiting: dict[Any, list[dict[str, Any]]] = {}

    def add(self, model: Any, **values: Any) -> None:
        """Keep a row for the next lot."""
        self.waiting.setdefault(model, []).append(values)

    def write(self) -> None:
        """Write every row that waits."""
        for model, rows in self.waiting.items():
            for begin in range(0, len(rows), LOT):
                self.tx.execute(insert(model), rows[begin : begin + LOT])
        self.waiting = {}

    def stamps(self, prefix: str, number: int) -> dict[str, Any]:
        """What every record has."""
        return {"id": number, "ref": f"{prefix}-{number:04d}-BENC", "created_at": self.now, "changed_at": self.now}

    def shown(self, number: int, owner: int) -> dict[str, Any]:
        """Whose a record is, and who sees it: one in twenty is for members, one in fifty for its own people."""
        tier = "own" if number % 50 == 0 else "members" if number % 20 == 0 else "public"
        return {
            "organisation_id": owner, "disclosure": tier, "field_disclosure": {}, "is_published": True, "version": 1,
            "posted_at": self.now - timedelta(days=self.rng.randrange(1, 700)),
        }  # fmt: skip

    def days(self, longest: int) -> dict[str, date]:
        """Some stretch in or around the window."""
        begins = BEGIN + timedelta(days=self.rng.randrange(1400))
        return {"starts_on": begins, "ends_on": begins + timedelta(days=self.rng.randrange(60, longest))}

    def tag(self, model: Any, number: int, facet: str, values: list[str]) -> None:
        """The codes of a record."""
        for value in values:
            self.add(model, record_id=number, facet=facet, value=value, share=None)

    def some(self, values: list[str], most: int) -> list[str]:
        """One of a list or a few."""
        return self.rng.sample(values, self.rng.randint(1, most))


def fill(database: Database, size: Size, now: datetime) -> None:
    """Fill an empty database."""
    with database.transaction() as tx:
        rows = Rows(tx, now)
        for step in (_organisations, _programmes, _courses, _needs, _limits):
            step(rows, size)
            rows.write()


def _organisations(rows: Rows, size: Size) -> None:
    for number in range(1, size.donors + len(rows.places) + 1):
        is_donor = number <= size.donors
        rows.add(
            Organisation, **rows.stamps("O", number), version=1, kind="donor" if is_donor else "state",
            status="trusted", name=f"Organisation {number}", folded_name=f"organisation {number}", language="en",
            country="NO" if is_donor else rows.places[number - size.donors - 1], names={}, former_names=[],
        )  # fmt: skip


def _programmes(rows: Rows, size: Size) -> None:
    for number in range(1, size.programmes + 1):
        owner = rows.rng.randint(1, size.donors)
        rows.add(
            Programme, **rows.stamps("P", number), **rows.shown(number, owner), **rows.days(1500),
            status=rows.rng.choice("222234"), accepting="unknown", language="en", title=f"Programme {number}",
            source="iati",
        )  # fmt: skip
        if rows.rng.random() < 0.1:
            rows.tag(ProgrammeTag, number, "grouping", [rows.rng.choice(sorted(groupings()))])
        else:
            rows.tag(ProgrammeTag, number, "country", rows.some(rows.places, 2 if number % 4 else 5))
        rows.tag(ProgrammeTag, number, "theme", rows.some(rows.themes, 2))
        rows.tag(ProgrammeTag, number, "kind", rows.some(rows.kinds, 2))


def _courses(rows: Rows, size: Size) -> None:
    for number in range(1, size.courses + 1):
        rows.add(
            Course, **rows.stamps("C", number), **rows.shown(number, rows.rng.randint(1, size.donors)),
            status="posted", language="en", title=f"Course {number}",
        )  # fmt: skip
        rows.tag(CourseTag, number, "theme", rows.some(rows.themes, 2))
        rows.tag(CourseTag, number, "grouping", [rows.rng.choice(sorted(groupings()))])
        for session in (2 * number - 1, 2 * number):
            begins = rows.days(400)["starts_on"]
            rows.add(
                CourseSession, **rows.stamps("S", session), course_id=number, status="open", starts_on=begins,
                ends_on=begins + timedelta(days=5), country=rows.rng.choice(rows.places), seats=24, languages=["en"],
            )  # fmt: skip


def _needs(rows: Rows, size: Size) -> None:
    line = 0
    for number in range(1, size.needs + 1):
        owner = size.donors + rows.rng.randint(1, len(rows.places))
        days = rows.days(700) if number % 3 else {"starts_on": None, "ends_on": None}
        rows.add(
            Need, **rows.stamps("N", number), **rows.shown(number, owner), **days, language="fr",
            status=rows.rng.choice(("posted", "posted", "partly_met", "met", "closed")), title=f"Need {number}",
            summary="Twenty people are to be trained.", problem="Nobody there can do this work as the law asks.",
        )  # fmt: skip
        rows.tag(NeedTag, number, "country", [rows.places[owner - size.donors - 1]])
        rows.tag(NeedTag, number, "theme", rows.some(rows.themes, 2))
        rows.tag(NeedTag, number, "kind", rows.some(rows.kinds, 2))
        for position in range(1, rows.rng.randint(2, 4)):
            line += 1
            rows.add(
                NeedLine, id=line, ref=f"NL-{line:05d}", need_id=number, position=position, unit="participants",
                kind=rows.rng.choice(rows.kinds), quantity=Decimal(20), beneficiary_unit=f"Unit {number % 40}",
                currency="",
            )  # fmt: skip
            if rows.rng.random() < 0.4:
                _pledge(rows, size, line, (number, owner))


def _pledge(rows: Rows, size: Size, line: int, need: tuple[int, int]) -> None:
    """A pledge has the number of the line that it is for."""
    number, owner = need
    rows.add(
        Pledge, **rows.stamps("G", line), **rows.shown(line, rows.rng.randint(1, size.donors)), need_id=number,
        need_ref=f"N-{number:04d}-BENC", need_organisation_id=owner, status=rows.rng.choice(("pledged", "committed")),
        accepted_at=rows.now if rows.rng.random() < 0.7 else None,
    )  # fmt: skip
    rows.add(PledgeLine, id=line, pledge_id=line, need_line_id=line, quantity=Decimal(rows.rng.randint(1, 20)))
    if rows.rng.random() < 0.5:
        rows.add(
            Contribution, **rows.stamps("K", line), pledge_line_id=line, quantity=Decimal(1), delivered_on=BEGIN,
            donor_confirmed_at=rows.now, recipient_confirmed_at=rows.now,
        )  # fmt: skip


def _limits(rows: Rows, size: Size) -> None:
    for number in range(1, size.limits + 1):
        place = rows.rng.randrange(len(rows.places))
        rows.add(
            Limit, **rows.stamps("AL", number), **rows.shown(number, size.donors + place + 1), status="standing",
            country=rows.places[place], theme=rows.rng.choice(["", *rows.themes]), measure="providers",
            most=rows.rng.randint(1, 20), starts_on=BEGIN, language="fr", reason="Trois conseillers seulement.",
        )  # fmt: skip
