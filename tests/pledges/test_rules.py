"""The law of pledges: how one moves, and how far a line is covered by what was promised and delivered."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.money import Money
from app.pledges import reckoning, rules
from app.pledges.reckoning import Asked, Claim, Coverage, Other, coverage, excess, quantity_of

D = Decimal
ASKED = Asked(D(20), Money(D(10000), "EUR"))

quantities = st.decimals(min_value=D("0.01"), max_value=D(500), places=2)
monies = st.builds(Money, quantities, st.sampled_from(["EUR", "XOF"]))
statuses = st.sampled_from(sorted(rules.MOVES))
askeds = st.builds(Asked, quantities, st.none() | monies)
parts = st.tuples(st.none() | quantities, st.none() | monies)
claims = st.builds(
    Claim, statuses, st.booleans(), st.none() | quantities, st.none() | monies, st.lists(parts, max_size=2).map(tuple)
)
many = st.lists(claims, max_size=6)


def test_an_accepted_pledge_covers_and_one_that_waits_reserves_nothing() -> None:
    cover = coverage(
        ASKED, [Claim("pledged", True, D(8)), Claim("pledged", False, D(5)), Claim("interest", False, D(9))]
    )

    assert (cover.counted, cover.promised, cover.open) == (D(8), D(5), D(12))


def test_money_covers_its_share_of_the_cost() -> None:
    assert quantity_of(ASKED, None, Money(D(2500), "EUR")) == D(5)


@pytest.mark.parametrize("asked", [Asked(D(20)), Asked(D(20), Money(D(0), "EUR"))])
def test_money_for_a_line_without_a_cost_is_shown_beside(asked: Asked) -> None:
    cover = coverage(asked, [Claim("committed", True, None, Money(D(500), "EUR"))])

    assert cover.counted == 0
    assert cover.beside == (Money(D(500), "EUR"),)


def test_money_in_another_currency_is_shown_beside_each_for_itself() -> None:
    promises = [Claim("pledged", True, None, Money(D(n), c)) for n, c in [(5, "XOF"), (7, "USD"), (6, "XOF")]]

    assert coverage(ASKED, promises).beside == (Money(D(7), "USD"), Money(D(11), "XOF"))


def test_three_thirds_of_the_cost_are_the_whole() -> None:
    asked = Asked(D(1), Money(D(90), "EUR"))
    cover = coverage(asked, [Claim("pledged", True, None, Money(D(30), "EUR"))] * 3)

    assert (cover.counted, cover.open) == (D(1), D(0))


@pytest.mark.parametrize("status", ["withdrawn", "lapsed", "delivered"])
def test_of_an_ended_pledge_only_what_was_delivered_counts(status: str) -> None:
    cover = coverage(ASKED, [Claim(status, True, D(10), delivered=((D(4), None),))])

    assert (cover.counted, cover.delivered, cover.open) == (D(4), D(4), D(16))


@given(askeds, many)
def test_what_is_open_is_what_is_asked_and_not_covered(asked: Asked, all_claims: list[Claim]) -> None:
    cover = coverage(asked, all_claims)

    assert cover.open == max(D(0), cover.needed - cover.counted)
    assert 0 <= cover.delivered <= cover.counted
    assert cover.promised >= 0


@given(askeds, many, claims)
def test_what_the_recipient_has_not_accepted_never_covers(asked: Asked, before: list[Claim], claim: Claim) -> None:
    waiting = replace(claim, is_accepted=False, delivered=())

    assert coverage(asked, [*before, waiting]).counted == coverage(asked, before).counted


@given(askeds, many, claims)
def test_an_interest_counts_for_nothing(asked: Asked, before: list[Claim], claim: Claim) -> None:
    interest = replace(claim, status="interest", is_accepted=False, delivered=())

    assert coverage(asked, [*before, interest]) == coverage(asked, before)


@given(askeds, many, claims, st.sampled_from(["withdrawn", "lapsed", "declined"]))
def test_ending_a_pledge_opens_the_gap_and_never_closes_it(
    asked: Asked, others: list[Claim], claim: Claim, end: str
) -> None:
    before, after = (coverage(asked, [*others, replace(claim, status=status)]) for status in (claim.status, end))

    assert after.counted <= before.counted
    assert after.delivered == before.delivered


@given(askeds, many)
def test_the_order_of_pledges_does_not_matter(asked: Asked, all_claims: list[Claim]) -> None:
    assert coverage(asked, all_claims) == coverage(asked, all_claims[::-1])


@given(askeds, many, st.none() | quantities, st.none() | monies)
def test_accepting_without_excess_never_covers_beyond_what_was_asked(
    asked: Asked, accepted: list[Claim], quantity: Decimal | None, money: Money | None
) -> None:
    before = coverage(asked, accepted)
    over = excess(before, asked, quantity, money)
    after = coverage(asked, [*accepted, Claim("pledged", True, quantity, money)])

    assert over >= 0
    if over == 0:
        assert after.counted <= max(asked.quantity, before.counted) + D("0.01")


@given(st.lists(st.tuples(quantities, st.booleans()), max_size=8))
def test_taking_only_what_fits_never_covers_a_line_twice(offers: list[tuple[Decimal, bool]]) -> None:
    taken: list[Claim] = []
    for quantity, in_money in offers:
        amount = Money(quantity * 500, "EUR") if in_money else None
        promise = Claim("pledged", True, None if in_money else quantity, amount)
        if excess(coverage(ASKED, taken), ASKED, promise.quantity, promise.money) == 0:
            taken.append(promise)

    assert coverage(ASKED, taken).counted <= ASKED.quantity


def test_the_excess_is_by_how_much() -> None:
    before = Coverage(D(20), D(18))

    assert excess(before, ASKED, D(5), None) == D(3)
    assert excess(before, ASKED, D(2), None) == 0
    assert excess(Coverage(D(20), D(25)), ASKED, D(2), None) == D(2)


def test_the_steps_are_taken_one_by_one() -> None:
    for here, there in zip(rules.STEPS, rules.STEPS[1:], strict=False):
        rules.check_move(here, there, is_accepted=True)
    with pytest.raises(rules.MoveRefused):
        rules.check_move("pledged", "delivering", is_accepted=True)


@pytest.mark.parametrize("status", sorted(rules.ENDED))
@pytest.mark.parametrize("wanted", sorted(rules.MOVES))
def test_what_has_ended_does_not_move(status: str, wanted: str) -> None:
    with pytest.raises(rules.MoveRefused):
        rules.check_move(status, wanted, is_accepted=True)


def test_nothing_is_committed_before_it_is_accepted() -> None:
    with pytest.raises(rules.MoveRefused, match="not accepted"):
        rules.check_move("pledged", "committed", is_accepted=False)


def test_what_was_accepted_is_not_declined() -> None:
    with pytest.raises(rules.MoveRefused, match="withdraw"):
        rules.check_move("pledged", "declined", is_accepted=True)


@pytest.mark.parametrize(("status", "accepted"), [("interest", False), ("pledged", True), ("withdrawn", False)])
def test_what_cannot_be_accepted(status: str, accepted: bool) -> None:
    with pytest.raises(rules.MoveRefused):
        rules.check_acceptance(status, is_accepted=accepted)


def test_an_unknown_move_is_refused_in_words() -> None:
    with pytest.raises(rules.MoveRefused):
        rules.check_move("pledged", "x%(y)s", is_accepted=True)


def covered(needed: int, counted: int = 0, promised: int = 0) -> Coverage:
    return Coverage(Decimal(needed), Decimal(counted), Decimal(promised))


def test_the_place_of_a_need_counts_each_line_as_much_as_it_is_covered() -> None:
    place = reckoning.place_of([covered(20, 20), covered(2, 1), covered(5)])
    assert (place.lines, place.whole, place.covered, place.promised) == (3, 1, Decimal("1.5"), 0)


def test_more_than_was_asked_of_one_line_covers_nothing_of_another() -> None:
    place = reckoning.place_of([covered(10, 30, 10), covered(10, 4, 10)])
    assert (place.whole, place.covered, place.promised) == (1, Decimal("1.4"), Decimal("0.6"))


def test_a_need_without_lines_has_no_place() -> None:
    assert reckoning.place_of([]) == reckoning.Place(0, 0, Decimal(0), Decimal(0))


def test_money_in_another_currency_covers_by_what_it_was_worth() -> None:
    promise = Claim("pledged", True, None, Money(D(655957), "XOF"), worth=Money(D(1000), "EUR"))
    half = replace(promise, status="withdrawn", delivered=((None, Money(D("327978.50"), "XOF")),))

    assert coverage(ASKED, [promise]).counted == D(2)
    assert coverage(ASKED, [promise]).beside == ()
    assert coverage(ASKED, [half]).delivered == D(1)


def test_a_worth_in_a_currency_that_the_line_no_longer_has_is_none() -> None:
    promise = Claim("pledged", True, None, Money(D(655957), "XOF"), worth=Money(D(1000), "USD"))

    assert coverage(ASKED, [promise]).counted == 0


def test_what_is_counted_is_delivered_committed_or_pledged() -> None:
    cover = coverage(
        ASKED,
        [
            Claim("delivering", True, D(6), delivered=((D(2), None),)),
            Claim("pledged", True, D(3)),
            Claim("delivered", True, D(4), delivered=((D(4), None),)),
        ],
    )

    assert (cover.delivered, cover.committed, cover.pledged, cover.open) == (D(6), D(4), D(3), D(7))


@given(askeds, many, st.lists(st.builds(Other, quantities, st.booleans()), max_size=4))
def test_what_is_no_pledge_covers_besides_each_unit_once(
    asked: Asked, pledges: list[Claim], others: list[Other]
) -> None:
    before, after = coverage(asked, pledges), coverage(asked, pledges, others)

    assert after.counted - before.counted == sum(other.quantity for other in others)
    assert after.delivered - before.delivered == sum(other.quantity for other in others if other.is_confirmed)
    assert after.pledged >= 0


@given(askeds, many)
def test_the_parts_of_what_is_counted_come_to_the_whole(asked: Asked, all_claims: list[Claim]) -> None:
    cover = coverage(asked, all_claims)

    assert abs(cover.delivered + cover.committed + cover.pledged - cover.counted) <= D("0.02")
