"""What was delivered goes out with its workbook, and comes back as far as its page lets either side answer to it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.pledges.deliveries import ContributionDraft, agree_on_contribution, confirm_contribution, record_contribution
from app.pledges.models import Contribution
from tests.exchange.workbooks.filling import fetch, headings, send

D = Decimal
ACCEPTED = datetime(2026, 11, 1, tzinfo=UTC)


class Both:
    """A donor, a State, and a pledge of ten of which the donor has recorded six."""

    def __init__(self, world, tx, now):
        self.tx, self.now = tx, now
        self.state, self.giver = world.organisation(country="CV"), world.organisation("donor")
        need = world.need(self.state, title="Judges trained")
        lines = [{"need_line_id": need.lines[0].id, "quantity": D(10)}]
        self.pledge = world.pledge(need, self.giver, status="committed", accepted_at=ACCEPTED, lines=lines)
        self.people = {side: world.account(one) for side, one in (("donor", self.giver), ("state", self.state))}
        self.donor, self.recipient = (world.actor(one) for one in self.people.values())
        self.part = self.record(6)

    def record(self, much):
        draft = ContributionDraft(self.pledge.lines[0].id, self.now.date() - timedelta(days=2), D(much), note="=By bus")
        part = record_contribution(self.tx, self.donor, self.pledge, draft, self.now)
        self.tx.flush()
        return part

    def confirm(self, much, part=None):
        confirm_contribution(self.tx, self.recipient, self.pledge, part or self.part, self.now, D(much))
        self.tx.flush()

    def said(self, part=None):
        self.tx.expire_all()
        found = self.tx.get(Contribution, (part or self.part).id)
        return found.donor_much, found.recipient_much, found.quantity


@pytest.fixture
def both(world, tx, now):
    return Both(world, tx, now)


@pytest.fixture
def browsers(new_client, sign_in, both):
    found = {}
    for side, account in both.people.items():
        found[side] = new_client()
        sign_in(found[side], account)
    return found


def look(client, filling):
    where = send(client, "contributions", filling.content).location
    return where, client.get(where).text


def test_what_stands_here_goes_out_grey_but_for_the_figure_that_is_asked_for(both, browsers):
    mine, theirs = (fetch(browsers[side], "contributions") for side in ("donor", "state"))

    row = theirs.row_of(both.part.ref)
    assert [theirs.value(row, name) for name in ("much", "said", "confirmed", "note")] == [
        None, 6, "By the donor", "=By bus",
    ]  # fmt: skip
    assert both.pledge.ref in theirs.value(row, "of")
    assert theirs.locked(row) == {"of", "said", "delivered_on", "note", "confirmed"}
    assert mine.value(mine.row_of(both.part.ref), "much") == 6
    assert mine.locked(mine.row_of(both.part.ref)) == {*theirs.locked(row), "much"}
    new = theirs.empty_row
    assert theirs.locked(new - 1) == {"said", "confirmed"}
    assert theirs.sheet.cell(row, theirs.names["note"]).fill.fgColor.rgb.endswith("E6E6E6")


@pytest.mark.parametrize(("language", "day"), [("en", "21 November 2026"), ("fr", "21 novembre 2026")])
def test_a_delivery_is_called_after_its_day_written_out(both, browsers, language, day):
    browsers["state"].get(f"/language/{language}?next=/workbooks")
    filling = fetch(browsers["state"], "contributions")
    filling.put(filling.row_of(both.part.ref), much=4)
    (heading,) = headings(look(browsers["state"], filling)[1])
    assert heading.endswith(f", {day}")


def test_the_other_side_says_its_figure_and_the_first_takes_it_over(both, browsers):
    theirs, mine = fetch(browsers["state"], "contributions"), fetch(browsers["donor"], "contributions")
    theirs.put(theirs.row_of(both.part.ref), much=4)
    where, page = look(browsers["state"], theirs)
    assert 'data-state="changed"' in page
    browsers["state"].submit(where, form_id="rows-form")
    assert both.said() == (D(6), D(4), D(4))

    mine.put(mine.row_of(both.part.ref), much="4,00")
    where, page = look(browsers["donor"], mine)
    browsers["donor"].submit(where, form_id="rows-form")

    assert both.said() == (D(4), D(4), D(4))
    query = select(AuditEvent.action).where(AuditEvent.record_ref == both.pledge.ref).order_by(AuditEvent.id)
    assert both.tx.scalars(query).all()[-2:] == ["pledge.delivery_disputed", "pledge.delivery_agreed"]
    assert "Nothing differs" in look(browsers["state"], theirs)[1]
    assert "Nothing differs" in look(browsers["donor"], mine)[1]


@pytest.mark.parametrize(
    ("side", "answered", "cells", "words"),
    [
        ("state", None, {"much": 11}, "column “How much”: That is more than was promised: 10 are left."),
        ("state", None, {"much": "many"}, "column “How much”: Type a number"),
        ("state", None, {"much": -1}, "column “How much”: This cannot be less than zero."),
        ("state", None, {"said": 5}, "column “The other side says”: Nothing is written in this column"),
        ("state", None, {"delivered_on": date(2026, 11, 3)}, "column “Delivered on”: What was recorded"),
        ("state", None, {"note": "Another"}, "column “Note”: What was recorded is not written anew"),
        ("state", None, {"of": None}, "column “Of what”: What was recorded is not written anew"),
        ("state", None, {"confirmed": "By both sides"}, "column “Confirmed”: Nothing is written in this column"),
        ("donor", None, {"much": 5}, "column “How much”: Your side has said this figure"),
        ("donor", None, {"much": None}, "column “How much”: Your side has said this figure"),
        ("donor", 6, {"much": 5}, "column “How much”: Both sides have confirmed this figure"),
        ("donor", 4, {"much": 5}, "column “How much”: The other side says 4. Write that to agree"),
        ("donor", 4, {"much": None}, "column “How much”: The other side says 4. Write that to agree"),
        ("state", 4, {"much": 5}, "column “How much”: The other side says 6. Write that to agree"),
    ],
)  # fmt: skip
def test_what_the_page_does_not_let_one_change_is_told_on_its_cell(both, browsers, side, answered, cells, words):
    if answered is not None:
        both.confirm(answered)
    before = both.said()
    filling = fetch(browsers[side], "contributions")
    row = filling.row_of(both.part.ref)
    filling.put(row, **cells)

    where, page = look(browsers[side], filling)

    assert f"Row {row}, {words}" in page
    browsers[side].submit(where, form_id="rows-form")
    assert both.said() == before


def test_a_colleague_who_answered_meanwhile_is_heard_and_nothing_is_saved_unless_one_says_so(both, browsers):
    filling = fetch(browsers["state"], "contributions")
    row = filling.row_of(both.part.ref)
    filling.put(row, much=5)
    both.confirm(4)

    where, page = look(browsers["state"], filling)

    assert "Changed by somebody else too" in page
    browsers["state"].submit(where, form_id="rows-form")
    assert both.said() == (D(6), D(4), D(4))
    filling.put(row, much=7)
    where, page = look(browsers["state"], filling)
    answer = browsers["state"].submit(where, {f"choose-{row}": "mine"}, form_id="rows-form")
    assert answer.status_code == 422
    assert f"Row {row}, column “How much”: The other side says 6." in answer.text
    assert both.said() == (D(6), D(4), D(4))


def test_ones_own_figure_stands_where_a_colleague_said_another_if_it_is_the_other_sides(both, browsers):
    filling = fetch(browsers["state"], "contributions")
    row = filling.row_of(both.part.ref)
    filling.put(row, much=6)
    both.confirm(4)

    where, _page = look(browsers["state"], filling)
    browsers["state"].submit(where, {f"choose-{row}": "mine"}, form_id="rows-form")

    assert both.said() == (D(6), D(6), D(6))


def test_a_delivery_of_a_pledge_that_has_ended_can_still_be_answered_and_nothing_more_recorded(both, browsers, world):
    filling = fetch(browsers["state"], "contributions")
    row, new = filling.row_of(both.part.ref), filling.empty_row
    filling.put(row, much=6)
    filling.put(new, of=filling.value(row, "of"), much=1, delivered_on=date(2026, 11, 20))
    both.pledge.status = "withdrawn"
    both.tx.flush()

    where, page = look(browsers["state"], filling)
    browsers["state"].submit(where, form_id="rows-form")

    assert f"Row {new}, column “Of what”: Nothing more is recorded of this pledge" in page
    # The prepared row for the line that was open then is as it went out, and nobody has to mend it.
    assert page.count('data-state="error"') == 1
    assert both.said() == (D(6), D(6), D(6))
    assert both.pledge.ref in fetch(browsers["state"], "contributions").value(3, "of")


def test_what_was_taken_back_meanwhile_is_told_on_its_row(both, browsers):
    filling = fetch(browsers["state"], "contributions")
    row = filling.row_of(both.part.ref)
    filling.put(row, much=6)
    both.pledge.lines[0].contributions.remove(both.part)
    both.tx.flush()

    _where, page = look(browsers["state"], filling)

    assert f"Row {row}: This record is not there any more" in page


def test_who_belongs_to_both_sides_answers_for_the_one_that_has_not_spoken(both, browsers, world, new_client, sign_in):
    world.membership(both.people["donor"], both.state)
    filling = fetch(browsers["donor"], "contributions", organisation=both.state.ref)
    row = filling.row_of(both.part.ref)
    assert (filling.value(row, "much"), filling.value(row, "said")) == (None, 6)
    filling.put(row, much=5)

    where, _page = look(browsers["donor"], filling)
    browsers["donor"].submit(where, form_id="rows-form")

    assert both.said() == (D(6), D(5), D(5))
    agree_on_contribution(both.tx, both.recipient, both.pledge, both.part, both.now)
    assert both.said() == (D(6), D(6), D(6))


def test_those_that_wait_come_first_and_a_delivery_that_was_written_here_is_one_of_them(both, browsers):
    both.confirm(6)
    rest = both.record(2)
    filling = fetch(browsers["state"], "contributions")
    assert [filling.sheet.cell(row, 2).value for row in (3, 4)] == [rest.ref, both.part.ref]
    new = filling.empty_row
    filling.put(new, of=filling.value(3, "of"), much=1, delivered_on=date(2026, 11, 20), note="One more")
    browsers["state"].submit(look(browsers["state"], filling)[0], form_id="rows-form")

    filling.put(new, note="None more")
    _where, page = look(browsers["state"], filling)

    assert f"Row {new}, column “Note”: What was recorded is not written anew" in page
