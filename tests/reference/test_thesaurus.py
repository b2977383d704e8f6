"""The thesaurus keeps its rules, and each rule finds the mistake that it is there for."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest

from app.foundation.languages import LANGUAGES
from app.reference.concepts import THESAURUS, thesaurus
from app.reference.themes import themes
from app.reference.thesaurus import Concept, Thesaurus
from tests.reference.thesaurus_lint import (
    TABLES,
    concepts_too_few,
    faults,
    forms_of_two,
    languages_missing,
    precursors_missing,
    terms_not_found,
    terms_of_two,
    terms_too_short,
    themes_unknown,
)

Rule = Callable[[Thesaurus], Iterator[str]]


def concept(concept_id: str, *names: str, language: str = "en", theme: str = "customs") -> Concept:
    """A concept with these names in one language and a name of its own in each of the others."""
    terms = {each: (f"{concept_id} {each}",) for each in LANGUAGES}
    return Concept(concept_id, (theme,), terms | {language: names or (concept_id,)})


def found(rule: Rule, *concepts: Concept) -> list[str]:
    return list(rule(Thesaurus(concepts)))


def without(name: str) -> Iterable[Concept]:
    """The real concepts of precursor control, none of which has this name."""
    for each in thesaurus().concepts.values():
        if "precursor_control" not in each.themes:
            continue
        yield replace(each, terms={its: tuple(n for n in names if n != name) for its, names in each.terms.items()})


def test_the_thesaurus_keeps_every_rule() -> None:
    assert faults(thesaurus(), themes()) == []


def test_each_concept_has_its_own_id() -> None:
    with THESAURUS.open("rb") as file:
        ids = [entry["id"] for entry in tomllib.load(file)["concept"]]
    assert len(ids) == len(set(ids)) == len(thesaurus().concepts)


SOUND = (concept("bail", "release on bail"), concept("parole", "release on parole"))


@pytest.mark.parametrize(
    "rule", [terms_of_two, forms_of_two, languages_missing, terms_too_short, terms_not_found], ids=lambda r: r.__name__
)
def test_a_sound_thesaurus_is_left_alone(rule: Rule) -> None:
    assert found(rule, *SOUND) == []


@pytest.mark.parametrize(
    ("rule", "seeded", "fault"),
    [
        (terms_of_two, concept("b", "Customs Union"), "“customs union” stands in a, b"),
        (forms_of_two, concept("b", "customs unions"), "“customs union” is a form of terms of a, b"),
        (forms_of_two, concept("b", "cústoms-union", language="es"), "“customs union” is a form of terms of a, b"),
        (terms_too_short, concept("b", "b"), "b has the term “b” in en"),
        (terms_too_short, concept("b", "-"), "b has the term “-” in en"),
        (terms_too_short, concept("b", ""), "b has the term “” in en"),
        (terms_not_found, concept("b", "CUSTOMS UNION"), "“CUSTOMS UNION” of b in en is found as a"),
        (terms_not_found, concept("b", "..."), "“...” of b in en is found as nothing"),
    ],
)
def test_a_rule_finds_the_mistake_that_it_is_for(rule: Rule, seeded: Concept, fault: str) -> None:
    assert fault in found(rule, concept("a", "customs union"), seeded)


def test_arabic_words_that_are_cut_alike_are_told() -> None:
    one, other = concept("a", "السلائف", language="ar"), concept("b", "سلائف", language="ar")
    assert found(terms_of_two, one, other) == []
    assert found(forms_of_two, one, other) == ["“سلايف” is a form of terms of a, b"]


def test_plurals_of_each_language_are_told() -> None:
    for language, one, several in [
        ("en", "border agency", "border agencies"),
        ("fr", "unité de police", "unités de police"),
        ("fr", "tribunal pénal", "tribunaux pénaux"),
        ("es", "unidad canina", "unidades caninas"),
        ("pt", "missão de avaliação", "missões de avaliação"),
    ]:
        mistakes = found(forms_of_two, concept("a", one, language=language), concept("b", several, language=language))
        assert mistakes, (language, one)


def test_a_missing_language_is_told() -> None:
    bare = Concept("a", (), {"en": ("a thing",), "fr": ("une chose",), "es": ("una cosa",), "pt": ("uma coisa",)})
    assert found(languages_missing, bare) == ["a has no term in ar"]
    assert found(languages_missing, concept("a", language="fr"), concept("b")) == []


def test_an_unknown_theme_is_told() -> None:
    assert list(themes_unknown(Thesaurus([concept("a", theme="prisns")]), themes())) == [
        "a has the theme prisns, which does not exist"
    ]


def test_too_few_concepts_are_told() -> None:
    assert list(concepts_too_few(Thesaurus(SOUND))) == ["2 concepts, at least 400 are needed"]


@pytest.mark.parametrize("name", [name for names in TABLES.values() for name in names])
def test_a_precursor_that_is_missing_is_told(name: str) -> None:
    table = [each for names in TABLES.values() for each in names]
    assert list(precursors_missing(Thesaurus(without(name)), table)) == [f"{name} is not found as a precursor"]


def test_a_precursor_that_no_theme_controls_is_told() -> None:
    assert list(precursors_missing(Thesaurus([concept("a", "toluene")]), ["toluene"])) == [
        "toluene is not found as a precursor"
    ]


def test_faults_gathers_what_every_rule_finds() -> None:
    told = " ".join(faults(Thesaurus([concept("a", "x", theme="y"), Concept("b", (), {"en": ("x",)})]), themes()))
    for part in ["stands in a, b", "form of terms of a, b", "no term in ar", "“x” in en", "theme y", "at least 400"]:
        assert part in told
    assert "toluene is not found" in told
