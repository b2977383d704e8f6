from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from app.foundation.web import PANELS
from app.overview.panels import organisation_records
from app.overview.words import KINDS, LISTS

PAGES = (
    "/",
    "/overview",
    "/countries",
    "/countries/SN",
    "/themes",
    "/themes/asset_recovery",
    "/glossary",
    "/how-it-works",
)


@pytest.fixture
def full(world):
    need = world.need(world.organisation(), title="Un scanner pour le port de Dakar")
    world.programme(world.organisation("donor", country="NO"))
    world.course(world.organisation("centre"), sessions=[{}])
    world.lesson(world.organisation())
    world.output(world.organisation())
    return need


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_on_an_empty_site(client, tx, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_where_there_is_something(client, full, path):
    page = client.get(path)
    assert page.status_code == 200
    assert (full.title in page.text) == (path in {"/", "/countries/SN", "/themes/asset_recovery"})


@pytest.mark.parametrize("path", ["/countries/XX", "/countries/senegal", "/themes/nothing"])
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_front_page_stays_light(client, world, full, database):
    for _number in range(12):
        world.need(world.organisation(), lines=[{}, {}])
        world.programme(world.organisation("donor"))
        world.course(world.organisation("centre"), sessions=[{}, {}])
    client.get("/")
    world.tx.expire_all()
    asked = []
    event.listen(database.connection.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    page = client.get("/")
    queries = [text for text in asked if text.startswith("SELECT")]
    assert len(queries) <= 12, "\n\n".join(queries)
    assert len(page.data) <= 25_000


def test_nothing_hidden_is_on_the_front_page(client, world):
    world.need(world.organisation(), title="Only for members", disclosure="members")
    world.programme(world.organisation("donor"), title="Only for us", disclosure="own")
    page = client.get("/").text
    assert "Only for" not in page
    assert "No need is open" in page


def test_a_desk_officer_sees_the_own_grouping_first_and_may_look_further(client, world, sign_in):
    world.need(world.organisation(country="SN"))
    world.need(world.organisation(country="PE"))
    sign_in(client, world.account(world.organisation("regional", grouping="ECOWAS")))
    own = client.get("/overview").text
    assert "/countries/SN" in own
    assert "/countries/PE" not in own
    assert "/countries/PE" in client.get("/overview?grouping=all").text
    assert "/countries/PE" in client.get("/overview?grouping=OAS").text


def test_an_unknown_grouping_is_passed_over(client, world, full):
    assert "/countries/SN" in client.get("/overview?grouping=ATLANTIS").text


def test_addresses_of_people_are_not_for_harvesting(client, new_client, world, sign_in):
    focal = world.account(world.organisation(), "focal_point")
    assert focal.email not in client.get("/countries/SN").text
    donor = new_client()
    sign_in(donor, world.account(world.organisation("donor", country="NO")))
    assert focal.email in donor.get("/countries/SN").text


def test_pages_speak_the_readers_language(client, full):
    page = client.get("/countries/SN", headers={"Accept-Language": "fr"}).text
    assert "Sénégal" in page
    assert "CEDEAO" in page


def test_every_kind_of_record_has_its_pages(app):
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    for kind in KINDS:
        assert {f"{LISTS[kind]}.{view}" for view in ("index", "page", "new", "amend")} <= endpoints


def test_an_organisations_page_shows_its_records_as_far_as_one_may_see_them(app, client, world, full):
    organisation = full.organisation
    world.need(organisation, title="Hidden away", disclosure="own")
    assert organisation_records in PANELS["organisation.records"]
    page = client.get(f"/organisations/{organisation.ref}").text
    assert full.title in page
    assert "Hidden away" not in page


def test_the_numbers_are_those_of_the_ledger(client, world, full):
    line = {"need_line_id": full.lines[0].id, "quantity": Decimal(20)}
    before = client.get("/").text
    world.pledge(full, world.organisation("donor"), lines=[line], accepted_at=world.now - timedelta(days=1))
    after = client.get("/").text
    assert "item that nobody covers yet" in before
    assert "items that nobody covers yet" in after
