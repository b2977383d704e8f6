"""From an activity as a file states it to a programme as the site keeps it."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from app.exchange.iati.activity import Activity, Budget, CountryShare, Party, Related, SectorShare, Transaction
from app.exchange.iati.mapping import GROUPING_OF_REGION, NOT_IN_DIGEST, map_activity
from app.exchange.iati.themes import THEME_OF_PURPOSE
from app.programmes.imports import ImportedLink, ImportedParticipant, ImportedProgramme
from app.reference.groupings import groupings
from app.reference.themes import themes

FRENCH = "Renforcement des capacités de la police judiciaire et des laboratoires de police scientifique"
PORTUGUESE = "Apoio à reforma da justiça e à formação dos magistrados da República da Guiné-Bissau"


def activity(**values) -> Activity:
    values = {"titles": {"en": "Support to prisons"}, "descriptions": {}} | values
    return Activity(
        identifier="XX-1-001", version="2.03", language="en", line=3, reporting=Party("XX-1", {"en": "Donor"}), **values
    )


def programme(**values) -> ImportedProgramme:
    return map_activity(activity(**values), "file.xml").programme


def test_the_site_language_that_comes_first_stands_for_the_programme() -> None:
    titles = {"es": "Apoyo a las prisiones", "sv": "Stöd till fängelser", "fr": "Appui aux prisons"}
    mapped = programme(titles=titles, descriptions={"sv": "Beskrivning"})
    assert (mapped.language, mapped.title, mapped.description) == ("fr", "Appui aux prisons", "")
    assert {(text.language, text.title) for text in mapped.texts} == set(titles.items())
    assert [text.description for text in mapped.texts if text.language == "sv"] == ["Beskrivning"]


def test_another_language_stands_where_there_is_none_of_ours() -> None:
    mapped = programme(titles={"nl": "Steun"}, descriptions={})
    assert (mapped.language, mapped.title) == ("nl", "Steun")


@pytest.mark.parametrize(("text", "language"), [(FRENCH, "fr"), (PORTUGUESE, "pt"), ("PAJ II", "en"), ("Apoyo", "en")])
def test_a_text_without_a_language_is_recognised_if_it_is_long_enough(text: str, language: str) -> None:
    mapped = map_activity(activity(titles={"": text}, descriptions={}), "file.xml")
    assert mapped.programme.language == language
    assert mapped.corrected == ()


def test_a_language_that_is_beyond_doubt_wrong_is_corrected_and_told() -> None:
    mapped = map_activity(activity(titles={"en": FRENCH}, descriptions={"en": FRENCH}), "file.xml")
    assert mapped.programme.language == "fr"
    assert mapped.corrected == (("en", "fr"),)


def test_two_texts_in_one_language_lose_nothing() -> None:
    mapped = programme(titles={"fr": "Police", "en": FRENCH}, descriptions={"fr": "Premier texte.", "en": "Suite."})
    (text,) = mapped.texts
    assert text.title == "Police"
    assert text.description.split("\n\n") == ["Premier texte.", FRENCH, "Suite."]


def test_the_purpose_is_the_dac_sector_with_the_largest_share() -> None:
    sectors = (
        SectorShare("1", "15130", Decimal(30)),
        SectorShare("1", "15137", Decimal(60)),
        SectorShare("2", "151", Decimal(100)),
        SectorShare("99", "15132", Decimal(100)),
    )
    mapped = programme(titles={"en": "Phase 2"}, sectors=sectors)
    assert mapped.purpose_code == "15137"
    assert mapped.themes[0] == "prisons"
    assert ("2:151", Decimal(100)) in mapped.sectors
    assert ("99:15132", Decimal(100)) in mapped.sectors


def test_a_code_that_many_themes_share_leaves_the_word_to_the_texts() -> None:
    narcotics = (SectorShare("1", "16063", Decimal(100)),)
    assert programme(titles={"en": "Phase 2"}, sectors=narcotics).themes == ()
    assert programme(titles={"en": "Precursor control"}, sectors=narcotics).themes == ("precursor_control",)


def test_there_are_at_most_four_themes() -> None:
    title = "Prisons, customs, judges, witness protection, asset recovery, cybercrime and small arms"
    assert len(programme(titles={"en": title}).themes) == 4


def test_what_a_long_text_names_in_passing_is_not_its_theme() -> None:
    long = "Wells are dug and pumps repaired in forty villages of the north. " * 10
    assert programme(titles={"en": "Water"}, descriptions={"en": long + "The customs office helps."}).themes == ()
    assert programme(titles={"en": "Water"}, descriptions={"en": "The customs office helps."}).themes == ("customs",)


def test_kinds_of_assistance_are_told_from_words() -> None:
    assert programme(titles={"es": "Capacitación de fiscales"}).kinds == ("training",)
    assert programme(titles={"en": "General budget support"}).kinds == ()


def test_a_region_is_a_grouping_only_where_no_country_is_named() -> None:
    assert programme(regions=("1030", "289")).groupings == ("ECOWAS",)
    assert programme(regions=("1030",), countries=(CountryShare("GH"),)).groupings == ()


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"status": "6"}, "6"),
        ({}, "2"),
        ({"actual_end": date(2014, 1, 1)}, "4"),
        ({"planned_end": date(2014, 1, 1)}, "2"),
    ],
)
def test_a_status_that_is_not_stated_follows_from_the_actual_end(values, status: str) -> None:
    assert programme(**values).status == status


def test_money_parties_and_links_come_along() -> None:
    day = date(2020, 5, 1)
    mapped = programme(
        budgets=(Budget("1", day, None, Decimal("10.50"), None, day),),
        transactions=(Transaction("3", day, Decimal(-5), "EUR", "A", "B", "back"),),
        participants=(Party("XX-2", {"fr": "Ministère", "en": "Ministry"}, "10", "4"), Party("XX-3", {}, None, "1")),
        related=(Related("1", "XX-1-000"),),
        other_identifiers=("OLD-1", "OLD-1"),
        planned_start=day,
        conditions=("One", "Two"),
    )
    (budget,) = mapped.budgets
    assert (budget.amount, budget.currency, budget.valued_on) == (Decimal("10.50"), "", day)
    (row,) = mapped.transactions
    assert (row.kind, row.amount, row.currency, row.happened_on, row.description) == ("3", -5, "EUR", day, "back")
    assert mapped.participants == (
        ImportedParticipant("4", "Ministry", "XX-2", "10"),
        ImportedParticipant("1", "XX-3", "XX-3", ""),
    )
    assert mapped.links == (ImportedLink("1", "XX-1-000"), ImportedLink("other", "OLD-1"))
    assert (mapped.starts_on, mapped.planned_start, mapped.conditions) == (day, day, "One\n\nTwo")


def test_the_digest_changes_with_every_word_and_not_with_the_file() -> None:
    one = activity(descriptions={"en": "Cells."})
    same = map_activity(replace(one, line=99), "other.xml").programme
    assert map_activity(one, "file.xml").programme.digest == same.digest
    other = replace(one, descriptions={"en": "Cells!"})
    assert map_activity(other, "file.xml").programme.digest != same.digest
    assert {field.name for field in fields(ImportedProgramme)} >= NOT_IN_DIGEST


def test_the_tables_speak_of_codes_that_exist() -> None:
    assert set(THEME_OF_PURPOSE.values()) <= set(themes())
    assert set(GROUPING_OF_REGION.values()) <= set(groupings())
