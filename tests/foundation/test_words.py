"""Messages carry their values and are worded where they are shown; small texts, references and pages of lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.foundation.addresses import local_address
from app.foundation.languages import best_language, day_text, money_text, number_text, rate_text, say
from app.foundation.messages import Message, Named, Several, msg
from app.foundation.money import Money
from app.foundation.paging import Page, page_number
from app.foundation.references import ALPHABET, SHAPE, new_reference, tidy_reference
from app.foundation.text import fold, shorten
from app.foundation.wording.versions import StaleVersion, check_version
from app.reference import names


@pytest.fixture(autouse=True)
def names_of_codes():
    names.register()


def test_a_message_words_its_values_in_the_language_of_the_reader():
    message = msg("%(country)s asks for %(count)s seats", country=Named("country", "CV"), count=Decimal(1200))
    assert say(message, "en") == "Cape Verde asks for 1,200 seats"
    assert say(message, "fr").startswith("Cap-Vert ")


def test_a_message_survives_the_database():
    inner = msg("%(n)s left", n=3)
    message = msg("%(a)s %(b)s %(c)s", a=Named("theme", "prisons"), b=Several("country", ("SN", "CV")), c=inner)
    assert Message.from_json(message.as_json()) == message


def test_several_are_joined_as_the_language_joins_them():
    message = msg("For %(countries)s.", countries=Several("country", ("SN", "GH", "PE")))
    assert say(message, "en") == "For Senegal, Ghana, and Peru."
    assert " et " in say(message, "fr")


def test_an_unknown_code_is_shown_as_it_is():
    assert say(msg("%(x)s", x=Named("theme", "no_such_theme")), "en") == "no_such_theme"


@pytest.mark.parametrize(
    ("language", "text"), [("en", "3 March 2027"), ("fr", "3 mars 2027"), ("es", "3 de marzo de 2027")]
)
def test_days_are_written_out(language, text):
    assert day_text(date(2027, 3, 3), language) == text


def test_money_names_its_currency_and_has_cents_only_where_there_are_any():
    assert money_text(Money(Decimal(12500), "XOF"), "en") == "12,500 XOF"
    assert money_text(Money(Decimal("12.5"), "EUR"), "en") == "12.50 EUR"
    assert number_text(Decimal("20.00"), "en") == "20"
    assert rate_text(Decimal("0.00152449"), "en") == "0.00152449"
    assert rate_text(Decimal("17081.650000000001"), "fr") == "17\u202f081,650000000001"


@pytest.mark.parametrize(
    ("wanted", "spoken"), [(["de", "pt-BR", "fr"], "pt"), (["ar-MA"], "ar"), (["sw"], "en"), ([], "en")]
)
def test_the_first_language_that_the_site_speaks(wanted, spoken):
    assert best_language(wanted) == spoken


def test_folding_forgets_accents_and_case():
    assert fold("Précurseur ÇA") == fold("precurseur ca")


@given(st.text(max_size=600))
def test_a_shortened_text_is_short(text):
    assert len(shorten(text, 100)) <= 101


def test_references_can_be_spoken_and_typed():
    reference = new_reference("N")
    assert SHAPE.match(reference)
    assert not set("01OIUL") & set(ALPHABET) - {"L"}
    assert tidy_reference(f" {reference.lower()[:4]} {reference.lower()[4:]} ") == reference


@pytest.mark.parametrize(
    ("asked", "given"), [(None, 1), ("", 1), ("2", 2), ("99", 3), ("0", 1), ("-1", 1), ("²", 1), ("9" * 30, 1)]
)
def test_the_page_that_an_address_asks_for(asked, given):
    assert page_number(asked, total=41) == given


def test_a_page_knows_where_it_is():
    page = Page(items=["x"], number=3, total=41)
    assert (page.pages, page.first, page.last) == (3, 41, 41)
    empty = Page(items=[], number=1, total=0)
    assert (empty.pages, empty.first, empty.last) == (1, 0, 0)


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "javascript:x",
        "needs",
        "/a\nb",
        "",
        None,
    ],
)
def test_nobody_is_sent_elsewhere(address):
    assert local_address(address, "/desk") == "/desk"


def test_an_address_of_ours_is_kept():
    assert local_address("/needs?theme=prisons", "/desk") == "/needs?theme=prisons"


def test_an_old_version_is_refused(world):
    need = world.need(world.organisation())
    check_version(need, need.version)
    check_version(need, None)
    with pytest.raises(StaleVersion) as caught:
        check_version(need, need.version + 1)
    assert caught.value.record is need
