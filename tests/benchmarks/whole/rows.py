"""A whole site of a given size, row by row and the same rows for the same seed: who is there, and what they posted.

Of 20 records 13 are programmes (four of five of them imported), 3 needs, 2 courses, one a lesson and one an output, as
in the benchmark of search. For each hundred records there is an account, and half as many organisations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, text

from app.accounts.models import Account, Membership
from app.foundation.audit.chain import AuditEvent, AuditHead
from app.foundation.db import Base, Database, Tx
from app.foundation.references import ALPHABET
from app.organisations.models import Organisation
from tests.benchmarks.corpus import Record, records
from tests.benchmarks.radar_rows import Rows
from tests.factories import kept_password

FEWEST_ORGANISATIONS, FEWEST_ACCOUNTS = 60, 120
RECORDS_FOR_AN_ACCOUNT = 100
PREFIX = {"need": "N", "programme": "P", "course": "C", "lesson": "L", "output": "U"}
LOT_OF_RECORDS = 5_000
OFFICIAL, DONOR = "official@bench.example", "donor@bench.example"
"""Who looks at the desk: the first State's focal point, and an editor of the first donor."""


@dataclass
class Cast:
    """Who is there: organisations by kind, and where the first State is."""

    states: list[int] = field(default_factory=list)
    donors: list[int] = field(default_factory=list)
    centres: list[int] = field(default_factory=list)
    places: dict[int, str] = field(default_factory=dict)

    def owner(self, kind: str, number: int) -> int:
        """Whose record that is: everybody of a kind has the same share."""
        own = {"need": self.states, "course": self.centres}.get(kind) or self.donors
        return own[number % len(own)]


class Filler(Rows):
    """Rows with references that look as those of the site do, and an event for each record."""

    def __init__(self, tx: Tx, now: datetime) -> None:
        super().__init__(tx, now)
        self.ids: dict[Any, int] = {}
        self.sequences: dict[date, int] = {}
        self.ends: dict[date, str] = {}

    def next_id(self, model: Any) -> int:
        """The next number of a table."""
        self.ids[model] = self.ids.get(model, 0) + 1
        return self.ids[model]

    def ref(self, prefix: str) -> str:
        """A reference of chance, from the seed."""
        body = "".join(self.rng.choices(ALPHABET, k=8))
        return f"{prefix}-{body[:4]}-{body[4:]}"

    def part(self, model: Any, prefix: str = "", **values: Any) -> int:
        """A row with a number of its own, and a reference if it has one."""
        number = self.next_id(model)
        named = {"ref": self.ref(prefix)} if prefix else {}
        self.add(model, id=number, **named, **values)
        return number

    def event(self, action: str, kind: str, ref: str, owner: int, at: datetime) -> None:
        """One event of the day's chain; the hashes are of the right length and prove nothing."""
        day = at.date()
        self.sequences[day] = self.sequences.get(day, 0) + 1
        mark = self.ends[day] = f"{self.rng.getrandbits(256):064x}"
        self.part(
            AuditEvent, day=day, sequence=self.sequences[day], happened_at=at, account_id=1, organisation_id=owner,
            action=action, record_kind=kind, record_ref=ref, record_version=1, details={}, origin="",
            previous_hash=mark, hash=mark,
        )  # fmt: skip

    def heads(self) -> None:
        """The heads of the days' chains, as if signed."""
        for day, sequence in sorted(self.sequences.items()):
            end = self.ends[day]
            self.add(AuditHead, day=day, sequence=sequence, hash=end, signed_sequence=sequence, signature="bench")

    def posted(self, kind: str, owner: int, record: Record) -> dict[str, Any]:
        """What every record has: one in twenty is for members, one in fifty for its own people."""
        posted = self.now - timedelta(days=self.rng.randrange(1, 1000), seconds=self.rng.randrange(86_400))
        tier = "own" if record.number % 50 == 0 else "members" if record.number % 20 == 0 else "public"
        return {
            "ref": self.ref(PREFIX[kind]), "version": 1, "created_at": posted, "changed_at": posted,
            "posted_at": posted, "organisation_id": owner, "disclosure": tier, "field_disclosure": {},
            "is_published": True, "language": record.language[:2] or "en", "title": record.title[:200],
        }  # fmt: skip

    def codes(self, model: Any, number: int, **facets: list[str]) -> None:
        """The codes of a record, each list under its name."""
        for facet, values in facets.items():
            self.tag(model, number, facet, sorted(set(values)))

    def money(self) -> Decimal:
        """Some amount in whole thousands."""
        return Decimal(1000 * self.rng.randint(5, 900))

    def span(self, longest: int) -> dict[str, date]:
        """Some stretch of days in or around the present."""
        begins = self.now.date() + timedelta(days=self.rng.randrange(-500, 300))
        return {"starts_on": begins, "ends_on": begins + timedelta(days=self.rng.randrange(60, longest))}


