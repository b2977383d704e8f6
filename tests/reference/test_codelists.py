"""Every code has a name in every language that the site speaks."""

from __future__ import annotations

import csv
import re

import pytest

from app.foundation.languages import LANGUAGES
from app.reference import codelists
from app.reference.codelists import DATA, codelist, options, purpose_options
from app.reference.concepts import concept_name, concepts
from app.reference.countries import countries, country_name, country_options
from app.reference.groupings import grouping_name, grouping_options, groupings
from app.reference.names import LISTS
from app.reference.themes import siblings, theme_name, themes

# These name nothing: countries and currencies are named by CLDR, memberships are pairs of codes.
WITHOUT_NAMES = {"countries", "fixed_parities", "memberships"}
NAMED = sorted({path.stem for path in DATA.glob("*.csv")} - WITHOUT_NAMES)
ARABIC = re.compile("[\u0621-\u064a]")


def header(name: str) -> list[str]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def test_the_lists_speak_the_languages_of_the_site():
    assert set(codelists.LANGUAGES) == set(LANGUAGES)
    assert set(LISTS.values()) <= set(NAMED)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMED)
def test_every_code_is_named(name, language):
    names = {code: entry.names.get(language, "") for code, entry in codelist(name).items()}
    assert [code for code, its in names.items() if not its.strip() or its != its.strip()] == []
    assert options(name, language) == list(names.items())


@pytest.mark.parametrize("name", NAMED)
def test_every_arabic_name_is_written_in_arabic(name):
    assert [code for code, entry in codelist(name).items() if not ARABIC.search(entry.names["ar"])] == []


@pytest.mark.parametrize("name", NAMED)
def test_what_is_told_in_one_language_is_told_in_all(name):
    columns = header(name)
    for column in columns:
        kind, _, language = column.rpartition("_")
        if language in LANGUAGES and kind:
            assert {f"{kind}_{other}" for other in LANGUAGES} <= set(columns), column


@pytest.mark.parametrize("language", LANGUAGES)
def test_themes_are_described(language):
    for code, entry in themes().items():
        assert entry.more[f"description_{language}"].strip(), code
        assert theme_name(code, language) == entry.names[language]
        assert code not in siblings(code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_groupings_have_a_short_name_and_do_not_say_it_twice(language):
    for code, entry in groupings().items():
        assert entry.more[f"acronym_{language}"].strip() == grouping_name(code, language)
    assert [
        label for _code, label in grouping_options(language) if len(set(label.split(" – "))) < label.count(" – ") + 1
    ] == []


def test_a_grouping_without_an_acronym_is_offered_by_its_name():
    assert dict(grouping_options("ar"))["AU"] == "الاتحاد الأفريقي"
    assert dict(grouping_options("fr"))["AU"] == "UA – Union africaine"


@pytest.mark.parametrize("language", LANGUAGES)
def test_countries_are_named(language):
    assert [iso2 for iso2 in countries() if country_name(iso2, language) in {"", iso2}] == []
    assert len(country_options(language)) == len(countries())


@pytest.mark.parametrize("language", LANGUAGES)
def test_concepts_are_named(language):
    assert [each.id for each in concepts().values() if not each.terms.get(language)] == []
    assert [each for each in concepts() if not concept_name(each, language).strip()] == []


def test_an_evaluation_body_has_its_own_name_in_each_language():
    fatf = codelist("evaluation_bodies")["FATF"]
    assert fatf.name("en") == "Financial Action Task Force"
    assert fatf.name("fr") == "Groupe d’action financière"
    assert fatf.name("ar") == "مجموعة العمل المالي"


def test_purposes_begin_with_their_code():
    assert ("15132", "15132 الشرطة") in purpose_options("ar")
