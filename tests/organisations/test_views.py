"""The list, an organisation's page, the application and the secretariat's decisions, through the site."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.foundation.db import Tx
from app.organisations.models import Organisation
from tests.factories import World

SignIn = Callable[..., Any]
APPLICATION = {
    "kind": "state",
    "name": "Cellule nationale de lutte contre les trafics",
    "language": "fr",
    "country": "TG",
    "email_domain": "@CNTLT.example",
    "website": "www.cntlt.example",
    "applicant_name": "Kossi Mensah",
    "applicant_email": "Kossi@cntlt.example",
    "letter": "Nous voulons publier nos besoins.",
}


def text_of(response: Any) -> str:
    return str(response.get_data(as_text=True))


def applications(tx: Tx) -> list[Organisation]:
    return list(tx.scalars(select(Organisation).where(Organisation.status == "applied")))


# --- the list and the page ---


def test_the_list_is_narrowed_by_kind_country_and_words(client: FlaskClient, world: World) -> None:
    world.organisation("donor", name="Ålesund Fund", country="NO")
    world.organisation("donor", name="Paris Fund", country="FR")
    world.organisation("donor", name="Waiting Fund", status="applied")
    everything = text_of(client.get("/organisations"))
    assert "Paris Fund" in everything
    assert "Waiting Fund" not in everything
    narrowed = text_of(client.get("/organisations?kind=donor&country=NO&q=alesund&kind=nonsense"))
    assert "Ålesund Fund" in narrowed
    assert "Paris Fund" not in narrowed
    assert "No organisation fits" in text_of(client.get("/organisations?q=zzz"))


def test_an_empty_list_says_so(client: FlaskClient) -> None:
    assert "No organisations yet" in text_of(client.get("/organisations"))


def test_a_page_gives_no_address_away(client: FlaskClient, world: World) -> None:
    organisation = world.organisation(
        about="Elle réunit la police.", website="https://www.ocs.example", applicant_email="kossi@ocs.example"
    )
    account = world.account(organisation)
    page = text_of(client.get(f"/organisations/{organisation.ref}"))
    assert "Elle réunit la police." in page
    assert "kossi@" not in page
    assert account.email not in page
    assert "Record this decision" not in page


def test_a_website_that_is_no_web_address_is_no_link(client: FlaskClient, world: World) -> None:
    organisation = world.organisation(website="javascript:alert(1)")
    assert "javascript:" not in text_of(client.get(f"/organisations/{organisation.ref}"))


def test_an_application_does_not_exist_for_others(client: FlaskClient, world: World, sign_in: SignIn) -> None:
    organisation = world.organisation(status="applied")
    address = f"/organisations/{organisation.ref}"
    assert client.get(address).status_code == 404
    sign_in(client, world.account(world.organisation("donor"), "focal_point"))
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/decide", data={"move": "verify"}).status_code == 403


@pytest.mark.parametrize("role", ["member", "editor", "focal_point"])
def test_inviting_is_offered_to_the_focal_point(client: FlaskClient, world: World, sign_in: SignIn, role: str) -> None:
    organisation = world.organisation()
    sign_in(client, world.account(organisation, role))
    offered = "Invite a colleague" in text_of(client.get(f"/organisations/{organisation.ref}"))
    assert offered == (role == "focal_point")


# --- applying ---


def test_anybody_applies_and_the_form_is_read_generously(client: FlaskClient, tx: Tx) -> None:
    answer = client.submit("/organisations/apply", APPLICATION)
    assert answer.status_code == 303
    assert client.get(answer.headers["Location"]).status_code == 200
    (made,) = applications(tx)
    assert (made.email_domain, made.website, made.applicant_email) == (
        "cntlt.example",
        "https://www.cntlt.example",
        "kossi@cntlt.example",
    )


def test_the_same_application_sent_twice_is_one(client: FlaskClient, tx: Tx) -> None:
    fields = {name: values[0] for name, values in client.form("/organisations/apply").items()} | APPLICATION
    answers = [client.post("/organisations/apply", data=fields) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(applications(tx)) == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": ""}, "official name"),
        ({"applicant_email": "kossi@gmail.example"}, "Give your e-mail address at cntlt.example"),
        ({"applicant_email": "kossi"}, "whole e-mail address"),
        ({"email_domain": "not a domain"}, "Write the domain like"),
        ({"website": "javascript:alert(1)"}, "Write the website like"),
        ({"country": ""}, "Choose the country"),
        ({"kind": "regional"}, "Choose the grouping"),
        ({"kind": "secretariat"}, "Choose one of the list."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    client: FlaskClient, tx: Tx, change: dict[str, str], why: str
) -> None:
    answer = client.submit("/organisations/apply", APPLICATION | change)
    assert answer.status_code == 422
    assert why in text_of(answer)
    assert "Nous voulons publier nos besoins." in text_of(answer)
    assert applications(tx) == []


def test_a_near_duplicate_is_shown_before_it_is_made(client: FlaskClient, world: World, tx: Tx) -> None:
    world.organisation(name="Cellule Nationale de lutte contre les trafics", country="TG")
    answer = client.submit("/organisations/apply", APPLICATION)
    assert answer.status_code == 422
    assert "Is it one of these?" in text_of(answer)
    assert "the same name" in text_of(answer)
    assert applications(tx) == []
    assert client.submit("/organisations/apply", APPLICATION | {"different": "y"}).status_code == 303
    assert len(applications(tx)) == 1


def test_another_application_is_mentioned_without_its_name(client: FlaskClient, world: World) -> None:
    world.organisation(status="applied", name="A secret plan", email_domain="cntlt.example")
    text = text_of(client.submit("/organisations/apply", APPLICATION))
    assert "waiting for its answer" in text
    assert "A secret plan" not in text


def test_an_identifier_that_is_taken_is_refused(client: FlaskClient, world: World, tx: Tx) -> None:
    world.organisation(iati_identifier="TG-1")
    fields = APPLICATION | {"iati_identifier": "TG-1", "different": "y"}
    answer = client.submit("/organisations/apply", fields)
    assert "belongs to an organisation that is here already" in text_of(answer)
    assert applications(tx) == []


# --- deciding ---


@pytest.fixture
def office(client: FlaskClient, world: World, sign_in: SignIn) -> FlaskClient:
    sign_in(client, world.account(world.organisation("secretariat")))
    return client


def test_the_queue_is_the_secretariats(
    client: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignIn
) -> None:
    assert client.get("/organisations/queue").status_code == 302
    sign_in(client, world.account(world.organisation("donor"), "focal_point"))
    assert client.get("/organisations/queue").status_code == 403
    browser = new_client()
    sign_in(browser, world.account(world.organisation("secretariat")))
    assert "No application is waiting" in text_of(browser.get("/organisations/queue"))
    world.organisation(status="applied", name="Cellule du Togo", letter="Nous demandons.")
    assert "Cellule du Togo" in text_of(browser.get("/organisations/queue"))


def test_an_application_is_verified_by_two_people(
    office: FlaskClient, new_client: Callable[[], FlaskClient], world: World, sign_in: SignIn
) -> None:
    second = new_client()
    applied = world.organisation(
        status="applied", applicant_name="Kossi", applicant_email="kossi@x.example", letter="Nous demandons."
    )
    page = f"/organisations/{applied.ref}"
    assert "kossi@x.example" in text_of(office.get(page))
    assert office.submit(page, {"move": "check", "sure": "y"}, to=f"{page}/decide").status_code == 303
    by_the_same = office.post(f"{page}/decide", data={"move": "verify", "sure": "y", "form_key": "k2"})
    assert (by_the_same.status_code, applied.status) == (422, "applied")
    sign_in(second, world.account(world.organisation("secretariat")))
    assert "A second one verifies it" in text_of(second.get(page))
    assert second.submit(page, {"move": "verify", "sure": "y"}, to=f"{page}/decide").status_code == 303
    assert applied.status == "verified"
    assert "Verified by the secretariat" in text_of(office.get(page))


def test_a_refusal_without_a_reason_is_asked_for_one(office: FlaskClient, world: World) -> None:
    applied = world.organisation(status="applied")
    page = f"/organisations/{applied.ref}"
    answer = office.submit(page, {"move": "refuse", "sure": "y"}, to=f"{page}/decide")
    assert answer.status_code == 422
    assert "Write the reason" in text_of(answer)
    assert (
        office.submit(page, {"move": "refuse", "reason": "Unknown there", "sure": "y"}, to=f"{page}/decide").status_code
        == 303
    )
    assert applied.status == "refused"


def test_a_decision_sent_twice_is_one(office: FlaskClient, world: World) -> None:
    trusted = world.organisation(status="trusted")
    page = f"/organisations/{trusted.ref}"
    fields = {name: values[0] for name, values in office.form(page).items()} | {
        "move": "suspend",
        "reason": "False",
        "sure": "y",
    }
    assert [office.post(f"{page}/decide", data=fields).status_code for _ in range(2)] == [303, 303]
    assert trusted.status == "suspended"


def test_a_colleague_was_quicker(office: FlaskClient, world: World) -> None:
    applied = world.organisation(status="applied")
    page = f"/organisations/{applied.ref}"
    fields = {name: values[0] for name, values in office.form(page).items()} | {"move": "verify", "sure": "y"}
    applied.status = "refused"
    answer = office.post(f"{page}/decide", data=fields)
    assert answer.status_code == 422
    assert applied.status == "refused"


def test_a_decision_that_nobody_ticked_is_asked_about(office: FlaskClient, world: World) -> None:
    applied = world.organisation(status="applied")
    page = f"/organisations/{applied.ref}"
    answer = office.submit(page, {"move": "refuse", "reason": "Unknown there"}, to=f"{page}/decide")
    assert answer.status_code == 422
    assert "Tick that you have checked" in text_of(answer)
    assert "Unknown there" in text_of(answer)
    assert applied.status == "applied"


def test_the_queue_says_how_long_each_has_waited(office: FlaskClient, world: World) -> None:
    world.organisation(status="applied", created_at=world.now - timedelta(days=3))
    assert "waits for 1 working day" in text_of(office.get("/organisations/queue"))
    world.organisation(status="applied", created_at=world.now - timedelta(days=20))
    assert "1 application waits for more than" in text_of(office.get("/organisations/queue"))


# --- keeping up the details ---


@pytest.fixture
def kept_up(client: FlaskClient, world: World, sign_in: SignIn) -> Organisation:
    organisation = world.organisation(about="Avant.", acronym="OCS")
    sign_in(client, world.account(organisation, "focal_point"))
    return organisation


def test_a_focal_point_keeps_up_the_details(client: FlaskClient, kept_up: Organisation) -> None:
    page = f"/organisations/{kept_up.ref}"
    assert "Change the details" in text_of(client.get(page))
    values = {"about": "Elle coordonne.", "website": "ocs.example/fr", "acronym": "OCRTIS"}
    assert client.submit(f"{page}/details", values).status_code == 303
    assert (kept_up.about, kept_up.website) == ("Elle coordonne.", "https://ocs.example/fr")
    after = text_of(client.get(page))
    assert "Elle coordonne." in after
    assert "Details changed" in after


def test_who_the_organisation_is_goes_through_the_secretariat(client: FlaskClient, kept_up: Organisation) -> None:
    path = f"/organisations/{kept_up.ref}/details"
    before = (kept_up.name, kept_up.email_domain)
    assert "Write to the secretariat" in text_of(client.get(path))
    client.submit(path, {"name": "Another", "email_domain": "other.example"})
    assert (kept_up.name, kept_up.email_domain) == before


def test_two_people_keep_up_the_details_at_once(client: FlaskClient, kept_up: Organisation, tx: Tx) -> None:
    path = f"/organisations/{kept_up.ref}/details"
    mine = client.form(path) | {"about": ["Le mien."]}
    kept_up.about = "Le leur."
    tx.flush()
    answer = client.post(path, data=[(name, value) for name, values in mine.items() for value in values])
    assert answer.status_code == 409
    text = text_of(answer)
    assert "Somebody else changed these details first" in text
    assert "Le mien." in text
    assert "Le leur." in text
    assert kept_up.about == "Le leur."


def test_a_website_that_is_none_is_refused_and_kept(client: FlaskClient, kept_up: Organisation) -> None:
    answer = client.submit(f"/organisations/{kept_up.ref}/details", {"website": "not a site"})
    assert answer.status_code == 422
    assert "Write the website like" in text_of(answer)
    assert "not a site" in text_of(answer)


@pytest.mark.parametrize(("role", "kind"), [("editor", None), ("focal_point", "donor")])
def test_others_keep_up_nothing(
    client: FlaskClient, world: World, sign_in: SignIn, role: str, kind: str | None
) -> None:
    organisation = world.organisation()
    sign_in(client, world.account(world.organisation(kind) if kind else organisation, role))
    assert client.get(f"/organisations/{organisation.ref}/details").status_code == 403
    assert client.post(f"/organisations/{organisation.ref}/details", data={"about": "Mine"}).status_code == 403
