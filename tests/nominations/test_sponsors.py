"""Sponsored seats: offered, accepted, withdrawn; for a line of a need they are a pledge, and each pass counts once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from app.courses.events import SessionCancelled, SessionChanged
from app.courses.service import cancel_session, withdraw_course
from app.foundation.permissions import ANONYMOUS, Actor, Refused
from app.nominations import results, service
from app.nominations.models import Nomination
from app.nominations.rules import DraftRefused, MoveRefused
from app.nominations.sponsors import news, passes, queries, rules
from app.nominations.sponsors import service as sponsors
from app.nominations.sponsors.events import SeatsOffered, SponsorshipMoved
from app.nominations.sponsors.models import SeatSponsorship, SeatUse
from app.nominations.sponsors.reactions import settle_passes
from app.nominations.sponsors.rules import Room, Said, problems
from app.nominations.sponsors.service import SponsorDraft
from app.notifications.reactions import _BESIDE, NEWS, register_news
from app.notifications.telling import Telling
from app.pledges.events import PledgeAccepted
from app.pledges.models import Cover, Pledge
from app.pledges.queries import coverage_of
from app.pledges.service import accept_pledge, withdraw_pledge
from tests.nominations.conftest import School
from tests.pages import CheckingClient

REACH = frozenset({"SN", "CV", "GW"})


@pytest.mark.parametrize(
    ("said", "paid", "fields"),
    [
        (Said(2, frozenset({"CV"}), False, frozenset({"travel"})), 0, []),
        (Said(2, frozenset(), True, frozenset({"travel"})), 0, []),
        (Said(2, frozenset({"CV"}), False, frozenset({"travel"})), 3, ["seats"]),
        (Said(0, frozenset({"CV"}), False, frozenset({"travel"})), 0, ["seats"]),
        (Said(2, frozenset({"CV"}), True, frozenset({"travel"})), 0, ["countries"]),
        (Said(2, frozenset(), False, frozenset({"travel"})), 0, ["countries"]),
        (Said(2, frozenset({"GT"}), False, frozenset({"travel"})), 0, ["countries"]),
        (Said(2, frozenset({"CV"}), False, frozenset()), 0, ["pays"]),
        (Said(2, frozenset({"CV"}), False, frozenset({"gold"})), 4, ["seats", "pays"]),
    ],
)
def test_what_an_offer_has_to_say(said: Said, paid: int, fields: list[str]) -> None:
    assert [one.field for one in problems(said, Room(4, paid, REACH))] == fields


@pytest.mark.parametrize("status", sorted(rules.MOVES))
@pytest.mark.parametrize("wanted", sorted(rules.MOVES))
def test_how_an_offer_moves(status: str, wanted: str) -> None:
    if wanted in rules.MOVES[status]:
        rules.check_move(status, wanted)
    else:
        with pytest.raises(MoveRefused):
            rules.check_move(status, wanted)


@dataclass
class Deal:
    """A donor beside the school, and a need of the State."""

    school: School
    donor: Any
    giver: Actor
    need: Any

    def offer(self, seats: int = 1, *, for_line: bool = False, **kw: Any) -> SeatSponsorship:
        """The donor offers to pay."""
        whom = {"need_line": self.need.lines[0]} if for_line else {"countries": ("CV", "GW")}
        draft = SponsorDraft(**{"seats": seats, "pays": ("travel", "lodging"), **whom, **kw})
        return sponsors.offer_seats(
            self.school.tx, self.giver, self.donor.id, self.school.session, draft, self.school.now
        )

    def accept(self, one: SeatSponsorship) -> None:
        """The centre accepts."""
        sponsors.accept(self.school.tx, self.school.centre, one, self.school.now)

    def pledge(self) -> Pledge:
        """The one pledge that there is."""
        return self.school.tx.scalars(select(Pledge)).one()

    def confirmed(self, name: str = "Ana Lopes") -> Nomination:
        """A candidate for the line who has a seat."""
        school = self.school
        one = school.put_forward(name, need_line=self.need.lines[0])
        school.accept(one)
        service.confirm(school.tx, one, school.now)
        return one

    def passed(self, one: Nomination | None = None) -> tuple[Nomination, datetime]:
        """The same, or a new one, has taken part and passed."""
        school, one = self.school, one or self.confirmed()
        held = school.now.replace(year=2027, month=3, day=10)
        results.write_result(school.tx, school.centre, one, "passed", Decimal(80), held)
        return one, held

    def counted(self) -> tuple[Decimal, Decimal]:
        """How much of the line is counted, and how much delivered."""
        self.school.tx.flush()
        self.school.tx.expire_all()
        row = coverage_of(self.school.tx, self.need)[self.need.lines[0].id]
        return row.counted, row.delivered


@pytest.fixture
def deal(school: School) -> Deal:
    state = school.world.organisation("state")
    school.state, school.state_id = school.world.actor(school.world.account(state, "focal_point")), state.id
    donor = school.world.organisation("donor")
    return Deal(school, donor, school.world.actor(school.world.account(donor)), school.world.need(state))


def test_seats_for_states_are_shown_once_the_centre_accepts(deal: Deal) -> None:
    tx, session = deal.school.tx, deal.school.session
    one = deal.offer(2)
    assert queries.sponsorships_of(tx, ANONYMOUS, session) == []
    for side in (deal.giver, deal.school.centre):
        assert queries.sponsorships_of(tx, side, session) == [one]
    deal.accept(one)
    assert queries.sponsorships_of(tx, ANONYMOUS, session) == [one]
    assert queries.sponsored_for(tx, ANONYMOUS, "CV", deal.school.now.date()) == [one]
    assert queries.sponsored_for(tx, ANONYMOUS, "SN", deal.school.now.date()) == []
    assert tx.scalars(select(Pledge)).all() == []
    with pytest.raises(DraftRefused, match="paid for by sponsors already"):
        deal.offer(1)


def test_two_offers_for_the_last_seats_are_not_both_accepted(deal: Deal) -> None:
    first, second = deal.offer(2), deal.offer(1)
    deal.accept(first)
    with pytest.raises(MoveRefused, match="0 are left"):
        deal.accept(second)
    sponsors.withdraw(deal.school.tx, deal.giver, first, "No budget.", deal.school.now)
    deal.accept(second)
    assert (first.is_published, second.is_published) == (False, True)


def test_others_may_not(deal: Deal) -> None:
    tx, now = deal.school.tx, deal.school.now
    one = deal.offer()
    for other in (deal.giver, deal.school.state, deal.school.world.somebody("centre")):
        with pytest.raises(Refused):
            sponsors.accept(tx, other, one, now)
    with pytest.raises(Refused):
        sponsors.withdraw(tx, deal.school.world.somebody("donor"), one, "", now)
    with pytest.raises(Refused):
        sponsors.offer_seats(
            tx, deal.school.world.somebody("donor"), deal.donor.id, deal.school.session, SponsorDraft(1), now
        )
    with pytest.raises(MoveRefused, match="begun"):
        sponsors.accept(tx, deal.school.centre, one, now.replace(year=2027, month=3, day=9))


def test_an_offer_is_no_more_visible_than_its_course_and_its_need(deal: Deal) -> None:
    deal.school.session.course.disclosure = "members"
    deal.need.disclosure = "own"
    first = deal.offer()
    assert first.disclosure == "members"
    deal.need.disclosure = "public"
    second = deal.offer(for_line=True)
    assert second.disclosure == "members"
    deal.accept(second)
    deal.need.disclosure = "own"
    deal.school.tx.flush()
    member = deal.school.world.somebody("donor")
    assert queries.sponsorships_of(deal.school.tx, member, deal.school.session) == []


def test_named_readers_are_those_whom_both_name(deal: Deal) -> None:
    world, tx = deal.school.world, deal.school.tx
    both, one_only = world.organisation("donor"), world.organisation("donor")
    need = world.need(world.organisation("state"), named=[deal.donor, both])
    course = world.course(
        world.organisation("centre"), sessions=[{}], named=[deal.donor, both, one_only, need.organisation]
    )
    draft = SponsorDraft(1, need_line=need.lines[0], pays=("travel",))
    one = sponsors.offer_seats(tx, deal.giver, deal.donor.id, course.sessions[0], draft, deal.school.now)
    one.is_published = True
    tx.flush()
    found = [
        bool(queries.find_sponsorship(tx, world.actor(world.account(organisation)), one.ref))
        for organisation in (both, one_only)
    ]
    assert found == [True, False]


def test_seats_for_a_line_are_a_pledge_that_ends_with_them(deal: Deal) -> None:
    one = deal.offer(2, for_line=True)
    pledge = deal.pledge()
    assert (one.pledge_id, pledge.lines[0].quantity, pledge.status) == (pledge.id, 2, "pledged")
    sponsors.decline(deal.school.tx, deal.school.centre, one, "We have no room.", deal.school.now)
    assert (one.status, one.status_reason) == ("declined", "We have no room.")
    assert pledge.status == "withdrawn"
    with pytest.raises(MoveRefused):
        deal.accept(one)


def test_a_sponsor_withdraws_from_a_session_that_is_cancelled(deal: Deal) -> None:
    one = deal.offer(1, for_line=True)
    deal.accept(one)
    deal.school.session.status = "cancelled"
    deal.school.tx.flush()
    with pytest.raises(MoveRefused):
        deal.offer(1)
    sponsors.withdraw(deal.school.tx, deal.giver, one, "It does not take place.", deal.school.now)
    assert (one.status, deal.pledge().status) == ("withdrawn", "withdrawn")


def test_a_need_that_is_closed_is_refused_at_its_field(deal: Deal) -> None:
    deal.need.status = "closed"
    with pytest.raises(DraftRefused) as refused:
        deal.offer(for_line=True)
    assert [problem.field for problem in refused.value.problems] == ["line"]


def test_whoever_passes_on_a_sponsored_seat_counts_once(deal: Deal) -> None:
    tx = deal.school.tx
    deal.accept(deal.offer(1, for_line=True))
    accept_pledge(tx, deal.school.state, deal.pledge(), deal.school.now)
    assert deal.counted() == (1, 0)
    second = deal.confirmed("Bia Reis")
    one, held = deal.passed()
    assert deal.counted() == (1, 0)
    assert tx.scalars(select(Cover)).all() == []
    results.agree(tx, deal.school.state, one, held)
    assert deal.counted() == (1, 1)
    assert deal.pledge().status == "delivered"
    # The second seat is nobody's: whoever passes there covers the line by itself.
    deal.passed(second)
    assert deal.counted() == (2, 1)
    assert [cover.source_ref for cover in tx.scalars(select(Cover))] == [second.ref]


def test_what_was_written_down_wrongly_is_taken_back(deal: Deal) -> None:
    tx = deal.school.tx
    deal.accept(deal.offer(1, for_line=True))
    accept_pledge(tx, deal.school.state, deal.pledge(), deal.school.now)
    one, held = deal.passed()
    results.agree(tx, deal.school.state, one, held)
    results.write_result(tx, deal.school.centre, one, "failed", Decimal(20), held)
    assert deal.counted() == (1, 0)
    assert deal.pledge().status == "delivering"
    assert tx.scalars(select(SeatUse)).all() == []
    results.write_result(tx, deal.school.centre, one, "passed", Decimal(70), held)
    assert len(tx.scalars(select(SeatUse)).all()) == 1
    assert deal.counted() == (1, 0)


def test_a_pledge_that_is_accepted_later_takes_over_who_passed_before(deal: Deal) -> None:
    tx, school = deal.school.tx, deal.school
    deal.accept(deal.offer(1, for_line=True))
    one, held = deal.passed()
    results.agree(tx, school.state, one, held)
    assert deal.counted() == (1, 1)
    accept_pledge(tx, school.state, deal.pledge(), held)
    assert deal.counted() == (2, 1)
    site: Any = type("Site", (), {"clock": type("Clock", (), {"now": staticmethod(lambda: held)})})
    settle_passes(site, [PledgeAccepted(deal.pledge().id, deal.need.id)])(tx)
    assert deal.counted() == (1, 1)
    assert tx.scalars(select(Cover)).all() == []


def test_a_pledge_that_is_withdrawn_covers_no_pass(deal: Deal) -> None:
    tx, school = deal.school.tx, deal.school
    deal.accept(deal.offer(1, for_line=True))
    accept_pledge(tx, school.state, deal.pledge(), school.now)
    withdraw_pledge(tx, deal.giver, deal.pledge(), "No budget.", school.now)
    one, _held = deal.passed()
    assert [cover.source_ref for cover in tx.scalars(select(Cover))] == [one.ref]
    assert not passes.deliver_pass(tx, one, school.now.date(), school.now, is_confirmed=True)


def test_both_sides_are_told(deal: Deal, settings: Any) -> None:
    one = deal.offer()

    def told(fact: Any) -> list[int]:
        telling = Telling(deal.school.tx, settings)
        news.NEWS[type(fact).__name__](telling, fact)
        assert all(notice.by_mail for notice in telling.notices)
        return [notice.account_id for notice in telling.notices]

    assert told(SeatsOffered(one.id)) == [deal.school.centre.account_id]
    deal.accept(one)
    assert told(SponsorshipMoved(one.id, "accepted")) == [deal.giver.account_id]
    assert told(SponsorshipMoved(one.id, "declined")) == [deal.giver.account_id]
    assert told(SponsorshipMoved(one.id, "withdrawn")) == [deal.school.centre.account_id]


def test_who_pays_is_told_once_of_other_days_and_of_the_end(deal: Deal, settings: Any) -> None:
    school = deal.school
    deal.accept(deal.offer())
    deal.offer()
    course, run = school.session.course, school.session

    def told(fact: Any) -> list[tuple[int, str]]:
        telling = Telling(school.tx, settings)
        news.NEWS[type(fact).__name__](telling, fact)
        assert all(notice.by_mail for notice in telling.notices)
        return [(notice.account_id, notice.cause.split("|")[0]) for notice in telling.notices]

    assert told(SessionChanged(course.id, run.id)) == []
    assert told(SessionChanged(course.id, run.id, has_moved=True)) == [(deal.giver.account_id, "sponsored_moved")]
    cancel_session(school.tx, school.centre, run, "Too few.", school.now)
    assert told(SessionCancelled(course.id, run.id)) == [(deal.giver.account_id, "sponsored_off")]


def test_what_a_sponsor_may_not_see_any_more_is_not_told(deal: Deal, settings: Any) -> None:
    school = deal.school
    deal.accept(deal.offer())
    school.session.course.disclosure = "own"
    school.tx.flush()
    telling = Telling(school.tx, settings)
    news.session_cancelled(telling, SessionCancelled(school.session.course_id, school.session.id))
    assert (telling.notices, telling.mails) == ([], [])


def test_a_withdrawn_course_is_told_to_its_sponsor_and_the_offer_stays_in_sight(deal: Deal, settings: Any) -> None:
    school = deal.school
    one = deal.offer()
    deal.accept(one)
    withdraw_course(school.tx, school.centre, school.session.course, "No money.", school.now)
    school.tx.flush()
    telling = Telling(school.tx, settings)
    news.session_cancelled(telling, SessionCancelled(school.session.course_id, school.session.id))
    assert [notice.account_id for notice in telling.notices] == [deal.giver.account_id]
    assert queries.find_sponsorship(school.tx, deal.giver, one.ref) is one
    assert queries.find_sponsorship(school.tx, school.state, one.ref) is None
    school.session.course.disclosure = "named"
    school.tx.flush()
    assert queries.find_sponsorship(school.tx, deal.giver, one.ref) is None


def test_two_features_may_say_what_one_fact_means() -> None:
    telling: Any = []
    register_news("SessionTried", first := lambda told, _fact: told.append("first"))
    register_news("SessionTried", second := lambda told, _fact: told.append("second"))
    register_news("SessionTried", second)
    register_news("SessionTried", first)
    try:
        for one in (NEWS["SessionTried"], *_BESIDE["SessionTried"]):
            one(telling, None)
        assert telling == ["first", "second"]
    finally:
        del NEWS["SessionTried"], _BESIDE["SessionTried"]


@dataclass
class Pages:
    """A donor and a registrar, each at a browser."""

    deal: Deal
    donor: CheckingClient
    registrar: CheckingClient

    @property
    def here(self) -> str:
        """The address of the session."""
        run = self.deal.school.session
        return f"/courses/{run.course.ref}/sessions/{run.ref}"

    def offer(self, **typed: Any) -> Any:
        """The donor sends the form."""
        form = {"seats": "2", "countries": ["CV", "GW"], "pays": ["travel", "lodging"], "line": "", "note": "By air."}
        return self.donor.submit(f"{self.here}/sponsor", form | typed)

    def one(self) -> SeatSponsorship:
        """The offer as it stands."""
        self.deal.school.tx.expire_all()
        return self.deal.school.tx.scalars(select(SeatSponsorship)).one()


@pytest.fixture
def pages(deal: Deal, new_client: Callable[[], CheckingClient], sign_in: Callable[..., object]) -> Pages:
    donor, registrar, world = new_client(), new_client(), deal.school.world
    sign_in(donor, world.account(deal.donor))
    sign_in(registrar, world.account(deal.school.session.course.organisation))
    return Pages(deal, donor, registrar)


def test_seats_are_offered_and_accepted_on_their_pages(pages: Pages, client: CheckingClient) -> None:
    assert "Sponsor seats" in pages.donor.get(pages.here).text
    assert "Sponsor seats" not in client.get(pages.here).text
    assert pages.offer().status_code == 303
    one = pages.one()
    assert (one.seats, one.countries, one.pays) == (2, ["CV", "GW"], ["lodging", "travel"])
    assert "Offers to pay for seats" in pages.registrar.get("/desk").text
    assert "paid by" not in client.get(pages.here).text
    assert client.get(f"/sponsorships/{one.ref}").status_code in {302, 303, 403}
    assert "Accept the offer" in pages.registrar.get(f"/sponsorships/{one.ref}").text
    assert "Accept the offer" not in pages.donor.get(f"/sponsorships/{one.ref}").text
    assert pages.registrar.post(f"/sponsorships/{one.ref}/accept", data={}).status_code == 303
    page = client.get(pages.here).text
    assert "2 seats paid by" in page
    assert "Cape Verde, Guinea-Bissau" in page
    assert "2 seats paid by" in client.get("/countries/CV").text
    assert "2 seats paid by" not in client.get("/countries/SN").text


def test_saying_no_asks_for_a_reason(pages: Pages) -> None:
    pages.offer()
    here = f"/sponsorships/{pages.one().ref}"
    assert pages.registrar.post(f"{here}/decline", data={"reason": ""}).status_code == 422
    assert pages.donor.post(f"{here}/decline", data={"reason": "x"}).status_code == 403
    assert pages.donor.post(f"{here}/withdraw", data={"reason": ""}).status_code == 422
    assert pages.donor.post(f"{here}/withdraw", data={"reason": "No budget."}).status_code == 303
    assert "No budget." in pages.registrar.get(here).text
    again = pages.registrar.post(f"{here}/accept", data={})
    assert "not possible any more" in pages.registrar.get(again.location).text


def test_what_is_wrong_is_named(pages: Pages) -> None:
    for typed, word in (
        ({"seats": "9"}, "from 1 to 2"), ({"seats": "many"}, "whole number"), ({"pays": []}, "Say what you pay for"),
        ({"countries": []}, "Choose the States"),
    ):  # fmt: skip
        answer = pages.offer(**typed)
        assert answer.status_code == 422
        assert word in answer.text


def test_for_a_line_the_need_has_a_pledge(pages: Pages) -> None:
    line = pages.deal.need.lines[0]
    assert pages.offer(line=line.ref, countries=[]).status_code == 303
    page = pages.donor.get(f"/sponsorships/{pages.one().ref}").text
    assert pages.deal.pledge().ref in page
    assert pages.deal.need.title in page.replace("&#39;", "'")
