"""What would make a thesaurus find the wrong thing, or not find a right one: rules for whoever adds to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from app.foundation.languages import LANGUAGES
from app.foundation.text import fold
from app.reference.thesaurus import WORD, Concept, Thesaurus, one_form

LEAST_CONCEPTS = 400

TABLES: dict[str, tuple[str, ...]] = {
    "I": (
        "acetic anhydride",
        "N-acetylanthranilic acid",
        "4-anilino-N-phenethylpiperidine",
        "ANPP",
        "4-AP",
        "N-phenyl-4-piperidinamine",
        "1-boc-4-AP",
        "boc-4-AP",
        "1-boc-4-piperidone",
        "4-piperidone",
        "alpha-phenylacetoacetamide",
        "APAA",
        "alpha-phenylacetoacetonitrile",
        "APAAN",
        "ephedrine",
        "ergometrine",
        "ergotamine",
        "isosafrole",
        "lysergic acid",
        "methyl alpha-phenylacetoacetate",
        "3,4-MDP-2-P",
        "3,4-methylenedioxyphenyl-2-propanone",
        "PMK",
        "3,4-MDP-2-P methyl glycidate",
        "PMK glycidate",
        "3,4-MDP-2-P methyl glycidic acid",
        "PMK glycidic acid",
        "P-2-P methyl glycidic acid",
        "BMK glycidic acid",
        "BMK glycidate",
        "norephedrine",
        "norfentanyl",
        "N-phenethyl-4-piperidone",
        "phenylacetic acid",
        "1-phenyl-2-propanone",
        "P-2-P",
        "BMK",
        "piperonal",
        "potassium permanganate",
        "pseudoephedrine",
        "safrole",
    ),
    "II": (
        "acetone",
        "anthranilic acid",
        "ethyl ether",
        "hydrochloric acid",
        "methyl ethyl ketone",
        "MEK",
        "piperidine",
        "sulphuric acid",
        "toluene",
    ),
}
"""The substances of the two tables of the 1988 Convention, by the names that its lists and the trade use."""


def terms_of_two(thesaurus: Thesaurus) -> Iterator[str]:
    """The very same term, whatever its case and accents, in two concepts: only one of them would ever be found."""
    owners: dict[str, set[str]] = {}
    for concept, _language, name in _names(thesaurus):
        owners.setdefault(" ".join(fold(name).split()), set()).add(concept.id)
    for name, its in owners.items():
        if len(its) > 1:
            yield f"“{name}” stands in {_list(its)}"


def forms_of_two(thesaurus: Thesaurus) -> Iterator[str]:
    """Terms of two concepts that a text may write in the same way: one's plural is the other, one lacks an accent."""
    owners: dict[tuple[str, ...], set[str]] = {}
    for concept, language, name in _names(thesaurus):
        for form in thesaurus.forms(name, language):
            owners.setdefault(form, set()).add(concept.id)
    for form, its in owners.items():
        if len(its) > 1:
            yield f"“{' '.join(form)}” is a form of terms of {_list(its)}"


def languages_missing(thesaurus: Thesaurus) -> Iterator[str]:
    """A concept that has no name in one of the languages of the site."""
    for concept in thesaurus.concepts.values():
        for language in LANGUAGES:
            if not concept.terms.get(language):
                yield f"{concept.id} has no term in {language}"


def terms_too_short(thesaurus: Thesaurus) -> Iterator[str]:
    """A term without any word, or of a single letter, which half of all texts have."""
    for concept, language, name in _names(thesaurus):
        if sum(map(len, WORD.findall(one_form(name)))) <= 1:
            yield f"{concept.id} has the term “{name}” in {language}"


def themes_unknown(thesaurus: Thesaurus, themes: Collection[str]) -> Iterator[str]:
    """A theme that is not in the list of themes."""
    for concept in thesaurus.concepts.values():
        for theme in concept.themes:
            if theme not in themes:
                yield f"{concept.id} has the theme {theme}, which does not exist"


def terms_not_found(thesaurus: Thesaurus) -> Iterator[str]:
    """A term that, when a text consists of it, is not found as its own concept and nothing else."""
    for concept, language, name in _names(thesaurus):
        found = {each.id for each in thesaurus.mentions(name)}
        if found != {concept.id}:
            yield f"“{name}” of {concept.id} in {language} is found as {_list(found) or 'nothing'}"


def precursors_missing(thesaurus: Thesaurus, names: Collection[str]) -> Iterator[str]:
    """A substance that no concept of precursor control bears the name of."""
    for name in names:
        if not _names_a_precursor(thesaurus, name):
            yield f"{name} is not found as a precursor"


def concepts_too_few(thesaurus: Thesaurus, least: int = LEAST_CONCEPTS) -> Iterator[str]:
    """Fewer concepts than the field has been found to need."""
    if len(thesaurus.concepts) < least:
        yield f"{len(thesaurus.concepts)} concepts, at least {least} are needed"


def faults(thesaurus: Thesaurus, themes: Collection[str]) -> list[str]:
    """Everything that the rules find, a sentence each."""
    rules: tuple[Callable[[Thesaurus], Iterator[str]], ...] = (
        terms_of_two,
        forms_of_two,
        languages_missing,
        terms_too_short,
        terms_not_found,
        concepts_too_few,
    )
    found = [fault for rule in rules for fault in rule(thesaurus)]
    found += themes_unknown(thesaurus, themes)
    for table in TABLES.values():
        found += precursors_missing(thesaurus, table)
    return found


def _names(thesaurus: Thesaurus) -> Iterator[tuple[Concept, str, str]]:
    for concept in thesaurus.concepts.values():
        for language, name in concept.names:
            yield concept, language, name


def _names_a_precursor(thesaurus: Thesaurus, name: str) -> bool:
    found = list(thesaurus.mentions(name))
    return len(found) == 1 and name in found[0].terms["en"] and "precursor_control" in found[0].themes


def _list(ids: Collection[str]) -> str:
    return ", ".join(sorted(ids))
