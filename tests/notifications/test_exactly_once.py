"""Each piece of news reaches each person in exactly one mail, or stays on the site for a stated reason.

Random events, people, paces and hours; the worker is killed between all steps, the server is down or busy, records are
hidden meanwhile. A mail comes twice only after a kill, and under the same Message-ID then.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.foundation.messages import msg
from app.notifications import mailer
from app.notifications.models import Delivery, Mail
from app.notifications.pace import gathering
from app.notifications.pace.queries import wishes_of_one
from app.notifications.pace.rules import CHOICES, DIGESTS, MOST_AT_ONCE, REASONS, WITHIN, Wishes
from app.notifications.pace.service import set_wishes
from app.notifications.rules import MOST_ATTEMPTS, cause_of
from app.notifications.service import NoticeDraft, put_notices
from tests.factories import World
from tests.notifications.posting import KINDS_OF_TROUBLE, Crash, PostOffice, plain

KINDS = ("pledge_made", "pledge_accepted", "need_fits", "point_set", "lesson_validated")
GROUPS = ("pledges", "matches", "meetings", "lessons")
NAMED = re.compile(r"News number (\d+)\.")
PLACES_TO_DIE = ("claimed", "gathered", "gathering", "marking")

STEPS = st.one_of(
    st.tuples(st.just("news"), st.integers(0, 2), st.sampled_from(KINDS), st.integers(0, 2)),
    st.tuples(st.just("news"), st.integers(0, 2), st.sampled_from(KINDS), st.integers(0, 2)),
    st.tuples(st.just("flood"), st.integers(0, 2), st.integers(4, 12)),
    st.tuples(st.just("choose"), st.integers(0, 2), st.sampled_from(GROUPS), st.sampled_from(sorted(CHOICES))),
    st.tuples(st.just("move"), st.sampled_from([1, 7, 31, 65, 600, 1500])),
    st.tuples(st.just("work")),
    st.tuples(st.just("work")),
    st.tuples(st.just("trouble"), st.sampled_from(KINDS_OF_TROUBLE)),
    st.tuples(st.just("die"), st.sampled_from(PLACES_TO_DIE)),
    st.tuples(st.just("server"), st.booleans()),
    st.tuples(st.just("hide"), st.integers(0, 2), st.booleans()),
    st.tuples(st.just("read"), st.integers(0, 2)),
)


class Town:
    """Three people, three needs that may be hidden, a worker that may die, a server that may fail."""

    def __init__(self, app, tx, clock, monkeypatch):
        self.site, self.tx, self.clock, self.monkeypatch = app.extensions["counterpart"], tx, clock, monkeypatch
        world = World(tx, clock.now())
        state = world.organisation()
        self.people = [world.account(world.organisation("donor")) for _ in range(3)]
        self.needs = [world.need(state) for _ in range(3)]
        tx.flush()
        self.site.parts.pop(mailer.PAUSE, None)
        self.office, self.about, self.failures = PostOffice(), {}, 0
        self.office.looks = self.look

    def look(self, message):
        """At the very moment of sending: nothing is named that is not for everybody."""
        for number in NAMED.findall(plain(message)):
            need = self.needs[self.about[int(number)]]
            assert need.disclosure == "public", f"news {number} was named though its record is hidden"

    # --- what may happen ---

    def news(self, person, kind, need):
        number = len(self.about)
        self.about[number] = need
        cause = cause_of(kind, ("need", self.needs[need].ref), ("number", str(number)))
        message = msg("News number %(number)s.", number=str(number))
        draft = NoticeDraft(self.people[person].id, cause, message, "need", self.needs[need].ref, by_mail=True)
        for _twice in range(2):
            # What a killed worker does again tells nobody anew.
            put_notices(self.tx, [draft], self.clock.now())
        self.tx.flush()

    def flood(self, person, count):
        for _ in range(count):
            self.news(person, "pledge_made", 0)

    def choose(self, person, group, choice):
        account = self.people[person]
        before = wishes_of_one(self.tx, account.id)
        wishes = Wishes({**before.paces, group: choice}, before.hour, before.weekday, before.time_zone)
        set_wishes(self.tx, account, wishes, self.clock.now(), "page")
        self.tx.flush()

    def move(self, minutes):
        self.clock.move(minutes=minutes)

    def trouble(self, kind):
        if self._may_fail():
            self.office.trouble.append(kind)

    def _may_fail(self):
        """A mail is given up after eight attempts, by design: fewer failures than that are brought about."""
        self.failures += 1
        return self.failures < MOST_ATTEMPTS - 1

    def server(self, is_down):
        self.office.is_down = is_down

    def hide(self, need, is_hidden):
        self.needs[need].disclosure = "own" if is_hidden else "public"
        self.tx.flush()

    def read(self, person):
        query = select(Delivery).where(Delivery.account_id == self.people[person].id).order_by(Delivery.id.desc())
        last = self.tx.scalars(query).first()
        if last is not None:
            last.notice.read_at = self.clock.now()
            self.tx.flush()

    def work(self):
        self.tx.flush()
        with suppress(Crash):
            mailer.send_mails(self.site)
        self.tx.expire_all()

    def die(self, place):
        """The next thing that the worker does at this place is its last."""
        if not self._may_fail():
            return
        with self.monkeypatch.context() as patch:
            patch.setattr(*self._deadly(place))
            self.work()

    def _deadly(self, place):
        """The module, the name, and what stands there instead."""
        claim, gather, hand_over = mailer._claim, gathering.gather_news, gathering._hand_over

        def after(real):
            def and_die(*args):
                if found := real(*args):
                    raise Crash
                return found

            return and_die

        def die_inside(*args):
            hand_over(*args)
            raise Crash

        def die_before_mark(_site, mail, *_rest):
            self.office.repeats_allowed[mail.message_id] += 1
            raise Crash

        return {
            "claimed": (mailer, "_claim", after(claim)),
            "gathered": (mailer, "gather_news", after(gather)),
            "gathering": (gathering, "_hand_over", die_inside),
            "marking": (mailer, "_mark_sent", die_before_mark),
        }[place]

    # --- and what has to hold in the end ---

    def settle(self):
        """All is well again, and time passes: more than a week for the weekly mail, and every wait between attempts."""
        self.office.is_down, self.office.trouble = False, []
        for minutes in [0, 10, 20, 40, 80, 160, 320, 640] + [1440] * 8 + [700] * 3:
            self.clock.move(minutes=minutes)
            self.work()

    def check(self):
        deliveries = self.tx.scalars(select(Delivery).order_by(Delivery.id)).all()
        assert len(deliveries) == len(self.about), "each event has one delivery for its person"
        mails = {mail.id: mail for mail in self.tx.scalars(select(Mail))}
        taken = self.office.ids()
        for number, delivery in enumerate(deliveries):
            if delivery.withheld:
                assert delivery.withheld in REASONS
                continue
            mail = mails.get(delivery.mail_id)
            assert mail is not None, f"news {number} waits for ever"
            assert mail.message_id in taken, f"news {number} was lost"
        self.check_named(deliveries)
        for message_id in set(taken):
            assert taken.count(message_id) <= 1 + self.office.repeats_allowed[message_id], "repeated without a kill"
        self.check_quiet(mails.values())

    def check_named(self, deliveries):
        """What a mail names by itself agrees with what the database says of it."""
        seen = {}
        for message_id, text in self.office.texts().items():
            for number in NAMED.findall(text):
                seen.setdefault(int(number), set()).add(message_id)
        for number, ids in seen.items():
            assert len(ids) == 1, f"news {number} is in {len(ids)} mails"
            assert deliveries[number].mail_id is not None

    def check_quiet(self, mails):
        """Nobody is written to at once more often than the limit says, within any hour."""
        for person in self.people:
            at = sorted(m.created_at for m in mails if m.account_id == person.id and m.pace not in DIGESTS)
            for first in at:
                assert sum(first <= one < first + WITHIN for one in at) <= MOST_AT_ONCE


@pytest.mark.one_engine
@settings(max_examples=50)
@given(steps=st.lists(STEPS, min_size=4, max_size=30))
def test_each_piece_of_news_is_in_one_mail_whatever_happens(app, database, tx, clock, monkeypatch, steps):
    play(app, database, tx, clock, monkeypatch, steps)


def play(app, database, tx, clock, monkeypatch, steps):
    start = clock.now()
    with tx.begin_nested() as nested, monkeypatch.context() as patch:
        try:
            town = Town(app, tx, clock, patch)
            patch.setattr(mailer, "post_office", town.office.open)
            for name, *values in steps:
                getattr(town, name)(*values)
            town.settle()
            town.check()
        finally:
            nested.rollback()
            tx.expunge_all()
            clock.fixed = start
    return town


EVERY_KILL = [
    [("news", 0, "pledge_made", 0), ("die", place), ("work",), ("news", 1, "need_fits", 1)] for place in PLACES_TO_DIE
] + [[("news", 0, "pledge_made", 0), ("trouble", kind), ("work",), ("move", 7)] for kind in KINDS_OF_TROUBLE]


@pytest.mark.parametrize("steps", EVERY_KILL, ids=[*PLACES_TO_DIE, *KINDS_OF_TROUBLE])
def test_a_kill_at_each_step_loses_nothing(app, database, tx, clock, monkeypatch, steps):
    town = play(app, database, tx, clock, monkeypatch, steps)
    assert town.office.taken


def test_the_careless_order_loses_a_mail(app, database, tx, clock, monkeypatch):
    """Marked first and sent afterwards, the same kill loses what the right order only repeats."""

    def careless(site, post, mail, now):
        with site.database.reading() as looking:
            finished = mailer.letter_to_send(looking, site.settings, mail, now)
        mailer._mark_sent(site, mail, finished, now)
        post(mailer.compose(site.settings, finished.letter, mail.message_id, now))
        return True

    steps = [("news", 0, "pledge_made", 0), ("trouble", "before_send"), ("work",)]
    play(app, database, tx, clock, monkeypatch, steps)
    monkeypatch.setattr(mailer, "_send", careless)
    with pytest.raises(AssertionError, match="was lost"):
        play(app, database, tx, clock, monkeypatch, steps)


def test_a_server_that_is_down_for_an_hour_costs_no_mail_an_attempt(app, tx, clock, monkeypatch):
    start = clock.now()
    town = Town(app, tx, clock, monkeypatch)
    monkeypatch.setattr(mailer, "post_office", town.office.open)
    for person in range(3):
        town.news(person, "pledge_made", 0)
    town.server(True)
    tries = []
    real = town.office.open
    monkeypatch.setattr(mailer, "post_office", lambda given: tries.append(clock.now()) or real(given))
    while clock.now() < start + timedelta(hours=1):
        town.work()
        clock.move(seconds=10)
    mails = tx.scalars(select(Mail)).all()
    assert [(mail.attempts, mail.claimed_at) for mail in mails] == [(0, None)] * 3
    # It is not asked again and again: half a minute, a minute, two ... ten minutes at most.
    assert len(tries) <= 11
    town.server(False)
    clock.move(minutes=10)
    town.work()
    assert len(town.office.ids()) == len(set(town.office.ids())) == 3
    tx.expire_all()
    assert all(mail.sent_at == clock.now() and mail.attempts == 1 for mail in mails)


def test_a_server_that_is_busy_is_not_the_mails_fault(app, tx, clock, monkeypatch):
    town = Town(app, tx, clock, monkeypatch)
    monkeypatch.setattr(mailer, "post_office", town.office.open)
    town.news(0, "pledge_made", 0)
    for _ in range(20):
        town.office.trouble = ["busy"]
        town.work()
        clock.move(minutes=11)
    (mail,) = tx.scalars(select(Mail)).all()
    assert (mail.attempts, mail.sent_at) == (0, None)
    town.office.trouble.clear()
    clock.move(minutes=11)
    town.work()
    tx.expire_all()
    assert mail.sent_at is not None
