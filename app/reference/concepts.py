"""The thesaurus of the field: what a text speaks of, whatever its language, and which themes that belongs to."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from app.config import ROOT
from app.reference.codelists import LANGUAGES
from app.reference.thesaurus import Concept, Thesaurus

THESAURUS = ROOT / "search_index" / "concepts.toml"

KIND_OF_CONCEPT = {
    "training": "training",
    "train_the_trainers": "training",
    "workshop": "training",
    "capacity_building": "training",
    "e_learning": "training",
    "scholarships": "training",
    "curriculum_development": "training",
    "simulation_exercise": "training",
    "police_training": "training",
    "judicial_training": "training",
    "mentoring": "mentoring",
    "expert_secondment": "mentoring",
    "study_tour": "exchange_visit",
    "twinning": "exchange_visit",
    "equipment": "equipment",
    "vehicles": "equipment",
    "patrol_boat": "equipment",
    "aircraft": "equipment",
    "drones": "equipment",
    "radars": "equipment",
    "radio_communications": "equipment",
    "computers": "equipment",
    "cctv": "equipment",
    "body_cameras": "equipment",
    "night_vision": "equipment",
    "personal_protective_equipment": "equipment",
    "body_scanner": "equipment",
    "container_scanner": "equipment",
    "metal_detectors": "equipment",
    "phone_jamming": "equipment",
    "video_conferencing": "equipment",
    "drug_test_kit": "equipment",
    "raman_spectrometer": "equipment",
    "laboratory_instruments": "equipment",
    "needs_assessment": "study",
    "research_study": "study",
    "national_risk_assessment": "study",
    "infrastructure": "infrastructure",
    "court_buildings": "infrastructure",
    "prison_construction": "infrastructure",
    "legislative_drafting": "legislation",
    "legal_gap_analysis": "legislation",
    "treaty_accession": "accession",
    "case_management_system": "information_system",
    "criminal_database": "information_system",
    "e_justice": "information_system",
    "prison_management_system": "information_system",
    "customs_automation": "information_system",
    "goaml": "information_system",
    "gocase": "information_system",
    "analysis_software": "information_system",
    "precursor_licensing_system": "information_system",
}
"""Concepts that name a kind of assistance, and its code in the list of kinds."""

# A concept speaks first of its first theme, and of the others a little less.
FIRST_THEME, OTHER_THEME = 2, 1


@cache
def thesaurus() -> Thesaurus:
    """The thesaurus, read once."""
    with THESAURUS.open("rb") as file:
        return Thesaurus(_concept(entry) for entry in tomllib.load(file)["concept"])


def concepts() -> dict[str, Concept]:
    """Every concept of the thesaurus by its id, in the order of the file."""
    return thesaurus().concepts


def mentions(text: str) -> Iterator[Concept]:
    """The concepts that a text speaks of, in order, each as often as it is named.

    Whole words are compared, without accents and case, one or several of a thing; where several terms begin at one
    word the longest counts. Acronyms of up to five letters need their capitals (ATT is a treaty, att is Swedish for
    to), except in a text without any, such as people type into a search box. Of an Arabic word only what the thesaurus
    knows of it is compared, without the article and the little words that are written onto it.
    """
    return thesaurus().mentions(text)


def concepts_in(text: str) -> list[Concept]:
    """The concepts that a text speaks of, each once, in the order in which they first come."""
    return list(dict.fromkeys(mentions(text)))


def named_by_words(text: str) -> dict[str, set[str]]:
    """For each folded word of a text the concepts whose names it is part of there, names inside others too."""
    return thesaurus().named_by_words(text)


def with_broader(ids: Iterable[str]) -> set[str]:
    """These concepts and those that their names speak of: whoever asks about prisons means overcrowded ones too."""
    known = thesaurus().broader
    return {each for one in ids for each in (one, *known.get(one, ()))}


def theme_weights(text: str) -> Counter[str]:
    """How much a text speaks of each theme: twice the mentions of what lies nearest to it, once the others."""
    return weights_of(mentions(text))


def weights_of(spoken: Iterable[Concept]) -> Counter[str]:
    """The same of the concepts that a text speaks of."""
    weights: Counter[str] = Counter()
    for concept in spoken:
        for place, theme in enumerate(concept.themes):
            weights[theme] += OTHER_THEME if place else FIRST_THEME
    return weights


def themes_in_text(text: str) -> list[str]:
    """The themes that a text speaks of, the most frequent first."""
    return [theme for theme, _weight in theme_weights(text).most_common()]


def kinds_in_text(text: str) -> list[str]:
    """The kinds of assistance that a text names, the most frequent first."""
    named = (KIND_OF_CONCEPT.get(concept.id) for concept in mentions(text))
    return [kind for kind, _times in Counter(filter(None, named)).most_common()]


def known_form(word: str) -> str:
    """A folded Arabic word as the thesaurus has it (السلائف for وبالسلائف), and any other word as it is."""
    return word if word.isascii() else thesaurus().known_form(word)


def concept_name(concept_id: str, language: str) -> str:
    """The first name of a concept in that language."""
    concept = concepts().get(concept_id)
    terms = (concept.terms.get(language) or concept.terms.get("en") or ()) if concept else ()
    return terms[0] if terms else concept_id.replace("_", " ")


def _concept(entry: dict[str, list[str]]) -> Concept:
    terms = {language: tuple(entry[language]) for language in LANGUAGES if language in entry}
    return Concept(str(entry["id"]), tuple(entry["themes"]), terms)
