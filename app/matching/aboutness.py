"""What a record is about, told from its words, its title before all, and from the purpose codes that it bears.

Two records are alike as far as they speak of the same concepts of the thesaurus and, beyond words, of the same or of
neighbouring themes. Every concept weighs the same, however many records speak of it: so nothing that a reader may not
see changes how alike two others are. A title says in a few words what the rest says in many: it is compared by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import log1p, sqrt

from app.reference.concepts import concepts, mentions, thesaurus
from app.reference.themes import siblings

Weights = Mapping[str, float]

TITLE = 3.0
BROADER = 0.5
"""What a concept says of those that its name speaks of: prison overcrowding, half as much, of prisons."""
WITHOUT_THEME = 0.3
OTHER_THEME = 0.5
SIBLING = 0.3
FROM_SECTOR = 0.7

THEMES_OF_PURPOSE: Mapping[str, Weights] = {
    "15113": {"anti_corruption": 1},
    "15111": {"anti_corruption": 0.2},
    "15130": {"judicial_process": 0.6, "legislation": 0.3, "legal_aid": 0.3},
    "15131": {"judicial_process": 0.6, "legislation": 0.5},
    "15132": {"police_training": 1, "criminal_investigation": 0.3},
    "15134": {"judicial_process": 1},
    "15135": {"judicial_process": 0.8},
    "15136": {"border_control": 0.5},
    "15137": {"prisons": 1},
    "15160": {"victims_support": 0.6, "legal_aid": 0.3},
    "15180": {"victims_support": 0.8},
    "15190": {"migrant_smuggling": 0.6, "trafficking_in_persons": 0.4, "border_control": 0.4},
    "15210": {"security_sector_governance": 1},
    "15220": {"security_sector_governance": 0.2},
    "15230": {"security_sector_governance": 0.4},
    "15240": {"small_arms": 1},
    "15250": {"explosives": 1},
    "15261": {"security_sector_governance": 0.3},
    "16062": {"drug_observatory": 0.3},
    "16063": {"precursor_control": 0.5, "crop_monitoring": 0.4, "criminal_investigation": 0.5, "demand_reduction": 0.4},
    "31165": {"alternative_development": 1},
    "33120": {"customs": 1, "border_control": 0.3},
    "43050": {"alternative_development": 0.7},
}
"""How much an OECD DAC purpose code says of each theme; read off the names and notes of the codes, on no needs."""

GOVERNMENT = ("150", "151", "152", "153")
OTHER_NEAR = frozenset({"16063", "31165"})


@dataclass(frozen=True)
class About:
    """What a record speaks of: concepts and themes with weights, of the whole and of its title alone.

    `sectors` are the themes that its purpose codes tell; `is_public_sector` says that one of them is of government,
    civil society, conflict, peace or security (DAC 150 to 153), or of drugs.
    """

    concepts: Weights = field(default_factory=dict)
    title_concepts: Weights = field(default_factory=dict)
    themes: Weights = field(default_factory=dict)
    title_themes: Weights = field(default_factory=dict)
    sectors: Weights = field(default_factory=dict)
    is_public_sector: bool = False

    # What is compared with hundreds of others is made ready once.

    @cached_property
    def near_themes(self) -> Measured:
        """The themes with their neighbours."""
        return Measured(_with_siblings(self.themes))

    @cached_property
    def near_title_themes(self) -> Measured:
        """The themes of the title with their neighbours."""
        return Measured(_with_siblings(self.title_themes))

    @cached_property
    def spoken(self) -> Measured:
        """The concepts."""
        return Measured(self.concepts)


class Measured:
    """Weights with their length, squared."""

    __slots__ = ("square", "weights")

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.square = sum(weight * weight for weight in weights.values())

    def cosine(self, other: Measured) -> float:
        """The cosine of the two, 0 where either is empty."""
        second = other.weights
        together = sum(weight * second[key] for key, weight in self.weights.items() if key in second)
        return together / sqrt(self.square * other.square) if together else 0.0


@dataclass(frozen=True)
class Likeness:
    """How alike two records are, each from 0 to 1; `shared` are the concepts that both speak of, the strongest first.

    `words` and `title_words` are shares of the best score that the words of the whole, and of the title, found.
    `meaning` (a little over 1 at most) is told by the extra of app/matching/semantic, and `no_shared_term` is true
    where it says much and no word or concept of one record stands in the other; without the extra neither says a thing.
    """

    words: float = 0.0
    title_words: float = 0.0
    concepts: float = 0.0
    title_concepts: float = 0.0
    themes: float = 0.0
    sectors: float = 0.0
    public_sector: bool = False
    shared: tuple[str, ...] = ()
    meaning: float = 0.0
    no_shared_term: bool = False


@lru_cache(maxsize=8192)
def about(title: str, body: str, sectors: tuple[str, ...] = (), picked: tuple[str, ...] = ()) -> About:
    """Read a record: its title, its other words, its sector codes ("1:15130", "2:151"), the themes somebody picked."""
    in_title, in_body = Counter(concept.id for concept in mentions(title)), _said(body)
    whole: dict[str, float] = dict(in_body)
    for concept, times in in_title.items():
        whole[concept] = whole.get(concept, 0.0) + TITLE * times
    codes = [code.partition(":")[2] for code in sectors if code.startswith("1:")]
    told = _themes_of_codes(codes)
    spoken = _themes_of(_with_broader(whole))
    return About(
        concepts=_weighed(_with_broader(whole)),
        title_concepts=_weighed(_with_broader(in_title)),
        themes=_with_picked(_strongest(spoken, told), picked),
        title_themes=_with_picked(_themes_of(_with_broader(in_title)) or spoken, picked),
        sectors=told,
        is_public_sector=any(_is_public(code) for code in sectors),
    )


def likeness(first: About, second: About, words: float = 0.0, title_words: float = 0.0) -> Likeness:
    """How alike a need (`first`) and an offer are."""
    return Likeness(
        words=words,
        title_words=title_words,
        concepts=first.spoken.cosine(second.spoken),
        title_concepts=cosine(first.title_concepts, second.concepts),
        themes=first.near_title_themes.cosine(second.near_themes),
        sectors=cosine(first.themes, second.sectors),
        public_sector=second.is_public_sector,
        shared=shared_concepts(first, second),
    )


def shared_concepts(first: About, second: About) -> tuple[str, ...]:
    """The concepts that both speak of and that belong to a theme, the strongest first."""
    known, its = concepts(), second.concepts
    shared = {
        concept: min(weight, its[concept])
        for concept, weight in first.concepts.items()
        if concept in its and known[concept].themes
    }
    return tuple(sorted(shared, key=lambda concept: (-shared[concept], concept))) if shared else ()


def cosine(first: Weights, second: Weights) -> float:
    """The cosine of two sets of weights, 0 where either is empty."""
    return Measured(first).cosine(Measured(second))


def _said(text: str) -> Counter[str]:
    return Counter(concept.id for concept in mentions(text))


def _with_broader(counted: Mapping[str, float]) -> dict[str, float]:
    broader = thesaurus().broader
    found = dict(counted)
    for concept, times in counted.items():
        for other in broader[concept]:
            found[other] = found.get(other, 0.0) + BROADER * times
    return found


def _weighed(counted: Mapping[str, float]) -> dict[str, float]:
    known = concepts()
    return {c: log1p(times) * (1.0 if known[c].themes else WITHOUT_THEME) for c, times in counted.items()}


def _themes_of(counted: Mapping[str, float]) -> dict[str, float]:
    """How much concepts say of each theme, the strongest 1."""
    found: dict[str, float] = {}
    for concept, times in counted.items():
        for place, theme in enumerate(concepts()[concept].themes):
            found[theme] = found.get(theme, 0.0) + log1p(times) * (OTHER_THEME if place else 1.0)
    best = max(found.values(), default=1.0)
    return {theme: weight / best for theme, weight in found.items()}


def _themes_of_codes(codes: Iterable[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for code in codes:
        for theme, weight in THEMES_OF_PURPOSE.get(code, {}).items():
            found[theme] = max(found.get(theme, 0.0), weight)
    return found


def _strongest(spoken: Weights, told: Weights) -> dict[str, float]:
    if not spoken:
        return dict(told)
    return {t: max(spoken.get(t, 0.0), FROM_SECTOR * told.get(t, 0.0)) for t in {**spoken, **told}}


def _with_picked(themes: Weights, picked: Iterable[str]) -> dict[str, float]:
    return {**themes, **dict.fromkeys(picked, 1.0)}


def _with_siblings(themes: Weights) -> dict[str, float]:
    found = dict(themes)
    for theme, weight in themes.items():
        for sibling in siblings(theme):
            found[sibling] = found.get(sibling, 0.0) + SIBLING * weight
    return found


def _is_public(code: str) -> bool:
    number = code.partition(":")[2]
    return code[:2] in {"1:", "2:"} and (number.startswith(GOVERNMENT) or number in OTHER_NEAR)
