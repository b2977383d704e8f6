"""What the thesaurus finds in texts, in every language of the site."""

from __future__ import annotations

import time

import pytest

from app.foundation.languages import LANGUAGES
from app.foundation.text import fold
from app.reference.codelists import codelist
from app.reference.concepts import (
    KIND_OF_CONCEPT,
    concepts,
    concepts_in,
    kinds_in_text,
    known_form,
    mentions,
    themes_in_text,
)
from app.reference.themes import themes


def ids(text: str) -> list[str]:
    return [concept.id for concept in concepts_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Control of precursors at seaports",
        "Contrôle des précurseurs chimiques",
        "Control de precursores",
        "CONTROLO DE PRECURSORES",
        "مراقبة السلائف",
        "Contro\u0302le des pre\u0301curseurs",
    ],
)
def test_one_thing_is_found_in_every_language(text: str) -> None:
    assert ids(text)[0] == "precursor_chemicals"
    assert themes_in_text(text)[0] == "precursor_control"


def test_the_longest_term_counts_and_its_words_count_once() -> None:
    assert ids("a cocaine base laboratory") == ["coca_paste"]
    assert ids("cocaine, and a base for boats") == ["cocaine"]


def test_hyphens_and_apostrophes_do_not_matter() -> None:
    assert ids("anti corruption") == ids("anti-corruption") == ids("Anti\u2011Corruption") == ["corruption"]
    assert ids("saisie d\u2019héroïne") == ids("saisie d'héroïne") == ["heroin"]


def test_one_and_several_are_the_same_thing() -> None:
    assert ids("a new prison") == ids("new prisons") == ["prison_service"]
    assert ids("two patrol boats") == ["patrol_boat"]
    assert ids("an old custom of minor importance") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("police oversight agencies and anti-corruption agencies", ["police_oversight", "anti_corruption_agency"]),
        ("les gestions des avoirs saisis, un tribunal pénal, des tribunaux pénaux", ["asset_management", "courts"]),
        ("extradiciones y unidades caninas", ["extradition", "sniffer_dogs"]),
        ("missões de avaliação, unidades cinotécnicas", ["needs_assessment", "sniffer_dogs"]),
        ("une drogue synthétique", ["synthetic_drugs"]),
    ],
)
def test_each_language_has_its_own_plurals(text: str, found: list[str]) -> None:
    assert ids(text) == found


def test_words_that_mean_something_else_in_another_language_are_left_alone() -> None:
    assert ids("Projet pour la Côte d'Ivoire") == ids("Costa de Marfil") == ids("Costa do Marfim") == []
    assert "prosecution_service" not in ids("réforme des politiques fiscales")


def test_parts_of_words_are_not_words() -> None:
    assert ids("opiumwar and coffeehouse") == []


def test_an_acronym_needs_its_capitals_unless_nothing_has_any() -> None:
    assert ids("Signing the ATT") == ["arms_trade_treaty"]
    assert ids("Stöd till att genomföra reformen") == []
    assert ids("fiu analysts") == ["financial_intelligence_unit"]


def test_themes_come_most_frequent_first() -> None:
    text = "Prison officers and prisoners in prisons; one customs officer; a judge."
    assert themes_in_text(text)[0] == "prisons"
    assert set(themes_in_text(text)) == {"prisons", "customs", "judicial_process"}


def test_every_mention_is_told() -> None:
    assert len(list(mentions("heroin, heroin and heroin"))) == 3


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "تدريب القضاة والمدعين العامين على غسل الأموال",
            ["training", "judges", "prosecution_service", "money_laundering"],
        ),
        ("وبالسلائف", ["precursor_chemicals"]),
        ("سلائف", ["precursor_chemicals"]),
        ("التدابير المتخذة للسجون ولمكافحة الفساد", ["prison_service", "corruption"]),
        ("السَّلائِف الكيميائيَّة", ["precursor_chemicals"]),
        ("تهريب المهاجرين، لا تهريب غيرهم", ["migrant_smuggling", "smuggling"]),
        ("الاقليات و العاب", []),
    ],
)
def test_arabic_words_are_known_with_what_is_written_onto_them(text: str, found: list[str]) -> None:
    assert ids(text) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_means_its_own_concept(language: str) -> None:
    wrong = [
        (name, each.id) for each in concepts().values() for name in each.terms[language] if each.id not in ids(name)
    ]
    assert wrong == []


def test_a_term_stands_in_one_concept_only() -> None:
    owners: dict[str, set[str]] = {}
    for concept in concepts().values():
        for names in concept.terms.values():
            for name in names:
                owners.setdefault(" ".join(known_form(word) for word in fold(name).split()), set()).add(concept.id)
    assert {name: its for name, its in owners.items() if len(its) > 1} == {}


def test_kinds_of_assistance_are_named() -> None:
    assert kinds_in_text("Formation, formation et équipement")[:2] == ["training", "equipment"]
    assert kinds_in_text("capacitación policial") == ["training"]
    assert kinds_in_text("توريد المعدات وتدريب المدربين") == ["equipment", "training"]
    assert kinds_in_text("nothing of the sort") == []


def test_the_thesaurus_speaks_of_codes_that_exist() -> None:
    assert {theme for concept in concepts().values() for theme in concept.themes} <= set(themes())
    assert set(KIND_OF_CONCEPT) <= set(concepts())
    assert set(KIND_OF_CONCEPT.values()) <= set(codelist("assistance_kinds"))


def test_a_long_text_is_read_quickly() -> None:
    text = "The police officers of the port control unit seize precursors. " * 2_000
    concepts_in("warm")
    began = time.perf_counter()
    assert len(list(mentions(text))) >= 6_000
    assert time.perf_counter() - began < 2
