"""One answer for each organisation and pair, what it hides and for whom, and what the secretariat makes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import ANONYMOUS, Refused
from app.matching.feedback import service
from app.matching.feedback.models import MatchAnswer
from app.matching.feedback.queries import decided, discussed, waiting, year_of_answers
from app.matching.feedback.rules import DOWN, KEPT, NOT_FIT, UP, USEFUL, AnswerDraft, AnswerRefused
from app.matching.feedback.verdicts import reviewed_pairs
from app.matching.queries import (
    count_matches,
    find_pair,
    hidden_on_need,
    hidden_on_offer,
    matches_of_need,
    matches_of_offer,
)
from app.notifications.match_news import _pairs as news_of
from app.overview.desk_queries import new_matches, shelves_of
from tests.matching.pairs import match

UNFIT = AnswerDraft(NOT_FIT, "dates")


class Two:
    """A need that two donors' programmes fit, and somebody of each of the three and of the secretariat."""

    def __init__(self, world: Any) -> None:
        state, donor, other = (world.organisation(kind) for kind in ("state", "donor", "donor"))
        self.need = world.need(state)
        self.mine, self.theirs = world.programme(donor), world.programme(other)
        match(world, self.need, self.mine, score=5)
        match(world, self.need, self.theirs, score=3)
        self.official, self.donor, self.other = (
            world.actor(world.account(organisation)) for organisation in (state, donor, other)
        )
        self.office = world.somebody("secretariat")
        self.tx, self.now = world.tx, world.now

    def pair(self, reader: Any, offer: Any = None) -> Any:
        return find_pair(self.tx, reader, self.need, "programme", (offer or self.mine).ref)

    def say(self, actor: Any, draft: AnswerDraft, offer: Any = None, **later: int) -> Any:
        place = actor.memberships[0].organisation_id
        now = self.now + timedelta(**later)
        row = service.answer(self.tx, actor, self.pair(actor, offer), place, draft, now)
        self.tx.flush()
        return row

    def decide(self, verdict: str, offer: Any = None) -> Any:
        row = service.review(self.tx, self.office, self.pair(self.office, offer), verdict, "Read.", self.now)
        self.tx.flush()
        return row

    def seen(self, reader: Any) -> list[int]:
        return [shown.offer.id for shown in matches_of_need(self.tx, reader, self.need)]


@pytest.fixture
def two(world: Any) -> Two:
    return Two(world)


def actions(two: Two) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.action.startswith("match."))
    return list(two.tx.scalars(query.order_by(AuditEvent.id)))


def test_not_a_fit_hides_the_pair_for_that_organisation_alone(two: Two) -> None:
    two.say(two.donor, UNFIT)
    both = [two.mine.id, two.theirs.id]
    assert two.seen(two.donor) == [two.theirs.id]
    for reader in (two.official, two.other, two.office, ANONYMOUS):
        assert two.seen(reader) == both
    assert count_matches(two.tx, two.donor, [two.need.id]) == {two.need.id: 1}
    assert count_matches(two.tx, ANONYMOUS, [two.need.id]) == {two.need.id: 2}
    assert matches_of_offer(two.tx, two.donor, "programme", two.mine) == []
    assert len(matches_of_offer(two.tx, two.official, "programme", two.mine)) == 1
    assert [shown.offer.id for shown in hidden_on_need(two.tx, two.donor, two.need)] == [two.mine.id]
    assert [shown.need.id for shown in hidden_on_offer(two.tx, two.donor, "programme", two.mine)] == [two.need.id]
    assert hidden_on_need(two.tx, two.official, two.need) == hidden_on_need(two.tx, ANONYMOUS, two.need) == []


def test_it_is_gone_from_the_desk_and_no_news_any_more(two: Two) -> None:
    def on_desk(reader: Any) -> tuple[int, int]:
        shelves = shelves_of(two.tx, reader, reader.organisation_ids)
        return len(new_matches(two.tx, reader, two.now)), sum(sum(shelf.matches.values()) for shelf in shelves)

    assert (on_desk(two.donor), on_desk(two.official)) == ((1, 1), (2, 2))
    two.say(two.donor, UNFIT)
    assert (on_desk(two.donor), on_desk(two.official)) == ((0, 0), (2, 2))
    telling: Any = type("Telling", (), {"tx": two.tx})
    assert [offer.id for _match, _need, offer in news_of(telling, True, by_offerer=True)] == [two.theirs.id]
    assert len(news_of(telling, True, by_offerer=False)) == 2


