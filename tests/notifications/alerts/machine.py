"""Announced exactly once: a machine that posts, amends, hides, kills, restarts and deletes, beside an oracle.

The engine, the database and the worker's loop are the real ones. A kill is raised where a transaction begins, before
it commits, or right after: whatever has not been committed by then is gone, as it is when a process ends.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlalchemy import select, update

from app.accounts.queries import account_by_id, actor_of
from app.config import Settings
from app.foundation import outbox
from app.foundation.db import Database, Tx
from app.foundation.messages import Message
from app.foundation.web import Site
from app.foundation.worker import Handler, Reactions, work_off
from app.needs.events import NeedAmended, NeedPosted, NeedWithdrawn
from app.needs.models import Need
from app.notifications.alerts.reactions import sweep_searches, tell_followers
from app.notifications.models import Notice
from app.notifications.service import mark_all_read
from app.organisations.models import Organisation
from app.search.models import SavedSearch, SearchFind
from app.search.reactions import engine_of, tend_index, update_index
from app.search.service import follow
from tests.factories import SECRET_KEY, World
from tests.house import MovableClock
from tests.notifications.mailbox import carried

WORDS = ("zul", "qix", "vot")
THEMES = ("prisons", "precursors")
TIERS = ("public", "members", "own")
BEFORE = 30
"""So many records that rank before any other stand there from the beginning."""
SEARCHES: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"zul"}), ""),
    (frozenset({"zul", "qix"}), ""),
    (frozenset({"vot"}), "prisons"),
    (frozenset(), "precursors"),
)
"""What can be followed: words, and a theme or none."""


class Killed(BaseException):
    """The process has ended."""


class KillableDatabase(Database):
    """A database in which the process ends after so many steps, if it was told so."""

    left: int | None = None

    def step(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise Killed

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        self.step()
        with super().transaction() as tx:
            yield tx
            tx.flush()
            self.step()
        self.step()

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        self.step()
        with super().reading() as tx:
            yield tx
        self.step()


@dataclass
class Said:
    """What the oracle knows of a record."""

    words: frozenset[str]
    theme: str
    tier: str
    is_shown: bool = True


@dataclass
class Kept:
    """What the oracle knows of a followed search: what was known when it was saved, and all that has matched since."""

    person: int
    words: frozenset[str]
    theme: str
    known: set[int]
    unsure: set[int]
    ever: set[int] = field(default_factory=set)


@dataclass
class Place:
    """Where one run takes place: an empty database with tables, and a folder for the index."""

    database: KillableDatabase
    settings: Settings
    clock: MovableClock


def settings_in(folder: Path, url: str, now: datetime) -> Settings:
    """The settings of a site in a folder."""
    return Settings(
        data_dir=folder / "data", host="127.0.0.1", port=5000, secret_key=SECRET_KEY, database_url=url,
        search_dir=folder / "index", public_url="http://localhost:5000", smtp_url=None, fixed_now=now,
        shared_dir=folder / "shared", production=False, demonstration=False, rate_limits=False,
    )  # fmt: skip


FACTS = (NeedPosted, NeedAmended, NeedWithdrawn)


class Announcing(RuleBasedStateMachine):
    """An official of a trusted State and one of a donor that is not verified yet; a third one posts."""

    def __init__(self, place: Place, handler: Handler = tell_followers) -> None:
        super().__init__()
        self.place, self.clock = place, place.clock
        wakes = dict.fromkeys(FACTS, ("index", "alert"))
        self.reactions = Reactions(wakes, {"index": update_index, "alert": handler})
        self.site = Site(place.settings, place.database, place.clock)
        self.records: dict[int, Said] = {}
        self.kept: dict[int, Kept] = {}
        self.is_verified, self.kills = False, 0
        with place.database.transaction() as tx:
            self.begin(tx, World(tx, self.clock.now()))
        self.settle()

    def begin(self, tx: Tx, world: World) -> None:
        poster = world.organisation("state", country="CV")
        donor = world.organisation("donor", status="applied")
        self.poster, self.donor = poster.id, donor.id
        self.people = [world.account(world.organisation("state")).id, world.account(donor).id]
        for _number in range(BEFORE):
            self.post_one(tx, frozenset(WORDS), "prisons", "public", in_title=True)

    def teardown(self) -> None:
        self.settle()
        self.look()
        engine_of(self.site).close()

    # --- the oracle ---

    def seen_by(self, person: int, said: Said, *, verified: bool) -> bool:
        if not said.is_shown or said.tier == "own":
            return False
        return said.tier == "public" or person == 0 or verified

    def matching(self, kept: Kept, *, verified: bool) -> set[int]:
        """Every word; where nothing that this person may see has every one, half of them are enough."""
        shown = {
            number: said.words & kept.words
            for number, said in self.records.items()
            if self.seen_by(kept.person, said, verified=verified) and kept.theme in {"", said.theme}
        }
        whole = {number for number, words in shown.items() if words == kept.words}
        return whole or {number for number, words in shown.items() if words and 2 * len(words) >= len(kept.words)}

    def note(self) -> None:
        """Remember what matches now: announced may be only what has matched at some moment."""
        for kept in self.kept.values():
            for verified in (False, True):
                kept.ever |= self.matching(kept, verified=verified)

    # --- what people do ---

    def post_one(self, tx: Tx, words: frozenset[str], theme: str, tier: str, *, in_title: bool) -> None:
        text = " ".join(sorted(words))
        owner = tx.get_one(Organisation, self.poster)
        need = World(tx, self.clock.now()).need(
            owner, title=f"{text} {text} {text}" if in_title and text else "Harbour", language="en",
            summary="", problem=f"Much is to be done. {text}", themes=[theme], disclosure=tier,
        )  # fmt: skip
        self.records[need.id] = Said(words, theme, tier)
        outbox.tell(tx, NeedPosted(need.id), self.clock.now())

    @rule(
        words=st.frozensets(st.sampled_from(WORDS)), theme=st.sampled_from(THEMES), tier=st.sampled_from(TIERS),
        many=st.sampled_from([1, 1, 1, 2, 8]), in_title=st.booleans(),
    )  # fmt: skip
    def post(self, words: frozenset[str], theme: str, tier: str, many: int, in_title: bool) -> None:
        with self.place.database.transaction() as tx:
            for _number in range(many):
                self.post_one(tx, words, theme, tier, in_title=in_title)
        self.note()

    @rule(data=st.data(), words=st.frozensets(st.sampled_from(WORDS)), theme=st.sampled_from(THEMES),
          tier=st.sampled_from(TIERS))  # fmt: skip
    def amend(self, data: Any, words: frozenset[str], theme: str, tier: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.records)))
        with self.place.database.transaction() as tx:
            need = tx.get_one(Need, number)
            need.title, need.problem, need.disclosure = "Harbour", f"Much. {' '.join(sorted(words))}", tier
            need.changed_at = self.clock.now()
            need.set_codes("theme", [theme])
            said = self.records[number]
            said.words, said.theme, said.tier = words, theme, tier
            outbox.tell(tx, NeedAmended(number, need.version), self.clock.now())
        self.note()

    @rule(data=st.data())
    def hide_or_show(self, data: Any) -> None:
        number = data.draw(st.sampled_from(sorted(self.records)))
        with self.place.database.transaction() as tx:
            need = tx.get_one(Need, number)
            need.is_published = not need.is_published
            self.records[number].is_shown = need.is_published
            outbox.tell(tx, NeedWithdrawn(number), self.clock.now())
        self.note()

    @rule(person=st.integers(0, 1), which=st.sampled_from(range(len(SEARCHES))), at_rest=st.booleans())
    def save(self, person: int, which: int, at_rest: bool) -> None:
        if at_rest:
            self.settle()
        words, theme = SEARCHES[which]
        if any((one.person, one.words, one.theme) == (person, words, theme) for one in self.kept.values()):
            return
        kept = Kept(person, words, theme, set(), set())
        address = f"?q={'+'.join(sorted(words))}&theme={theme}" if theme else f"?q={'+'.join(sorted(words))}"
        with self.place.database.transaction() as tx:
            account = account_by_id(tx, self.people[person])
            assert account is not None
            row = follow(tx, actor_of(account), "Mine", address, self.clock.now(), engine_of(self.site))
            tx.flush()
            self.kept[row.id] = kept
        if at_rest:
            kept.known = self.matching(kept, verified=self.is_verified)
        else:
            # What the worker has not seen yet may be known or new: nobody can say who was first.
            kept.unsure = set(self.records)
        self.note()

    @precondition(lambda self: not self.is_verified)
    @rule()
    def verify(self) -> None:
        with self.place.database.transaction() as tx:
            tx.execute(update(Organisation).where(Organisation.id == self.donor).values(status="trusted"))
        self.is_verified = True
        self.note()

    @rule(person=st.integers(0, 1))
    def read(self, person: int) -> None:
        with self.place.database.transaction() as tx:
            account = account_by_id(tx, self.people[person])
            assert account is not None
            mark_all_read(tx, actor_of(account), self.clock.now())

    @rule(minutes=st.sampled_from([1, 40, 90, 60 * 25]))
    def wait(self, minutes: int) -> None:
        self.clock.move(minutes=minutes)

    # --- what happens to the worker ---

    def killed_after(self, steps: int | None, work: Callable[[], object]) -> None:
        self.place.database.left = steps
        try:
            work()
        except Killed:
            self.kills += 1
            engine_of(self.site).close()
            self.site = Site(self.place.settings, self.place.database, self.clock)
        finally:
            self.place.database.left = None

    @rule(steps=st.none() | st.integers(0, 14))
    def work(self, steps: int | None) -> None:
        self.killed_after(steps, lambda: work_off(self.site, self.reactions))

    @rule(steps=st.none() | st.integers(0, 9))
    def sweep(self, steps: int | None) -> None:
        self.killed_after(steps, lambda: sweep_searches(self.site))

    @rule()
    def lose_the_index(self) -> None:
        engine_of(self.site).close()
        self.site.parts.pop("search")
        shutil.rmtree(self.place.settings.search_dir, ignore_errors=True)

    @rule()
    def tend(self) -> None:
        tend_index(self.site)

    @rule()
    def settle(self) -> None:
        """Nobody is killed, the day goes by, and everything comes to rest."""
        for _round in range(60):
            tend_index(self.site)
            self.clock.move(minutes=10)
            work_off(self.site, self.reactions)
            with self.place.database.reading() as tx:
                assert not outbox.count_given_up(tx)
                if not outbox.count_waiting(tx):
                    break
        else:
            raise AssertionError("the worker does not come to rest")
        self.clock.move(days=1, minutes=5)
        sweep_searches(self.site)
        self.all_is_found()

    # --- what holds ---

    def all_is_found(self) -> None:
        with self.place.database.reading() as tx:
            for number, kept in self.kept.items():
                rows = tx.scalars(select(SearchFind).where(SearchFind.saved_search_id == number))
                announced = {row.record_id: row.announced_at is not None for row in rows}
                now = self.matching(kept, verified=self.is_verified)
                assert now <= set(announced), "a record that matches was not found"
                missed = {one for one in now - kept.known - kept.unsure if not announced[one]}
                assert not missed, "a record that was new was not announced"

    @invariant()
    def look(self) -> None:
        with self.place.database.reading() as tx:
            for number, kept in self.kept.items():
                ref = tx.get_one(SavedSearch, number).ref
                rows = tx.scalars(select(SearchFind).where(SearchFind.saved_search_id == number)).all()
                announced = {row.record_id for row in rows if row.announced_at is not None}
                assert announced <= kept.ever - kept.known, "a record was announced that was known or never matched"
                notices = tx.scalars(select(Notice).where(Notice.cause.contains(f"|search:{ref}|"))).all()
                one_by_one = [notice for notice in notices if notice.record_kind != "search"]
                together = [notice for notice in notices if notice.record_kind == "search"]
                told = len(one_by_one) + sum(Message.from_json(n.message).values["count"] for n in together)
                assert told == len(announced), "what was told is not what was found"
                assert {n.account_id for n in notices} <= {self.people[kept.person]}
                mails = [cause for _address, cause in carried(tx) if f"|search:{ref}|" in cause]
                assert sorted(mails) == sorted(notice.cause for notice in notices), "each piece of news has one mail"
