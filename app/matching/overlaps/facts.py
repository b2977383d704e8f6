"""What the comparison needs to know of a programme's row, as plain values."""

from __future__ import annotations

from functools import lru_cache

from app.matching.duplicates import Told
from app.matching.overlaps.rules import Undertaking
from app.programmes.models import Programme
from app.reference.concepts import concepts_in
from app.reference.groupings import groupings_of
from app.search.language import query_words, stem

REPUBLISHED = frozenset({"1", "2", "4", "5"})
"""IATI RelatedActivityType: parent, child, co-funded, and the same activity as a third party tells of it."""
ELSEWHERE = "other"
MOST_WORDS = 60


def undertaking(programme: Programme) -> Undertaking:
    """A programme as the comparison sees it."""
    countries, text = frozenset(programme.places), text_of(programme)
    own = [programme.iati_identifier or "", *(link.identifier for link in programme.links if link.kind == ELSEWHERE)]
    kin = [link.identifier for link in programme.links if link.kind in REPUBLISHED]
    return Undertaking(
        number=programme.id,
        organisation_id=programme.organisation_id,
        status=programme.status,
        countries=countries,
        groupings=frozenset(programme.codes("grouping")),
        groupings_of=frozenset(g for country in countries for g in groupings_of(country)),
        themes=frozenset(programme.codes("theme")),
        starts_on=programme.starts_on,
        ends_on=programme.ends_on,
        words=_words(text, programme.language),
        concepts=_concepts(text),
        identifiers=_known(own),
        kin=_known(kin),
    )


def told(programme: Programme) -> Told:
    """A programme as the rules see it that tell one undertaking from two."""
    return Told(
        title=programme.title,
        description=programme.description,
        countries=frozenset(programme.places),
        start=programme.starts_on.isoformat() if programme.starts_on else "",
        end=programme.ends_on.isoformat() if programme.ends_on else "",
        identifier=programme.iati_identifier or "",
    )


def text_of(programme: Programme) -> str:
    """What everybody who sees the programme may read of what it does."""
    return " ".join([programme.title, programme.description, *(offer.description for offer in programme.offers)])


def _known(identifiers: list[str]) -> frozenset[str]:
    return frozenset(one.strip().upper() for one in identifiers if one.strip())


@lru_cache(maxsize=4096)
def _words(text: str, language: str) -> dict[str, str]:
    telling = [word for word in query_words(text) if not word.isdecimal()][:MOST_WORDS]
    found: dict[str, str] = {}
    for word in telling:
        found.setdefault(stem(word, language), word)
    return found


@lru_cache(maxsize=4096)
def _concepts(text: str) -> frozenset[str]:
    # A concept without a theme ("training") is too common to say that two do the same.
    return frozenset(concept.id for concept in concepts_in(text) if concept.themes)