def fill(database: Database, size: int, now: datetime | None = None) -> None:
    """Fill an empty database whose tables are there; the index is left alone."""
    # Imported here, since these modules draw with what this one gives.
    from tests.benchmarks.whole import events, kinds

    now = now or datetime.now(UTC)
    with database.transaction() as tx:
        rows = Filler(tx, now)
        cast = _people(rows, size)
        rows.write()
        drawn = kinds.Drawn()
        for record in records(size):
            kinds.DRAW[record.kind](rows, cast, drawn, record)
            if record.number % LOT_OF_RECORDS == 0:
                rows.write()
        rows.write()
        events.matches(rows, drawn)
        rows.write()
        events.notices(rows, cast, drawn)
        rows.heads()
        rows.write()
    _count_on(database)


def _people(rows: Filler, size: int) -> Cast:
    cast, accounts = Cast(), max(FEWEST_ACCOUNTS, size // RECORDS_FOR_AN_ACCOUNT)
    for number in range(1, max(FEWEST_ORGANISATIONS, accounts // 2) + 1):
        kind = ("state", "donor", "state", "donor", "centre")[number % 5 - 1]
        getattr(cast, f"{kind}s").append(number)
        cast.places[number] = rows.places[number % len(rows.places)]
        name = f"{kind.capitalize()} office {number} of {cast.places[number]}"
        rows.part(
            Organisation, "O", version=1, created_at=rows.now, changed_at=rows.now, kind=kind, status="trusted",
            name=name, folded_name=name.lower(), language="en", country=cast.places[number], names={},
            former_names=[], email_domain=f"o{number}.example", about="Coordinates assistance in its field. " * 4,
        )  # fmt: skip
    first = {cast.states[0]: (OFFICIAL, "focal_point"), cast.donors[0]: (DONOR, "editor")}
    everyone = [*cast.states, *cast.donors, *cast.centres]
    for number in range(accounts):
        owner = everyone[number % len(everyone)]
        email, role = first.pop(owner, (f"person{number}@o{owner}.example", "editor"))
        account = rows.part(
            Account, "A", created_at=rows.now, changed_at=rows.now, email=email, name=f"Person {number}",
            language="en", password_hash=kept_password(), stamp=f"stamp-{number}", welcomed_at=rows.now,
        )  # fmt: skip
        rows.part(Membership, account_id=account, organisation_id=owner, role=role, created_at=rows.now)
    return cast


def _count_on(database: Database) -> None:
    """Let PostgreSQL number further rows after these, and let both engines know how many rows there are."""
    with database.transaction() as tx:
        if tx.get_bind().dialect.name == "postgresql":
            for mapper in Base.registry.mappers:
                table: Any = mapper.local_table
                if "id" in table.columns and not inspect(table).columns["id"].foreign_keys:
                    own = f"pg_get_serial_sequence('{table.name}', 'id')"
                    asked = f'SELECT setval({own}, max(id)) FROM "{table.name}"'  # noqa: S608
                    tx.execute(text(asked))
        tx.execute(text("ANALYZE"))
