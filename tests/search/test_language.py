"""Words as the index knows them."""

from __future__ import annotations

import pytest

from app.search.language import query_words, stems_of, terms, words


def test_accents_and_case_are_folded() -> None:
    assert words("Précurseurs chimiques, l'État") == ["precurseurs", "chimiques", "l", "etat"]


@pytest.mark.parametrize(
    ("text", "language", "query"),
    [
        ("Formation des magistrats aux enquêtes financières", "fr", "enquete financiere"),
        ("Training of judges on seized assets", "en", "judge asset"),
        ("Capacitación de fiscales en decomisos", "es", "fiscal decomiso"),
        ("Formação de magistrados e peritos", "pt", "magistrado perito"),
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
