from datetime import date
from decimal import Decimal

import pytest

from app.foundation.permissions import ANONYMOUS, SYSTEM
from app.overview import queries
from app.overview.places import country_desk, theme_desk
from app.pledges.models import Contribution, Cover
from app.pledges.queries import coverage_shown
from app.reference.groupings import members

TODAY = date(2026, 11, 23)


@pytest.fixture
def need(world):
    return world.need(world.organisation(), lines=[{"quantity": Decimal(20)}, {"quantity": Decimal(4)}])


def accepted(world, need, quantity, **kw):
    donor = kw.pop("donor", None) or world.organisation("donor", country="NO")
    line = {"need_line_id": need.lines[0].id, **({"quantity": Decimal(quantity)} if quantity else kw.pop("money"))}
    return world.pledge(need, donor, lines=[line], accepted_at=world.now, **kw)


def test_what_is_asked_is_counted_need_by_need_and_line_by_line(tx, world, need):
    world.need(world.organisation(), status="closed")
    world.need(world.organisation(), status="withdrawn", is_published=False)
    assert queries.numbers(tx, ANONYMOUS) == queries.Numbers(needs=1, lines=2, covered=0)


def test_a_line_is_covered_once_accepted_pledges_promise_all_of_it(tx, world, need):
    accepted(world, need, 12)
    assert queries.numbers(tx, ANONYMOUS).covered == 0
    accepted(world, need, 8)
    assert queries.numbers(tx, ANONYMOUS).covered == 1
    assert queries.numbers(tx, ANONYMOUS).open_lines == 1


@pytest.mark.parametrize(
    "kw", [{"accepted_at": None}, {"status": "withdrawn"}, {"status": "interest", "accepted_at": None}]
)
def test_what_is_not_accepted_or_has_ended_covers_nothing(tx, world, need, kw):
    line = {"need_line_id": need.lines[0].id, "quantity": Decimal(20)}
    world.pledge(need, world.organisation("donor"), lines=[line], **{"accepted_at": world.now, **kw})
    assert queries.numbers(tx, SYSTEM).covered == 0


def test_a_hidden_pledge_is_not_counted_for_those_who_may_not_see_it(tx, world, need):
    pledge = accepted(world, need, 20, disclosure="own")
    donor = world.actor(world.account(pledge.organisation))
    recipient = world.actor(world.account(need.organisation))
    assert queries.numbers(tx, ANONYMOUS).covered == 0
    assert queries.numbers(tx, world.somebody("donor")).covered == 0
    assert queries.numbers(tx, donor).covered == 1
    assert queries.numbers(tx, recipient).covered == 1


def test_a_pledge_with_a_hidden_amount_is_not_counted_either(tx, world, need):
    accepted(world, need, 20, field_disclosure={"amount": "members"})
    assert queries.numbers(tx, ANONYMOUS).covered == 0
    assert queries.numbers(tx, world.somebody("ngo")).covered == 1


@pytest.mark.parametrize("reader_kind", ["anonymous", "member", "recipient", "system"])
@pytest.mark.parametrize(
    ("status", "quantity", "delivered"),
    [("pledged", 20, 0), ("committed", 19, 0), ("delivering", 5, 20), ("delivered", 20, 5), ("withdrawn", 20, 20)],
)
def test_the_count_says_what_the_law_of_pledges_says(tx, world, need, reader_kind, status, quantity, delivered):
    pledge = accepted(world, need, quantity, status=status, field_disclosure={"amount": "members"})
    if delivered:
        both = {"donor_confirmed_at": world.now, "recipient_confirmed_at": world.now}
        stamps = {"created_at": world.now, "changed_at": world.now}
        pledge.lines[0].contributions.append(
            Contribution(quantity=Decimal(delivered), delivered_on=TODAY, **both, **stamps)
        )
        tx.flush()
    readers = {
        "anonymous": lambda: ANONYMOUS,
        "member": lambda: world.somebody("centre"),
        "recipient": lambda: world.actor(world.account(need.organisation)),
        "system": lambda: SYSTEM,
    }
    reader = readers[reader_kind]()
    by_law = [cover.counted >= cover.needed for cover in coverage_shown(tx, reader, need).values()]
    assert queries.numbers(tx, reader).covered == sum(by_law)


@pytest.mark.parametrize(("budget_tier", "covered"), [("public", 1), ("own", 0)])
def test_money_covers_its_share_of_the_cost_where_one_may_see_the_cost(tx, world, budget_tier, covered):
    lines = [{"cost_amount": Decimal(9000), "currency": "EUR"}]
    need = world.need(world.organisation(), lines=lines, field_disclosure={"budget": budget_tier})
    accepted(world, need, None, money={"amount": Decimal(9000), "currency": "EUR"})
    assert queries.numbers(tx, ANONYMOUS).covered == covered
    assert sum(c.counted >= c.needed for c in coverage_shown(tx, ANONYMOUS, need).values()) == covered


