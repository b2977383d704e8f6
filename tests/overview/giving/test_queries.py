"""What is given is read as far as one may see it, and what is hidden leaves no trace in it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.foundation.money import Money
from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.overview.giving.queries import givings, ties_of
from app.overview.giving.rules import NOT_NAMED, whole_year
from app.programmes.models import ProgrammeLink

TODAY = date(2026, 11, 23)
EUR = {"budget_amount": Decimal(1000), "currency": "EUR"}


@pytest.fixture
def donor(world):
    return world.organisation("donor", country="NO")


@pytest.fixture
def need(world):
    return world.need(world.organisation(), themes=["prisons"], ends_on=date(2027, 6, 30))


def accepted(world, need, donor, amount=100, **kw):
    line = {"need_line_id": need.lines[0].id, "amount": Decimal(amount), "currency": "EUR"}
    return world.pledge(need, donor, lines=[line], **{"accepted_at": world.now, **kw})


def seen(tx, reader=ANONYMOUS, **kw):
    return {giving.ref: giving for giving in givings(tx, reader, TODAY, **kw)}


def test_a_programme_says_for_what_where_when_and_how_much(tx, world, donor):
    programme = world.programme(donor, themes=["prisons"], countries=["CV"], groupings=["ECOWAS"], **EUR)
    found = seen(tx)[programme.ref]
    assert (found.kind, found.donor, found.money) == ("programme", donor.id, (Money(Decimal(1000), "EUR"),))
    assert found.themes == (("prisons", None),)
    assert found.places == (("CV", None), ("grouping:ECOWAS", None))
    assert (found.starts_on, found.ends_on) == (programme.starts_on, programme.ends_on)


def test_shares_come_along(tx, world, donor):
    programme = world.programme(donor)
    programme.set_codes("country", {"SN": Decimal(70), "CV": Decimal(30)})
    tx.flush()
    assert seen(tx)[programme.ref].places == (("CV", 30), ("SN", 70))


def test_a_likely_country_stands_in_where_none_is_named(tx, world, donor):
    unnamed, named = world.programme(donor, countries=[]), world.programme(donor)
    for programme in (unnamed, named):
        programme.set_codes("likely_country", ["GH"])
    tx.flush()
    found = seen(tx)
    assert found[unnamed.ref].places == (("GH", None),)
    assert found[named.ref].places == (("SN", None),)


def test_a_pledge_is_for_what_its_need_asks(tx, world, donor, need):
    pledge = accepted(world, need, donor)
    found = seen(tx)[pledge.ref]
    assert (found.kind, found.title, found.donor) == ("pledge", need.title, donor.id)
    assert (found.themes, found.places) == ((("prisons", None),), (("SN", None),))
    assert found.money == (Money(Decimal(100), "EUR"),)
    assert (found.starts_on, found.ends_on) == (TODAY, date(2027, 6, 30))


@pytest.mark.parametrize("kw", [{"accepted_at": None}, {"status": "withdrawn"}, {"status": "lapsed"}])
def test_what_is_not_accepted_or_has_ended_is_not_given(tx, world, donor, need, kw):
    accepted(world, need, donor, **kw)
    assert seen(tx) == {}


def test_only_what_runs_today_counts_unless_a_year_is_asked_for(tx, world, donor, need):
    past = world.programme(donor, starts_on=date(2020, 1, 1), ends_on=date(2024, 12, 31), status="4")
    cancelled = world.programme(donor, status="5")
    delivered = accepted(world, need, donor, status="delivered")
    running = world.programme(donor)
    assert set(seen(tx)) == {running.ref}
    assert set(seen(tx, period=whole_year(2024))) == {past.ref}
    assert set(seen(tx, period=whole_year(2027))) == {running.ref, delivered.ref}
    assert cancelled.ref not in seen(tx, period=whole_year(2027))


def test_hidden_records_are_not_there(tx, world, donor, need):
    before = seen(tx)
    world.programme(donor, disclosure="own", **EUR)
    world.programme(donor, is_published=False)
    accepted(world, need, donor, disclosure="own")
    hidden = world.need(world.organisation(), disclosure="own")
    accepted(world, hidden, donor)
    assert seen(tx) == before
    assert len(seen(tx, world.actor(world.account(hidden.organisation)))) == len(before) + 1
    # The donor sees the own pledges, but not a need that is hidden from the donor, nor what it is for.
    assert len(seen(tx, world.actor(world.account(donor)))) == len(before) + 2


def test_a_hidden_budget_is_no_money(tx, world, donor):
    programme = world.programme(donor, field_disclosure={"budget": "members"}, **EUR)
    assert seen(tx)[programme.ref].money == ()
    assert seen(tx, world.somebody("ngo"))[programme.ref].money == (Money(Decimal(1000), "EUR"),)


def test_a_hidden_amount_or_donor_is_left_out_of_a_pledge(tx, world, donor, need):
    programme = world.programme(donor)
    fields = {"amount": "own", "donor": "own"}
    pledge = accepted(world, need, donor, programme_id=programme.id, field_disclosure=fields)
    for reader in (ANONYMOUS, world.somebody("ngo")):
        found = seen(tx, reader)[pledge.ref]
        assert (found.money, found.donor, found.paid_from) == ((), NOT_NAMED, None)
    for organisation in (donor, need.organisation):
        found = seen(tx, world.actor(world.account(organisation)))[pledge.ref]
        assert (found.money, found.donor) == ((Money(Decimal(100), "EUR"),), donor.id)
        assert found.paid_from == programme.id


@pytest.mark.parametrize(
    ("amount", "currency"), [(Decimal(0), "EUR"), (Decimal(-5), "EUR"), (Decimal(5), ""), (None, "")]
)
def test_what_is_no_amount_is_no_money(tx, world, donor, amount, currency):
    programme = world.programme(donor, budget_amount=amount, currency=currency)
    assert seen(tx)[programme.ref].money == ()


def linked(tx, one, other, kind):
    other.iati_identifier = other.iati_identifier or f"XX-{other.id}"
    tx.add(ProgrammeLink(programme_id=one.id, kind=kind, identifier=other.iati_identifier))
    tx.flush()


@pytest.mark.parametrize(
    ("kind", "relation", "is_turned"),
    [("1", "child", False), ("2", "child", True), ("4", "co_fund", False), ("5", "same", False)],
)
def test_related_activities_are_ties(tx, world, donor, kind, relation, is_turned):
    one, other = world.programme(donor), world.programme(donor)
    linked(tx, one, other, kind)
    pair = [("programme", one.id), ("programme", other.id)]
    assert ties_of(tx, ANONYMOUS, pair) == [(*(pair[::-1] if is_turned else pair), relation)]
    assert ties_of(tx, ANONYMOUS, pair[:1]) == []


def test_siblings_are_no_ties_and_neither_are_hidden_ones(tx, world, donor):
    one, sibling, hidden = world.programme(donor), world.programme(donor), world.programme(donor, disclosure="own")
    linked(tx, one, sibling, "3")
    linked(tx, one, hidden, "1")
    keys = [("programme", each.id) for each in (one, sibling, hidden)]
    assert ties_of(tx, ANONYMOUS, keys) == []
    assert len(ties_of(tx, SYSTEM, keys)) == 1


def test_a_pledge_of_today_that_needs_no_dates_runs(tx, world, donor):
    need = world.need(world.organisation())
    pledge = accepted(world, need, donor, expires_on=TODAY + timedelta(days=30))
    assert seen(tx)[pledge.ref].ends_on == TODAY + timedelta(days=30)
