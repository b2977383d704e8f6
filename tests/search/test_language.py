"""Words as the index knows them."""

from __future__ import annotations

import pytest

from app.foundation.languages import LANGUAGES
from app.foundation.text import fold
from app.search.highlight import marked
from app.search.language import LITTLE, STEMMERS, query_words, stems_of, terms, words


def test_accents_and_case_are_folded() -> None:
    assert words("Précurseurs chimiques, l'État") == ["precurseurs", "chimiques", "l", "etat"]


def test_every_language_of_the_site_has_its_stemmer_and_its_little_words() -> None:
    assert set(STEMMERS) == set(LITTLE) == set(LANGUAGES)
    assert all(fold(line) == line for line in LITTLE.values())


def test_arabic_letters_stay_and_their_variants_are_one() -> None:
    assert words("السَّلائف؛ إدارة الموانئ") == ["السلايف", "اداره", "المواني"]
    assert words("مستشفى أُسرة آلية ١٩٨٨") == ["مستشفي", "اسره", "اليه", "1988"]
    assert terms("police INTERPOL 1988", "ar") == ["police", "interpol", "1988"]


def test_an_arabic_word_is_marked_whole() -> None:
    assert marked("مراقبة السَّلائف", frozenset(stems_of("سلايف"))) == "مراقبة <mark>السَّلائف</mark>"


@pytest.mark.parametrize(
    ("text", "language", "query"),
    [
        ("Formation des magistrats aux enquêtes financières", "fr", "enquete financiere"),
        ("Training of judges on seized assets", "en", "judge asset"),
        ("Capacitación de fiscales en decomisos", "es", "fiscal decomiso"),
        ("Formação de magistrados e peritos", "pt", "magistrado perito"),
        ("تدريب القضاة والمحاكم على الأدلة الإلكترونية", "ar", "القضاه محاكم الادله الكترونية"),
        ("مراقبة السَّلائف وإعادة التأهيل في السجون", "ar", "للسلايف اعاده تاهيل سجون"),
    ],
)
def test_a_question_without_accents_finds_the_text(text: str, language: str, query: str) -> None:
    indexed = set(terms(text, language))
    for word in query_words(query):
        assert indexed & set(stems_of(word)), word


def test_little_words_are_left_out_of_texts_but_not_of_a_question_made_of_them() -> None:
    assert terms("the needs of the police", "en") == ["need", "polic"]
    assert query_words("the") == ["the"]
    assert query_words("the police") == ["police"]
    assert terms("المساعدة من أجل المحاكم في السجون", "ar") == terms("المساعدة أجل المحاكم السجون", "ar")