def test_an_answer_is_changed_and_withdrawn_with_an_event_each(two: Two) -> None:
    two.say(two.donor, UNFIT)
    two.say(two.donor, AnswerDraft(USEFUL))
    rows = two.tx.scalars(select(MatchAnswer)).all()
    assert [(row.says, row.reason, row.gate, row.themes) for row in rows] == [
        (USEFUL, "", "match", ["asset_recovery"])]  # fmt: skip
    assert two.seen(two.donor) == [two.mine.id, two.theirs.id]
    place = two.donor.memberships[0].organisation_id
    assert service.withdraw(two.tx, two.donor, two.pair(two.donor), place, two.now)
    two.tx.flush()
    assert two.tx.scalars(select(MatchAnswer)).all() == []
    assert not service.withdraw(two.tx, two.donor, two.pair(two.donor), place, two.now)
    assert actions(two) == ["match.said_not_fit", "match.said_useful", "match.answer_withdrawn"]


def test_only_editors_of_the_two_sides_are_asked(two: Two, world: Any) -> None:
    reader = world.actor(world.account(two.mine.organisation, "member"))
    for actor in (reader, two.other, two.office):
        with pytest.raises(Refused):
            two.say(actor, UNFIT)
    with pytest.raises(Refused):
        pair, elsewhere = two.pair(two.donor), two.need.organisation_id
        service.answer(two.tx, two.donor, pair, elsewhere, UNFIT, two.now)
    assert actions(two) == []


def test_nothing_changes_for_others_until_the_secretariat_agrees(two: Two) -> None:
    two.say(two.donor, UNFIT)
    assert reviewed_pairs(two.tx, two.need.id) == {}
    assert [one.shown.offer.id for one in waiting(two.tx, two.office)] == [two.mine.id]
    two.decide(DOWN)
    assert reviewed_pairs(two.tx, two.need.id) == {("programme", two.mine.id): DOWN}
    assert two.seen(ANONYMOUS) == [two.theirs.id, two.mine.id]
    assert waiting(two.tx, two.office) == []
    assert [one.review.verdict for one in decided(two.tx, two.office) if one.review] == [DOWN]
    facts = two.tx.scalars(select(OutboxRow.fact)).all()
    assert facts.count("MatchReviewed") == 1


def test_what_is_useful_can_be_put_first_and_what_is_kept_is_no_verdict(two: Two) -> None:
    two.say(two.other, AnswerDraft(USEFUL), two.theirs)
    two.decide(UP, two.theirs)
    assert two.seen(ANONYMOUS) == [two.theirs.id, two.mine.id]
    two.say(two.donor, UNFIT)
    two.decide(KEPT)
    assert reviewed_pairs(two.tx, two.need.id) == {("programme", two.theirs.id): UP}
    assert actions(two)[-1] == "match.kept"


def test_a_newer_answer_waits_again(two: Two) -> None:
    two.say(two.donor, UNFIT)
    two.decide(DOWN)
    two.say(two.official, AnswerDraft(USEFUL), hours=1)
    assert [len(one.said) for one in waiting(two.tx, two.office)] == [2]


def test_the_secretariat_agrees_only_with_what_was_said_and_says_why(two: Two) -> None:
    two.say(two.donor, UNFIT)
    pair = two.pair(two.office)
    for verdict, note, field in ((UP, "Read.", "verdict"), (DOWN, " ", "note")):
        with pytest.raises(AnswerRefused) as refused:
            service.review(two.tx, two.office, pair, verdict, note, two.now)
        assert refused.value.field == field
    with pytest.raises(Refused):
        service.review(two.tx, two.donor, pair, DOWN, "Mine.", two.now)


def test_what_others_say_is_for_the_secretariat_alone(two: Two) -> None:
    two.say(two.donor, UNFIT)
    assert discussed(two.tx, two.office, two.pair(two.office)) is not None
    for reader in (two.official, two.donor, ANONYMOUS):
        assert discussed(two.tx, reader, two.pair(reader)) is None
        assert waiting(two.tx, reader) == decided(two.tx, reader) == []


def test_the_year_is_counted_from_what_is_kept(two: Two) -> None:
    two.say(two.donor, UNFIT)
    two.say(two.official, AnswerDraft(USEFUL))
    two.say(two.official, AnswerDraft(USEFUL), two.theirs, days=-400)
    figures = year_of_answers(two.tx, two.now.date())
    assert (figures.total.useful, figures.total.all) == (1, 2)
    assert figures.by_languages[0].key == ("fr", "en")
