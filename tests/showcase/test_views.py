from dataclasses import replace

import pytest

from app import create_app

PARTS = """text days amounts files rows summary choices pickers help buttons notices cards ledgers tables converted
records lists progress dialogs""".split()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_part_is_shown_and_can_be_jumped_to(client, language):
    client.set_cookie("language", language)
    page = client.get("/components").get_data(as_text=True)
    for part in PARTS:
        assert f'id="{part}"' in page
        assert f'href="#{part}"' in page


def test_what_is_wrong_is_said_at_the_field_and_in_the_summary(client):
    page = client.get("/components").get_data(as_text=True)
    assert 'aria-describedby="wrong-day-hint wrong-day-error"' in page
    assert 'href="#wrong-day"' in page
    assert 'value="31/02/2027"' in page


def test_there_is_no_such_page_in_production(settings, database, clock):
    site = create_app(replace(settings, production=True), database)
    site.extensions["counterpart"].clock = clock
    assert site.test_client().get("/components").status_code == 404
