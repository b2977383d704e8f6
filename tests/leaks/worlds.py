"""A world: organisations, readers, some forty records of all tiers, matches and notices; and the same with one more.

A base world is made once for each process and seed, weeks before the hour at which it is read. A case opens one
transaction on it, adds what is hidden, lets the worker react, and is rolled back; its index is a copy of the base's.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import create_app
from app.accounts.queries import account_by_id, actor_of
from app.api.service import TokenDraft, make_token
from app.config import Settings
from app.conversations.clarifications.models import Clarification
from app.conversations.messages.models import Thread
from app.coordination.models import Meeting
from app.exchange.intake.models import FileImport
from app.foundation.db import Database
from app.foundation.disclosure import readable
from app.foundation.messages import msg
from app.foundation.permissions import SYSTEM
from app.foundation.worker import work_off
from app.jobs.models import Job
from app.matching.models import Match
from app.needs.limits.models import Limit
from app.needs.models import Need
from app.nominations.models import Nomination
from app.notifications.following.models import Follow
from app.notifications.models import Delivery, Mail, Notice
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.reports.models import RegionalReport
from app.search.documents import MODELS
from app.search.engine import WhooshEngine
from app.search.models import SavedSearch
from app.tables import METADATA
from app.wiring import REACTIONS
from tests.factories import SECRET_KEY, World
from tests.house import MovableClock, RolledBackDatabase
from tests.leaks.background import add_import, add_job, add_regional
from tests.leaks.fields import change_field
from tests.leaks.hidden import OWNERS, REFS, RELATED, Hidden, Maker, Refs
from tests.leaks.oracle import Thing
from tests.leaks.readers import READERS, make_account, make_organisations
from tests.leaks.records import Records
from tests.leaks.words import CANARIES, PLAIN
from tests.pages import CheckingClient, sign_in_with
from tests.quick import CompiledTemplates

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=20)
BROWSER = "Leaks/1.0"
COMPILED = CompiledTemplates()
FACES = ("public", "public", "public", "members", "public", "named", "public", "own")
AMOUNTS = {"need": 12, "programme": 9, "course": 5, "lesson": 7, "output": 5, "pledge": 7, "meeting": 5, "limit": 4}
SENSITIVE = {"need": ("contact", "place", "baseline", "budget", "files"), "programme": ("contact", "budget"),
             "pledge": ("donor", "amount"), "meeting": ("minutes", "link")}  # fmt: skip


@dataclass(frozen=True)
class Login:
    """What the sign-in form needs to know of an account."""

    id: int
    email: str


class BaseWorld:
    """One base world with its site, its readers' cookies, and the transaction in which everything of a case happens."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.folder = Path(tempfile.mkdtemp(prefix=f"leaks-{seed}-"))
        self.database = Database(f"sqlite:///{self.folder}/world.sqlite")
        METADATA.create_all(self.database.engine)
        # A case is never committed: pages that were kept would hide what differs.
        self.database.marks = None
        self.app = create_app(_settings(self.folder, self.database.url), self.database)
        self.app.test_client_class = CheckingClient
        self.app.jinja_env.bytecode_cache = COMPILED
        self.site = self.app.extensions["counterpart"]
        self.made_of = {*self.site.parts, "search"}
        self.numbers: dict[str, int] = {}
        self.accounts: dict[str, tuple[int, str]] = {}
        self.cookies: dict[str, tuple[str, str]] = {}
        self.tokens: dict[str, str] = {}
        self.refs = Refs()
        self.worker = 0
        self.kept: dict[tuple[str, str], int] = {}
        self.ids: dict[str, list[int]] = {}
        self.engine = WhooshEngine(self.folder / "index")
        self.connection = self.database.engine.connect()
        self._build()

    # --- the base ---

    def _build(self) -> None:
        with self.connection.begin():
            self._turn_to(LONG_AGO, self.engine)
            with self.site.database.transaction() as tx:
                self._fill(World(tx, LONG_AGO), Random(self.seed))
            self.react()
            self._turn_to(NOW, self.engine)
            self._sign_everybody_in()
            # Each has made a token, and is told so before anything is hidden.
            self.react()
            self._make_files()
            self._note_refs()

    def _make_files(self) -> None:
        """Whoever fetches a public file first has its size shown to all from then on: here somebody has."""
        client = self.app.test_client()
        for path in ("/iati/activities.xml", "/iati/organisations.xml", "/open-data/3w.csv"):
            client.get(path)

    def _turn_to(self, hour: datetime, engine: WhooshEngine) -> None:
        self.site.clock = MovableClock(hour)
        self.site.parts["search"] = engine
        self.site.database = RolledBackDatabase(self.database.url, self.connection)

    def react(self) -> None:
        """Let the worker react to all that was told."""
        while work_off(self.site, REACTIONS):
            pass

    def _fill(self, world: Any, rng: Random) -> None:
        organisations = make_organisations(world)
        self.numbers = {key: one.id for key, one in organisations.items()}
        for turn, reader in enumerate(READERS):
            if reader.is_signed_in:
                account = make_account(world, reader, organisations)
                self.accounts[reader.name] = (account.id, account.email)
                _follow(world.tx, account.id, turn)
        self.worker = world.account(organisations["state_gh"], email="worker@nobody.example", name="Worker").id
        make = Records(world, rng)
        needs = self._records(make, "need", organisations)
        for kind in ("programme", "course", "lesson", "output", "limit"):
            self._records(make, kind, organisations)
        self._records(make, "pledge", organisations, needs)
        self._records(make, "meeting", organisations)
        self._nominations(make, organisations)
        self._sensitive(make, organisations)
        self._talks(make, organisations, needs)
        self._background(make, organisations)
        make.programme(organisations["donor_se"], ref=RELATED, disclosure="public")
        for kind in ("need", "programme", "course"):
            about = {"subject_kind": kind, "subject_ref": REFS[kind]}
            make.lesson(organisations["ngo"], status="validated", **about)
            make.output(organisations["ngo"], **about)
        self._remind(world.tx, make)

    def _remind(self, tx: Session, make: Records) -> None:
        """Everybody was once told of what is hidden now: of the notice and the mail nothing may be shown or sent."""
        offer = self.public(tx, "programme", 0)
        cause = f"need_fits|need:{REFS['need']}|programme:{offer.ref}"
        message = msg("The need “%(need)s” fits what you offer: “%(offer)s”", need="Gone", offer=offer.title).as_json()
        for number, email in self.accounts.values():
            about = {"record_kind": "need", "record_ref": REFS["need"], "created_at": make.now}
            tx.add(notice := Notice(account_id=number, cause=cause, message=message, **about))
            words = {"subject": "A need fits what you offer", "body": "Gone"}
            tx.add(Mail(cause=cause, recipient=email, message_id=f"<{number}@leaks>", created_at=make.now, **words))
            self._remind_of_both(
                tx, number, email, notice, Notice(account_id=number, cause="", message=message, **about)
            )

    def _remind_of_both(self, tx: Session, number: int, email: str, hidden: Notice, shown: Notice) -> None:
        """A digest about it and about something that everybody may see: the one is left out, the other is told."""
        shown.cause, shown.record_kind = f"offer_fits|programme:{self.public(tx, 'programme', 1).ref}", "programme"
        shown.message = msg("A programme fits").as_json()
        ways = {"pace": "daily", "subject": "", "body": ""}
        mail = Mail(account_id=number, cause=f"news|daily:{number}", recipient=email, **ways)
        mail.message_id, mail.created_at = f"<daily-{number}@leaks>", hidden.created_at
        tx.add_all([shown, mail])
        tx.flush()
        times = {"created_at": hidden.created_at, "due_at": hidden.created_at, "handed_at": hidden.created_at}
        for one in (hidden, shown):
            tx.add(Delivery(notice_id=one.id, account_id=number, pace="daily", mail_id=mail.id, **times))

    def _records(self, make: Records, kind: str, organisations: dict[str, Any], needs: Any = None) -> list[Any]:
        made = []
        for number in range(AMOUNTS[kind]):
            tier = FACES[number % len(FACES)]
            owner = organisations[make.rng.choice(OWNERS[kind])]
            values = {"disclosure": tier, "named": [organisations["donor_no"]] if tier == "named" else ()}
            on = (needs[number % 3],) if needs else ()
            made.append(getattr(make, kind)(*on, owner, **values))
        self.ids[kind] = [record.id for record in made]
        return made

    def _nominations(self, make: Records, organisations: dict[str, Any]) -> None:
        courses = make.tx.scalars(readable(SYSTEM, MODELS["course"]).order_by(MODELS["course"].id)).all()
        for number, course in enumerate(courses[:3]):
            make.nomination(course.sessions[0], organisations[OWNERS["nomination"][number]])

    def _talks(self, make: Records, organisations: dict[str, Any], needs: list[Any]) -> None:
        """Questions on two public records, one of them answered, and what two sides of a pledge have written."""
        asked = make.clarification(needs[0], organisations["donor_se"], answer="Yes, twice a year.")
        make.clarification(needs[1], organisations["ngo"])
        self.kept["clarification", "own"] = asked.id
        pledge = make.pledge(needs[0], organisations["donor_no"], disclosure="public")
        make.thread(pledge, text="The room is free in May.")

    def _background(self, make: Records, organisations: dict[str, Any]) -> None:
        """What some readers have had done, and what the desk of a grouping writes and has signed."""
        reader = self.accounts["donor_no, editor"][0]
        add_job(make.tx, reader, make.now, "Brief")
        add_import(make.tx, organisations["donor_no"], make.now, "activities")
        add_regional(make.tx, organisations["regional"], make.now, "This year")
        add_regional(make.tx, organisations["regional"], make.now, "Last year", signed_by=self.worker)

    def _sensitive(self, make: Records, organisations: dict[str, Any]) -> None:
        for tier in ("members", "named", "own"):
            shown: dict[str, Any] = {"disclosure": "public", "named": [organisations["donor_se"]]}
            for kind, fields in SENSITIVE.items():
                values = {**shown, "field_disclosure": dict.fromkeys(fields, tier)}
                if kind == "pledge":
                    need = make.need(organisations["state_sn"])
                    record = make.pledge(need, organisations["donor_no"], accepted_at=LONG_AGO, **values)
                else:
                    owner = organisations["state_sn" if kind == "need" else "donor_no"]
                    record = getattr(make, kind)(owner, **values)
                self.kept[kind, tier] = record.id

    def _sign_everybody_in(self) -> None:
        for reader in READERS:
            client = self.app.test_client()
            client.environ_base["HTTP_USER_AGENT"] = BROWSER
            if reader.is_signed_in:
                client.get("/sign-in")
                sign_in_with(client, Login(*self.accounts[reader.name]))
            token = client.token()
            cookie = client.get_cookie("counterpart")
            self.cookies[reader.name] = (cookie.value if cookie else "", token)
            if reader.is_signed_in:
                self.tokens[reader.name] = self._token_of(self.accounts[reader.name][0])

    def _token_of(self, account_id: int) -> str:
        """A token by which a program reads as this person."""
        with self.site.database.transaction() as tx:
            actor = actor_of(account_by_id(tx, account_id))
            return make_token(tx, actor, TokenDraft("leaks", "write", 365), self.site.clock.now())[1]

    def _note_refs(self) -> None:
        with self.site.database.reading() as tx:
            for kind, model in (
                *MODELS.items(),
                ("pledge", Pledge),
                ("meeting", Meeting),
                ("limit", Limit),
                ("nomination", Nomination),
                ("clarification", Clarification),
                ("thread", Thread),
                ("regional_report", RegionalReport),
            ):
                query = readable(SYSTEM, model).with_only_columns(model.ref)
                self.refs.of[kind] = list(tx.scalars(query.order_by(model.id)))
            for kind, model in (("job", Job), ("import", FileImport)):
                self.refs.of[kind] = list(tx.scalars(select(model.ref).order_by(model.id)))
            self.refs.of["organisation"] = list(tx.scalars(select(Organisation.ref).order_by(Organisation.id)))
            courses = tx.scalars(readable(SYSTEM, MODELS["course"]))
            self.refs.sessions = [(course.ref, session.ref) for course in courses for session in course.sessions]
            needs = tx.scalars(readable(SYSTEM, Need).limit(4))
            self.refs.indicators = [(need.ref, row.ref) for need in needs for row in need.indicators]
            self.refs.pairs = _pairs(tx)
            self.refs.files = []
            asked = select(SavedSearch.ref).where(SavedSearch.address.in_([f"?q={CANARIES[0]}", "?type=need"]))
            self.refs.of["search"] = list(tx.scalars(asked.order_by(SavedSearch.id)))
            meetings = tx.scalars(readable(SYSTEM, Meeting).order_by(Meeting.id)).all()
            self.refs.points = [(meeting.ref, point.ref) for meeting in meetings for point in meeting.points]

    # --- what makers ask of it ---

    def organisation(self, tx: Session, key: str) -> Any:
        """One of the organisations."""
        return tx.get_one(Organisation, self.numbers[key])

    def related(self, tx: Session) -> Any:
        """The public programme to which somebody says that what is hidden stands."""
        return tx.scalars(readable(SYSTEM, MODELS["programme"]).where(MODELS["programme"].ref == RELATED)).one()

    def public(self, tx: Session, kind: str, number: int) -> Any:
        """One of the public records of that kind."""
        model: Any = Need if kind == "need" else {**MODELS, "pledge": Pledge, "meeting": Meeting}[kind]
        query = readable(SYSTEM, model).where(model.id.in_(self.ids[kind]), model.disclosure == "public")
        found = tx.scalars(query.order_by(model.id)).all()
        return found[number % len(found)]

    def words_of(self, tx: Session, kind: str, number: int) -> dict[str, Any]:
        """Title, words and codes of a public record that goes well with this kind."""
        other = self.public(tx, "need" if kind in {"programme", "course", "output"} else kind, number)
        names = {"need": ("problem", "summary"), "lesson": ("context", "result")}.get(kind, ())
        words = {name: getattr(other, name) for name in names}
        if kind in {"programme", "course", "output"}:
            words = {"description": f"{other.summary} {other.problem} {other.objectives}"}
        return {"title": other.title, "themes": other.codes("theme"), "countries": other.codes("country"), **words}

    def subject(self, number: int) -> dict[str, str]:
        """The public record that a lesson or an output comes from."""
        kind = ("need", "programme", "course")[number % 3]
        refs = self.refs.of[kind]
        return {"subject_kind": kind, "subject_ref": refs[0]}

    def pay_from(self, tx: Session, programme: Any) -> None:
        """A public pledge is paid from this programme."""
        pledge = self.public(tx, "pledge", 0)
        tx.execute(update(Pledge).where(Pledge.id == pledge.id).values(programme_id=programme.id))

    # --- the same with one more ---

    @contextmanager
    def with_hidden(self, what: Hidden) -> Iterator[list[Thing]]:
        """The world with what is hidden in it, and what the oracle is to be asked about."""
        folder = Path(tempfile.mkdtemp(prefix="case-", dir=self.folder))
        shutil.copytree(self.folder / "index", folder / "index")
        outer, engine = self.connection.begin(), WhooshEngine(folder / "index")
        try:
            self._turn_to(NOW, engine)
            with self.site.database.transaction() as tx:
                things = self._add(tx, what)
            self.react()
            yield things
        finally:
            outer.rollback()
            self._turn_to(NOW, self.engine)
            engine.close()
            shutil.rmtree(folder, ignore_errors=True)

    def things_of(self, what: Hidden) -> list[Thing]:
        """What the oracle is to be asked about; nothing of it stays."""
        with self.connection.begin() as outer, self.site.database.transaction() as tx:
            things = self._add(tx, what)
            tx.flush()
            tx.rollback()
            outer.rollback()
        return things

    def _add(self, tx: Session, what: Hidden) -> list[Thing]:
        if what.kind.startswith("field "):
            return change_field(self, tx, what)
        world = World(tx, NOW)
        world.numbers = count(10_000)
        return Maker(self, world, what).make()

    @contextmanager
    def without(self) -> Iterator[None]:
        """The world as it was."""
        with self.connection.begin() as outer:
            yield
            outer.rollback()

    def forget(self) -> None:
        """Nothing of what the site has read so far is known to it any more."""
        for name in set(self.site.parts) - self.made_of:
            del self.site.parts[name]

    def close(self) -> None:
        """Leave nothing behind."""
        self.connection.close()
        self.database.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _follow(tx: Session, account_id: int, turn: int) -> None:
    """Everybody follows searches that what is hidden answers: by its word and its kind; some by another or a phrase.

    A followed phrase is what costs most when something changes, so that one reader in three has one.
    """
    looked = {"account_id": account_id, "saved_at": LONG_AGO, "looked_at": LONG_AGO, "news_from": LONG_AGO}
    others = [f"?q=%22{PLAIN[1]}%22"] if turn % 3 == 0 else [f"?q={PLAIN[0]}"]
    for query in (f"?q={CANARIES[0]}", "?type=need", *others):
        tx.add(SavedSearch(name=query, address=query, **looked))
    # What is hidden is among what everybody once followed: whether or not it is there, nothing of it is said.
    for kind in ("need", "programme", "course", "lesson", "meeting"):
        tx.add(Follow(account_id=account_id, record_kind=kind, record_ref=REFS[kind], since=LONG_AGO))


def _pairs(tx: Session) -> list[tuple[str, str, str]]:
    """Pairs that are matched, by reference."""
    found = []
    for kind in ("programme", "course"):
        model = MODELS[kind]
        # disclosure: the harness asks for everything, and the readers are given what the site gives them.
        query = (
            select(Need.ref, model.ref)
            .join(Match, Match.need_id == Need.id)
            .join(model, (model.id == Match.offer_id) & (Match.offer_kind == kind))
        )
        found += [(need, kind, offer) for need, offer in tx.execute(query.order_by(Match.id).limit(8))]
    return found


def _settings(folder: Path, url: str) -> Settings:
    return Settings(
        data_dir=folder / "data", host="127.0.0.1", port=5000, secret_key=SECRET_KEY, database_url=url,
        search_dir=folder / "index", public_url="http://localhost:5000", smtp_url=None, fixed_now=NOW,
        shared_dir=folder / "shared", production=False, demonstration=False, rate_limits=False,
    )  # fmt: skip
