import re
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


@pytest.mark.parametrize(
    "said",
    [
        "7,871,484 XOF ≈ 12,000 EUR (1 XOF = 0.00152449 EUR, fixed parity, Council Decision 98/683/EC)",
        "20,000 USD ≈ 18,419.60 EUR (at 1 USD = 0.92098 EUR of 12 November 2026, European Central Bank)",
        "500 GHS (no rate for GHS on that day: not converted)",
        "of 12 November 2026, Council Decision 98/683/EC; European Central Bank)",
        "≈ 42,919.60 EUR and 500 GHS, for which there is no rate: not converted",
    ],
)
def test_a_converted_amount_shows_its_rate_day_and_source_or_that_there_is_none(client, said):
    page = client.get("/components").get_data(as_text=True)
    part = page.partition('id="converted"')[2].partition("</section>")[0]
    plain = re.sub(r"<[^>]+>", "", part.replace("<br>", " "))
    assert said in " ".join(plain.split())


def test_the_same_currency_is_shown_once(client):
    page = client.get("/components").get_data(as_text=True)
    assert '<li><bdi class="nowrap num">12,500 EUR</bdi></li>' in page
