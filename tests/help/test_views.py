import gzip

import pytest

from app.foundation.web import PANELS
from app.help.views import first_steps_panel
from app.organisations.rules import KINDS

PICTURES = 5
LARGEST_PAGE = 15_000


def test_each_journey_has_a_picture_that_says_what_it_shows(client):
    text = client.get("/how-it-works").text
    assert text.count('<svg class="pic"') == PICTURES
    assert text.count('role="img" aria-label="') == PICTURES
    assert text.count('<section class="journey"') == PICTURES


def test_the_pictures_are_light(client):
    client.get("/how-it-works")
    assert len(gzip.compress(client.get("/how-it-works").data)) <= LARGEST_PAGE


def test_words_explain_themselves_where_they_stand(client):
    text = client.get("/how-it-works").text
    assert "A promise against the lines of a need" in text


def test_whoever_is_new_is_shown_the_way_from_the_front_page(client, new_client, world, sign_in):
    assert "New here? How this works" in client.get("/").text
    known = new_client()
    sign_in(known, world.account(world.organisation()))
    assert "New here?" not in known.get("/").text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_person_is_welcomed_on_the_desk(client, world, sign_in, kind):
    assert first_steps_panel in PANELS["desk.welcome"]
    sign_in(client, world.account(world.organisation(kind)))
    assert "your first steps" in client.get("/desk").text


def test_what_is_done_is_checked_off(client, world, sign_in):
    organisation = world.organisation()
    sign_in(client, world.account(organisation))
    before = client.get("/desk").text
    world.need(organisation)
    after = client.get("/desk").text
    assert (before.count('aria-label="Done:"'), after.count('aria-label="Done:"')) == (1, 2)


def test_the_first_steps_are_put_away_for_good_and_brought_back(client, world, sign_in):
    account = world.account(world.organisation())
    sign_in(client, account)
    assert "Show my first steps" not in client.get("/account").text
    assert client.submit("/desk", {}, to="/first-steps").status_code == 303
    assert account.welcomed_at == world.now
    assert "your first steps" not in client.get("/desk").text
    assert "Show my first steps" in client.get("/account").text
    assert client.post("/first-steps", data={"show": "1"}).status_code == 303
    assert account.welcomed_at is None
    assert "your first steps" in client.get("/desk").text


def test_nobody_puts_away_what_stands_on_no_desk(client):
    assert client.post("/first-steps").status_code == 403