def test_money_in_another_currency_and_what_is_no_pledge_cover_as_the_law_says(tx, world):
    lines = [{"quantity": Decimal(20), "cost_amount": Decimal(9000), "currency": "EUR"}]
    need = world.need(world.organisation(), lines=lines)
    worth = {"worth_amount": Decimal(8100), "worth_currency": "EUR"}
    pledge = accepted(world, need, None, money={"amount": Decimal(5313252), "currency": "XOF", **worth})
    cover = Cover(
        need_line_id=need.lines[0].id, source_kind="nomination", source_ref="C-1", quantity=Decimal("1.99"),
        happened_on=TODAY, created_at=world.now, changed_at=world.now,
    )  # fmt: skip
    tx.add(cover)
    tx.flush()
    assert queries.numbers(tx, ANONYMOUS).covered == 0
    assert coverage_shown(tx, ANONYMOUS, need)[need.lines[0].id].open == Decimal("0.01")
    cover.quantity = Decimal(2)
    tx.flush()
    assert queries.numbers(tx, ANONYMOUS).covered == 1
    # Of a pledge that has ended, what was delivered counts, at the rate of the pledge.
    pledge.status = "withdrawn"
    pledge.lines[0].contributions.append(
        Contribution(
            amount=Decimal(5313252) / 2, currency="XOF", delivered_on=TODAY, created_at=world.now,
            changed_at=world.now, donor_confirmed_at=world.now, recipient_confirmed_at=world.now,
        )
    )  # fmt: skip
    tx.flush()
    assert coverage_shown(tx, ANONYMOUS, need)[need.lines[0].id].counted == Decimal(11)
    assert queries.numbers(tx, ANONYMOUS).covered == 0
    cover.quantity = Decimal(11)
    tx.flush()
    assert queries.numbers(tx, ANONYMOUS).covered == 1


def test_gaps_by_theme_put_what_is_asked_beside_what_is_offered(tx, world, need):
    donor = world.organisation("donor", country="NO")
    world.programme(donor)
    world.programme(donor, accepting="unknown")
    world.programme(donor, accepting="yes", apply_by=date(2026, 11, 22))
    world.course(world.organisation("centre"), sessions=[{}])
    world.course(world.organisation("centre"))
    gap = queries.gaps_by(tx, ANONYMOUS, "theme", TODAY)["asset_recovery"]
    assert (gap.needs, gap.lines, gap.covered, gap.offers, gap.courses) == (1, 2, 0, 1, 1)


def test_a_hidden_need_opens_no_gap(tx, world):
    need = world.need(world.organisation(), disclosure="members")
    assert queries.gaps_by(tx, ANONYMOUS, "theme", TODAY) == {}
    assert queries.latest_needs(tx, ANONYMOUS, 4) == []
    assert queries.latest_needs(tx, world.somebody("donor"), 4) == [need]


def test_an_offer_for_a_grouping_counts_once_for_each_member(tx, world, need):
    world.programme(world.organisation("donor"), countries=["SN"], groupings=["ECOWAS"])
    by_country = queries.gaps_by(tx, ANONYMOUS, "country", TODAY)
    assert by_country["SN"].offers == 1
    assert {code for code, gap in by_country.items() if gap.offers} == set(members("ECOWAS"))
    sums = {gap.code: gap for gap in queries.gaps_of_groupings(by_country)}
    assert sums["ECOWAS"].needs == 1
    assert "CARICOM" not in sums


def test_one_grouping_counts_only_what_concerns_its_members(tx, world, need):
    world.need(world.organisation(country="JM"))
    world.programme(world.organisation("donor"), countries=["JM"])
    place = queries.place_of_grouping("CARICOM")
    gap = queries.gaps_by(tx, ANONYMOUS, "theme", TODAY, place)["asset_recovery"]
    assert (gap.needs, gap.offers) == (1, 1)
    assert queries.numbers(tx, ANONYMOUS, place.countries).needs == 1


def test_a_country_shows_offers_apart_from_records_and_courses_for_everybody(tx, world, need):
    donor = world.organisation("donor", country="NO")
    offer = world.programme(donor, countries=[], groupings=["ECOWAS"])
    record = world.programme(donor, accepting="no")
    world.programme(donor, countries=["PE"])
    for_all = world.course(world.organisation("centre"), groupings=[], sessions=[{}])
    world.course(world.organisation("centre"), groupings=["CARICOM"], sessions=[{}])
    desk = country_desk(tx, ANONYMOUS, "SN", TODAY)
    assert (desk.offers.items, desk.offers.total) == ([offer], 1)
    assert (desk.records.items, desk.records.total) == ([record], 1)
    assert [session.course for session in desk.sessions] == [for_all]
    assert desk.needs == [need]
    assert need.organisation in desk.organisations


def test_people_to_write_to_are_for_people_of_verified_organisations(tx, world):
    organisation = world.organisation()
    world.account(organisation, "focal_point", name="Awa Ndiaye")
    world.account(organisation, "editor")
    assert country_desk(tx, ANONYMOUS, "SN", TODAY).people == []
    assert country_desk(tx, world.somebody("donor", status="applied"), "SN", TODAY).people == []
    people = country_desk(tx, world.somebody("donor", country="NO"), "SN", TODAY).people
    assert [member.account.name for member in people] == ["Awa Ndiaye"]


def test_a_theme_shows_what_was_learned(tx, world):
    lesson = world.lesson(world.organisation())
    hidden = world.lesson(world.organisation(), disclosure="own")
    assert theme_desk(tx, ANONYMOUS, "asset_recovery", TODAY).lessons == [lesson]
    assert hidden not in theme_desk(tx, ANONYMOUS, "asset_recovery", TODAY).lessons
