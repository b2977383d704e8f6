"""The pages of pledges, as both sides and everybody else use them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.drafts import Draft
from app.foundation.filing.files import Attachment
from app.foundation.permissions import ANONYMOUS
from app.needs.models import Need
from app.pledges.models import Contribution, Pledge
from app.pledges.panels import desk_pledges, need_ledger
from tests.documents import pdf
from tests.factories import World
from tests.pages import CheckingClient

D = Decimal


@dataclass
class Table:
    """A donor and a recipient, each at a browser, and a need for twenty judges."""

    donor: CheckingClient
    recipient: CheckingClient
    need: Need
    giver: Any
    asker: Any


@pytest.fixture
def table(new_client: Callable[[], CheckingClient], world: World, sign_in: Callable[..., Any]) -> Table:
    giver, asker = world.organisation("donor"), world.organisation("state")
    need = world.need(asker, lines=[{"cost_amount": D(10000), "currency": "EUR"}, {"kind": "mentoring"}])
    donor, recipient = new_client(), new_client()
    sign_in(donor, world.account(giver))
    sign_in(recipient, world.account(asker))
    return Table(donor, recipient, need, giver, asker)


def pledge(table: Table, quantity: str = "8", **values: Any) -> str:
    """Send the form and give back where it led."""
    fields = {"lines-0-quantity": quantity, "lines-1-quantity": "", "organisation": table.giver.ref, **values}
    answer = table.donor.submit(f"/needs/{table.need.ref}/pledge", fields, form_id="pledge-form")
    assert answer.status_code == 303
    return str(answer.location)


def one(tx: Tx) -> Pledge:
    return tx.scalars(select(Pledge)).one()


def test_the_form_is_filled_with_what_is_open(table: Table, world: World, now: Any) -> None:
    world.pledge(table.need, world.organisation("donor"), accepted_at=now)

    fields = table.donor.form(f"/needs/{table.need.ref}/pledge", "pledge-form")

    assert [fields["lines-0-quantity"], fields["lines-1-quantity"]] == [["15"], ["20"]]


def test_a_pledge_is_made_accepted_and_seen(table: Table, tx: Tx, client: CheckingClient) -> None:
    address = pledge(table, conditions="Judges stay in post.")
    assert "has still to answer" in table.donor.get(address).text

    assert table.recipient.post(address + "/accept").status_code == 303

    assert one(tx).accepted_at is not None
    page = client.get(address).text
    assert table.giver.name in page
    assert "Judges stay in post." in page
    assert "Accept this pledge" not in page


def test_sent_twice_it_is_made_once(table: Table, tx: Tx) -> None:
    address = f"/needs/{table.need.ref}/pledge"
    fields = {**table.donor.form(address, "pledge-form"), "lines-0-quantity": ["3"]}
    first, second = table.donor.post(address, data=fields), table.donor.post(address, data=fields)

    assert first.location == second.location
    assert one(tx).lines[0].quantity == 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"lines-0-quantity": "", "lines-1-quantity": ""}, "for at least one line"),
        ({"lines-0-quantity": "many"}, "Type a number"),
        ({"lines-0-amount": "500", "lines-0-currency": ""}, "Give the currency of the amount"),
        ({"lines-0-amount": "500", "lines-0-currency": "ZZZ"}, "is not a currency"),
        ({"expires_on": "soon"}, "Type a day like"),
        ({"expires_on": "2020-01-31"}, "Give a later one"),
        ({"source_of_funds": "x"}, "Choose one of the list."),
        ({"lines-0-need_line": "NL-2222-3333"}, "no longer part of the need"),
    ],
)
def test_what_is_wrong_is_named_and_the_rest_kept(table: Table, tx: Tx, values: dict[str, str], words: str) -> None:
    page = table.donor.submit(
        f"/needs/{table.need.ref}/pledge", {"conditions": "Judges stay in post.", **values}, form_id="pledge-form"
    )

    assert page.status_code == 422
    assert words in page.text
    assert "Judges stay in post." in page.text
    assert tx.scalars(select(Pledge)).all() == []


def test_a_state_does_not_pledge_other_peoples_money_to_itself(table: Table) -> None:
    page = table.recipient.submit(f"/needs/{table.need.ref}/pledge", {}, form_id="pledge-form")

    assert page.status_code == 422
    assert "This is your own need" in page.text


def test_a_need_that_one_may_not_see_does_not_exist(table: Table, world: World, tx: Tx) -> None:
    table.need.disclosure = "own"
    tx.flush()
    assert table.donor.get(f"/needs/{table.need.ref}/pledge").status_code == 404


def test_a_closed_need_says_so(table: Table, tx: Tx) -> None:
    table.need.status = "closed"
    tx.flush()
    assert "This need is not open" in table.donor.get(f"/needs/{table.need.ref}/pledge").text


def test_more_than_was_asked_is_taken_with_a_reason_only(table: Table, tx: Tx, world: World, now: Any) -> None:
    world.pledge(
        table.need, world.organisation("donor"), accepted_at=now,
        lines=[{"need_line_id": table.need.lines[0].id, "quantity": D(18)}],
    )  # fmt: skip
    address = pledge(table, "5")

    page = table.recipient.post(address + "/accept")
    assert page.status_code == 422
    assert "more than you asked for" in page.text
    answer = table.recipient.post(address + "/accept", data={"accept-reason": "Three more judges."})

    assert answer.status_code == 303
    assert tx.scalars(select(Pledge.accepted_at)).all() == [now, now]


def test_a_no_needs_its_reason(table: Table, tx: Tx) -> None:
    address = pledge(table)
    for who, word in [(table.recipient, "decline"), (table.donor, "withdraw")]:
        page = who.post(f"{address}/{word}", data={f"{word}-reason": ""})
        assert page.status_code == 422
        assert "Give the reason" in page.text
    assert table.recipient.post(f"{address}/decline", data={"decline-reason": "Enough."}).status_code == 303
    assert one(tx).status == "declined"
    assert "Enough." in table.donor.get(address).text


def test_acting_twice_changes_nothing_and_says_so(table: Table, tx: Tx) -> None:
    address = pledge(table)
    table.recipient.post(address + "/accept")

    again = table.recipient.post(address + "/accept", follow_redirects=True)

    assert "has been accepted already" in again.text


@pytest.mark.parametrize("act", ["accept", "decline", "withdraw", "move", "contribute", "confirm"])
def test_strangers_change_nothing(table: Table, tx: Tx, new_client: Any, world: World, sign_in: Any, act: str) -> None:
    address = pledge(table)
    stranger = new_client()
    sign_in(stranger, world.account(world.organisation("donor")))
    data = {"to": "committed", "decline-reason": "x", "withdraw-reason": "x"}

    assert stranger.post(f"{address}/{act}", data=data).status_code in {403, 404, 422}
    assert new_client().post(f"{address}/{act}", data=data).status_code == 403

    assert (one(tx).status, one(tx).accepted_at) == ("pledged", None)


def test_a_delivery_is_recorded_by_one_side_and_confirmed_by_the_other(table: Table, tx: Tx) -> None:
    address = pledge(table)
    table.recipient.post(address + "/accept")
    fields = {"delivery-line": "1", "delivery-much": "8", "delivery-delivered_on": "2026-11-20"}
    fields["delivery-form_key"] = "the-same-key"

    for _ in range(2):
        assert table.donor.post(address + "/contribute", data=fields).status_code == 303
    part = tx.scalars(select(Contribution)).one()
    assert "Confirm this delivery" in table.recipient.get(address).text
    assert "Confirm this delivery" not in table.donor.get(address).text
    assert table.recipient.post(address + "/confirm", data={"contribution": part.ref}).status_code == 303

    assert one(tx).status == "delivered"
    assert tx.get_one(Need, table.need.id).status == "partly_met"


def test_a_wrong_delivery_is_named_and_kept(table: Table) -> None:
    address = pledge(table)
    table.recipient.post(address + "/accept")
    fields = {
        "delivery-line": "1",
        "delivery-much": "80",
        "delivery-delivered_on": "2026-11-20",
        "delivery-note": "Two groups",
    }

    page = table.donor.post(address + "/contribute", data=fields)

    assert page.status_code == 422
    assert "more than was promised" in page.text
    assert "Two groups" in page.text


def test_a_hidden_donor_and_amount_are_on_no_page(table: Table, client: CheckingClient) -> None:
    address = pledge(table, "7", hidden=["donor", "amount"], implementing_partner="Port Academy")

    for page in (client.get(address).text, client.get(f"/needs/{table.need.ref}/pledge").text):
        assert table.giver.name not in page
        assert "Port Academy" not in page
    assert table.giver.name in table.recipient.get(address).text


def test_a_confidential_pledge_does_not_exist_for_others(table: Table, client: CheckingClient, app: Any) -> None:
    address = pledge(table, disclosure="own")

    assert client.get(address).status_code == 404
    with app.test_request_context("/"):
        assert table.giver.name not in need_ledger(ANONYMOUS, table.need.ref)


def test_the_ledger_says_what_is_covered(table: Table, world: World, app: Any, now: Any) -> None:
    world.pledge(table.need, table.giver, accepted_at=now)
    with app.test_request_context("/"):
        html = need_ledger(ANONYMOUS, table.need.ref)
        assert need_ledger(ANONYMOUS, "N-2222-3333") == ""

    assert "5 of 20 judges covered, 15 open" in html
    assert table.giver.name in html


def test_the_desk_holds_what_waits(table: Table, world: World, app: Any) -> None:
    pledge(table)
    reader = world.actor(world.account(table.asker))
    with app.test_request_context("/"):
        assert table.giver.name in desk_pledges(reader, "")
        assert desk_pledges(ANONYMOUS, "") == ""


def test_a_pledge_in_the_making_is_kept_and_taken_up_again_from_the_desk(table: Table, tx: Tx) -> None:
    address = f"/needs/{table.need.ref}/pledge"
    fields = table.donor.form(address, "pledge-form") | {"conditions": "Judges stay.", "lines-0-quantity": "3"}
    assert table.donor.post(f"{address}/draft", data=fields).status_code == 204
    again = f"{address}?draft={fields['form_key'][0]}"
    assert f'href="{again}"' in table.donor.get("/desk").text
    page = table.donor.get(again).text
    assert "Judges stay." in page
    assert table.donor.submit(again, {}, form_id="pledge-form").status_code == 303
    assert tx.scalars(select(Draft)).all() == []
    assert one(tx).lines[0].quantity == D(3)


def test_no_draft_is_kept_for_a_need_that_one_may_not_see(table: Table, world: World) -> None:
    hidden = world.need(world.organisation("state"), disclosure="own")
    assert table.donor.post(f"/needs/{hidden.ref}/pledge/draft", data={"form_key": "abc"}).status_code == 404


def test_the_whole_is_pledged_with_one_choice(table: Table, tx: Tx, world: World, now: Any) -> None:
    world.pledge(table.need, world.organisation("donor"), accepted_at=now)
    pledge(table, "1", scope="whole")

    made = next(one for one in tx.scalars(select(Pledge)) if one.organisation_id == table.giver.id)
    assert made.is_whole
    assert [line.quantity for line in made.lines] == [D(15), D(20)]


def test_money_is_planned_in_tranches_and_a_row_is_added_without_scripts(table: Table, tx: Tx) -> None:
    address = f"/needs/{table.need.ref}/pledge"
    money = {"lines-0-quantity": "", "lines-1-quantity": "", "lines-0-amount": "1000", "lines-0-currency": "EUR"}
    page = table.donor.submit(address, {**money, "add-row": "tranches"}, form_id="pledge-form")
    assert page.status_code == 200
    assert "tranches-0-due_on" in page.text

    fields = {**table.donor.form(address, "pledge-form"), **{name: [value] for name, value in money.items()}}
    part = {"tranches-0-due_on": ["2027-03-01"], "tranches-0-amount": ["900"], "tranches-0-currency": ["EUR"]}
    page = table.donor.post(address, data={**fields, **part})
    assert page.status_code == 422
    assert "The tranches come to 900 EUR, and 1,000 EUR is promised." in page.text

    table.donor.post(address, data={**fields, **part, "tranches-0-amount": ["1000"], "authorised_by": ["Parliament"]})
    made = one(tx)
    assert [(str(t.due_on), t.amount) for t in made.tranches] == [("2027-03-01", D(1000))]
    page = table.recipient.get(f"/pledges/{made.ref}").text
    assert "Parliament" in page
    assert "1 March 2027" in page


def test_evidence_is_for_the_two_sides_alone(table: Table, tx: Tx, client: CheckingClient) -> None:
    address = f"/needs/{table.need.ref}/pledge"
    fields = {**table.donor.form(address, "pledge-form"), "lines-0-quantity": ["3"], "lines-1-quantity": [""]}
    letter = {"files": [(BytesIO(pdf("letter")), "letter.pdf")]}
    made = table.donor.post(address, data={**fields, **letter}, content_type="multipart/form-data")
    assert "letter.pdf" in table.recipient.get(made.location).text
    file = tx.scalars(select(Attachment)).one()
    path = f"{made.location}/files/{file.ref}"
    answer = table.recipient.get(path)
    assert answer.data == pdf("letter")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "letter.pdf" not in client.get(made.location).text
    assert client.get(path).status_code == 404


def test_an_offer_that_is_turned_away_is_offered_what_is_open(table: Table, tx: Tx, world: World) -> None:
    elsewhere = world.need(world.organisation("state", country="GH"), title="Judges in Ghana")
    world.need(world.organisation("state", country="ML"), title="Hidden", disclosure="own")
    address = pledge(table, "8")
    table.recipient.post(
        address + "/decline", data={"decline-cause": "covered", "decline-reason": "Others were quicker."}
    )

    page = table.donor.get(address).text
    assert "Others cover it already" in page
    assert "Something is open again" in page
    assert elsewhere.title in page
    assert "Hidden" not in page
    # What a donor may do instead is nobody else's business.
    assert elsewhere.title not in table.recipient.get(address).text


def test_both_figures_of_a_delivery_are_shown_and_one_side_may_agree(table: Table, tx: Tx) -> None:
    address = pledge(table, "10")
    table.recipient.post(address + "/accept")
    table.donor.post(
        address + "/contribute",
        data={"delivery-line": "1", "delivery-much": "10", "delivery-delivered_on": "2026-11-20"},
    )
    part = tx.scalars(select(Contribution)).one()
    wrong = table.recipient.post(address + "/confirm", data={"contribution": part.ref, "confirm-much": "11"})
    assert wrong.status_code == 422
    assert "more than was promised" in wrong.text
    table.recipient.post(address + "/confirm", data={"contribution": part.ref, "confirm-much": "8"})

    page = table.donor.get(address).text
    for words in ("Donor: 10", "Recipient: 8", "8 counts", "The two sides differ", "Agree with their figure"):
        assert words in page
    table.donor.post(address + "/agree", data={"contribution": part.ref})
    assert "The two sides differ" not in table.donor.get(address).text


def test_the_same_form_sent_twice_acts_once(table: Table, tx: Tx) -> None:
    address = pledge(table, "8")
    key = {"accept-form_key": "the-same-key"}
    first = table.recipient.post(address + "/accept", data=key)
    second = table.recipient.post(address + "/accept", data=key)

    assert first.location == second.location
    assert "You have accepted this pledge" in table.recipient.get(second.location).text
    assert "accepted already" not in table.recipient.get(second.location).text


def test_the_ledger_names_who_gives_what_and_by_when(
    table: Table, client: CheckingClient, world: World, now: Any
) -> None:
    world.pledge(table.need, table.giver, accepted_at=now, status="committed")
    world.pledge(
        table.need, world.organisation("donor", name="Shy donor"), field_disclosure={"donor": "own"}, accepted_at=now
    )
    page = client.get(f"/needs/{table.need.ref}").text

    assert "By 2 pledges" in page
    assert table.giver.name in page
    assert "Shy donor" not in page
    assert "A donor who is not named" in page
    assert "5 committed" in page


def test_the_portfolio_sums_each_side(table: Table, tx: Tx, world: World, now: Any) -> None:
    line = table.need.lines[0].id
    money = {"need_line_id": line, "amount": D(655957), "currency": "XOF"}
    world.pledge(table.need, table.giver, accepted_at=now, status="committed", lines=[money])
    world.pledge(table.need, table.giver, lines=[{"need_line_id": line, "amount": D(5), "currency": "PEN"}])
    world.pledge(table.need, world.organisation("donor", name="Another donor"))

    page = table.donor.get("/pledges").text
    assert "655,957 XOF" in page
    assert "1,000.00 EUR" in page or "1,000 EUR" in page
    assert "for which there is no rate: not converted" in page
    assert "Another donor" not in page
    received = table.recipient.get("/pledges?side=received").text
    assert "Another donor" in received
    assert (
        "655,957 XOF" not in table.recipient.get("/pledges?side=received&state=waiting").text.split("portfolio-list")[2]
    )
    assert "is not a currency" in table.donor.get("/pledges?currency=ZZZ").text


def test_an_empty_portfolio_says_what_to_do(table: Table) -> None:
    assert "No pledges yet" in table.donor.get("/pledges").text
