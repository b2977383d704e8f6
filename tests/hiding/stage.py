"""A site with a small world, to which one record can be added and taken away again, asked by readers of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

from app import create_app
from app.config import Settings
from app.courses.events import CoursePosted
from app.foundation import migrate, outbox
from app.foundation.db import Database, Tx
from app.foundation.worker import work_off
from app.lessons.events import LessonRecorded, OutputRecorded
from app.needs.events import NeedPosted
from app.organisations.models import Organisation
from app.pledges.events import PledgeMade
from app.programmes.events import ProgrammePosted
from app.search.indexer import all_documents, index_records
from app.search.reactions import engine_of
from app.wiring import REACTIONS
from tests.conftest import MORNING
from tests.factories import SECRET_KEY, World
from tests.hiding.oracle import Place
from tests.house import MovableClock, RolledBackDatabase
from tests.pages import CheckingClient, sign_in_with

POSTED: dict[str, Any] = {
    "need": NeedPosted, "programme": ProgrammePosted, "course": CoursePosted, "lesson": LessonRecorded,
    "output": OutputRecorded, "pledge": PledgeMade,
}  # fmt: skip
TIERS = ("public", "public", "members", "named", "own")
# What differs from one answer to the next whatever the world: tokens, and nothing else.
TOKENS = (
    (re.compile(rb'(name="csrf_token"[^>]*value=")[^"]*'), rb"\1"),
    (re.compile(rb'(value=")[^"]*("[^>]*name="csrf_token")'), rb"\1\2"),
    (re.compile(rb'(name="form_key"[^>]*value=")[^"]*'), rb"\1"),
    (re.compile(rb'nonce="[^"]*"'), b"nonce"),
    (re.compile(rb'data-options="[^"]*"'), b"options"),
    (re.compile(rb'(name="sealed"[^>]*value=")[^"]*'), rb"\1"),
)
WORDS = (
    "magistrats saisie enquête conteneurs port laboratoire précurseurs frontière formation judiciaire avoirs "
    "interprètes procureurs analyse preuves numériques radio scanners coopération"
).split()


@dataclass(frozen=True)
class Answer:
    """What a reader gets, without what no two answers share."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass
class Reader:
    """Somebody who asks: a browser that is signed in (or not), and the places that the oracle judges by."""

    name: str
    client: Any
    places: tuple[Place, ...] = ()
    answers: dict[str, Answer] = field(default_factory=dict)

    def ask(self, path: str) -> Answer:
        """What this reader gets at that address now; `POST address?fields` sends the fields as a form."""
        method, _, rest = path.rpartition(" ")
        if method:
            address, _, fields = rest.partition("?")
            response = self.client.post(address, data=dict(parse_qsl(fields)), check=False)
        else:
            response = self.client.get(path, check=False)
        body = response.get_data()
        for pattern, plain in TOKENS:
            body = pattern.sub(plain, body)
        kept = ("Content-Type", "Location", "Cache-Control", "Content-Disposition")
        headers = tuple((name, response.headers[name]) for name in kept if name in response.headers)
        return Answer(response.status_code, headers, body)


