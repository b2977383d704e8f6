"""Whatever fails, people read in their own language that it was not their doing, and a number to quote: no more."""

from __future__ import annotations

import pytest

from app.foundation import errors, last_resort
from app.foundation.languages import LANGUAGES
from app.foundation.web import GUARDS, NOTHING, Guard, Permission
from tests.pages import check_page

SECRET = "SELECT secret FROM /srv/counterpart/app for ann@ministry.example"
FIRST_WORDS = {
    "en": "Something went wrong on our side", "fr": "Une erreur s’est produite de notre côté",
    "es": "Algo falló de nuestro lado", "pt": "Algo correu mal do nosso lado", "ar": "حدث خطأ من جانبنا",
}  # fmt: skip


@pytest.fixture
def failing(app, monkeypatch):
    """Every page fails; `everything()` lets the page about that fail too."""

    def fail(*_args, **_kw):
        raise RuntimeError(SECRET)

    monkeypatch.setitem(GUARDS, "broken", Guard(Permission.PUBLIC_READ, NOTHING))
    app.add_url_rule("/broken", "broken", fail)
    return lambda: monkeypatch.setattr(errors, "render", fail)


@pytest.mark.parametrize("everything", [False, True])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_told_in_the_readers_language_with_its_number(client, failing, language, everything):
    if everything:
        failing()
    answer = client.get("/broken", check=False, headers={"Accept-Language": f"xx, {language}-ZZ;q=0.9, en;q=0.1"})
    assert answer.status_code == 500
    assert FIRST_WORDS[language] in answer.text
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}"' in answer.text
    assert f"{answer.headers['X-Request-ID']}</code>" in answer.text
    assert 'href="/"' in answer.text
    assert not [word for word in (*SECRET.split(), "RuntimeError", "Traceback", "app/") if f"{word} " in answer.text]
    assert SECRET not in answer.text
    check_page(answer.text, "the page about a fault")


def test_the_language_chosen_in_the_browser_comes_first(client, failing):
    failing()
    client.set_cookie("language", "pt")
    assert FIRST_WORDS["pt"] in client.get("/broken", check=False, headers={"Accept-Language": "fr"}).text


def test_the_last_resort_needs_nothing_that_may_be_broken(client, failing, monkeypatch):
    """Neither what knows the language, nor templates, nor the database."""
    failing()

    def fail(*_args, **_kw):
        raise RuntimeError(SECRET)

    monkeypatch.setattr(errors, "current_language", fail)
    answer = client.get("/broken", check=False, headers={"Accept-Language": "fr"})
    assert (answer.status_code, FIRST_WORDS["fr"] in answer.text) == (500, True)


def test_every_language_has_its_words_and_a_foreign_one_reads_english():
    assert set(last_resort.WORDS) == set(LANGUAGES)
    assert len({words for told in last_resort.WORDS.values() for words in told}) == 4 * len(LANGUAGES)
    assert 'lang="en"' in last_resort.page("0" * 16, "de")


def test_a_reference_cannot_bring_markup():
    assert "<script>" not in last_resort.page("<script>", "en")