class Stage:
    """One world: the base that everybody knows, and readers. `seed` shuffles who owns what."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.readers: list[Reader] = []
        self.organisations: dict[str, Any] = {}
        self.records: dict[str, list[Any]] = {kind: [] for kind in POSTED}

    @contextmanager
    def open(self) -> Iterator[Stage]:
        """Build it, and forget it at the end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        whole = Database(f"sqlite:///{self.folder / 'leaks.sqlite'}")
        migrate.upgrade(whole)
        with whole.engine.connect() as connection:
            outer = connection.begin()
            self.database = RolledBackDatabase(whole.url, connection)
            self.app = create_app(_settings(self.folder, whole.url), self.database)
            self.site = self.app.extensions["counterpart"]
            self.site.clock = MovableClock(MORNING)
            self.app.test_client_class = CheckingClient
            with self.database.open(writing=True) as tx:
                self.database.tests_own = tx
                self._fill(tx)
                yield self
                self.database.tests_own = None
            outer.rollback()
        whole.close()

    def _fill(self, tx: Tx) -> None:
        world = World(tx, MORNING)
        self._organisations(world)
        for number, kind in enumerate([*POSTED][:5] * 5):
            tier = TIERS[(number // 5 + self.seed) % 5]
            self.records[kind].append(self._record(world, kind, number, tier))
        for number, need in enumerate(need for need in self.records["need"] if need.disclosure == "public"):
            self.records["pledge"].append(world.pledge(need, self.organisations[("donor", "donor2")[number % 2]]))
        for kind, records in self.records.items():
            for record in records:
                outbox.tell(tx, _fact(kind, record), MORNING)
        tx.flush()
        engine_of(self.site).rebuild(all_documents(self.database))
        self.work()
        self._readers(world)
        tx.flush()
        self._let_go(tx)

    def _let_go(self, tx: Tx) -> None:
        """Keep what has to be known of the base as plain values: each case reads its rows anew."""
        for name, one in self.organisations.items():
            self.organisations[name] = SimpleNamespace(id=one.id, ref=one.ref)
        for kind, rows in self.records.items():
            self.records[kind] = [
                SimpleNamespace(id=row.id, ref=row.ref, record_kind=kind, disclosure=row.disclosure,
                                organisation_id=row.organisation_id)
                for row in rows
            ]  # fmt: skip
        tx.expunge_all()

    def own(self, world: World, name: str) -> Organisation:
        """One of the organisations, in the transaction of a case."""
        return world.tx.get_one(Organisation, self.organisations[name].id)

    def _organisations(self, world: World) -> None:
        made = self.organisations
        for name, kind, how in (
            ("state", "state", {}), ("sibling", "state", {}), ("neighbour", "state", {"country": "ML"}),
            ("donor", "donor", {}), ("donor2", "donor", {"country": "FR"}), ("centre", "centre", {}),
            ("regional", "regional", {}), ("ngo", "ngo", {}), ("office", "secretariat", {}),
            ("applied", "state", {"status": "applied"}), ("suspended", "donor", {"status": "suspended"}),
            ("verified", "state", {"status": "verified"}),
        ):  # fmt: skip
            made[name] = world.organisation(kind, **how)

    def _record(self, world: World, kind: str, number: int, tier: str) -> Any:
        owners = {"need": "state", "programme": "donor", "course": "centre", "lesson": "sibling", "output": "centre"}
        words = [WORDS[(number * 3 + step) % len(WORDS)] for step in range(4)]
        how: dict[str, Any] = {"title": " ".join(words).capitalize(), "disclosure": tier}
        if tier == "named":
            how["named"] = [self.organisations["donor2"]]
        if kind == "course":
            how["sessions"] = [{}]
        if kind == "need":
            how["indicators"] = [{}]
        return getattr(world, kind)(self.organisations[owners[kind]], **how)

    def _readers(self, world: World) -> None:
        self.readers.append(Reader("anybody", self.app.test_client()))
        people = [(name, role) for name in self.organisations for role in ("member", "editor")]
        people += [("state", "focal_point"), ("donor", "focal_point")]
        for name, role in people:
            self._reader(world, f"{name}, {role}", [(self.organisations[name], role)])
        two = [(self.organisations["ngo"], "member"), (self.organisations["donor2"], "editor")]
        self._reader(world, "ngo and donor2", two)

    def _reader(self, world: World, name: str, places: list[tuple[Any, str]]) -> None:
        account = world.account(*places[0])
        for organisation, role in places[1:]:
            world.membership(account, organisation, role)
        client = self.app.test_client()
        sign_in_with(client, account)
        seen = tuple(Place(one.id, one.kind, one.status) for one, _role in places)
        self.readers.append(Reader(name, client, seen))

    def work(self) -> None:
        """Let the reactions do their part: index, match, tell."""
        while work_off(self.site, REACTIONS):
            pass

    @contextmanager
    def with_record(self, make: Any) -> Iterator[Any]:
        """A world in which `make(world)` has been done, and its record told of; afterwards it has never been.

        `make` gives back kind and record; nothing is told of a kind that has no facts.
        """
        before = self.database.tests_own
        with self.database.open(writing=True) as tx:
            self.database.tests_own = tx
            kind, record = make(World(tx, MORNING))
            if kind in POSTED and getattr(record, "is_published", False):
                outbox.tell(tx, _fact(kind, record), MORNING)
            tx.flush()
            self.work()
            key = (kind, record.id)
            yield record
            tx.rollback()
        self.database.tests_own = before
        with self.site.database.reading() as tx:
            index_records(tx, engine_of(self.site), [key] if kind in POSTED and kind != "pledge" else [])


def _fact(kind: str, record: Any) -> Any:
    if kind == "pledge":
        return PledgeMade(record.id, record.need_id)
    return POSTED[kind](record.id)


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        data_dir=folder / "data", host="127.0.0.1", port=5000, secret_key=SECRET_KEY, database_url=url,
        search_dir=folder / "index", public_url="http://localhost:5000", smtp_url=None, fixed_now=MORNING,
        shared_dir=folder / "shared", production=False, demonstration=False, rate_limits=False,
    )  # fmt: skip
