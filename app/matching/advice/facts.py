"""What is known of a draft, of a record and of a lesson when lessons are looked for, as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from app.lessons.models import Lesson
from app.lessons.rules import EVIDENCE, WARNINGS, strength
from app.lessons.standing.queries import SOURCE_COLUMNS
from app.lessons.standing.rules import Source, Weight
from app.matching.aboutness import About, about, shared_concepts
from app.matching.advice.rules import Likeness, Teaching, Topic
from app.reference.codelists import codelist
from app.reference.countries import countries, region_of
from app.reference.groupings import groupings, groupings_of, members
from app.reference.themes import siblings, themes

STAGES: Mapping[str, frozenset[str]] = {
    "need": frozenset({"design", "tender"}),
    "programme": frozenset({"design", "tender"}),
    "course": frozenset({"design", "delivery"}),
    "pledge": frozenset({"tender", "delivery", "handover"}),
}
"""Which stage of the work comes after the decision on each kind of record."""

TEXTS: Mapping[str, tuple[str, ...]] = {
    "need": ("summary", "problem", "causes", "effects", "objectives", "capacity", "past_help", "sustainability"),
    "programme": ("description", "conditions"),
    "course": ("description", "objectives", "audience", "prerequisites"),
    "pledge": ("conditions",),
}
"""The words of each that lessons are looked for by; none of them has readers of its own."""
MOST_LETTERS = 8000
CODES: Mapping[str, tuple[str, Callable[[], Iterable[str]]]] = {
    "theme": ("themes", themes),
    "kind": ("kinds", lambda: codelist("assistance_kinds")),
    "country": ("countries", countries),
    "grouping": ("groupings", groupings),
}
"""For each facet what a form calls its field, and which codes there are."""


@dataclass(frozen=True)
class Asking:
    """What somebody is deciding on: its kind, its words, its codes; `own_ref` is the record's, where there is one."""

    kind: str
    title: str = ""
    text: str = ""
    codes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    own_ref: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing was said yet by which one could look."""
        return not (self.title.strip() or self.text.strip() or self.codes.get("theme") or self.codes.get("kind"))

    @property
    def topic(self) -> Topic:
        """What it is about, as codes."""
        named = self.codes.get("country", frozenset())
        wider = self.codes.get("grouping", frozenset())
        return topic_of(self.codes, named, wider, STAGES.get(self.kind, frozenset()))

    @property
    def spoken(self) -> About:
        """What its words speak of."""
        return about(self.title, self.text, (), tuple(sorted(self.codes.get("theme", ()))))

    def beside(self, other: Asking) -> Asking:
        """This and another one that is decided on together with it: the places are those of this one."""
        codes = {facet: self.codes.get(facet, frozenset()) | other.codes.get(facet, frozenset()) for facet in CODES}
        codes["country"] = self.codes.get("country") or codes["country"]
        codes["grouping"] = self.codes.get("grouping", frozenset())
        return Asking(self.kind, f"{self.title} {other.title}", f"{self.text} {other.text}", codes, self.own_ref)


def topic_of(
    codes: Mapping[str, frozenset[str]], named: frozenset[str], wider: frozenset[str], stages: frozenset[str]
) -> Topic:
    """The codes of a draft or a lesson, with what follows from them."""
    its_themes = codes.get("theme", frozenset())
    states = named | {state for grouping in wider for state in members(grouping)}
    return Topic(
        themes=its_themes,
        near_themes=frozenset(near for theme in its_themes for near in siblings(theme)) - its_themes,
        kinds=codes.get("kind", frozenset()),
        countries=named,
        groupings=wider | {grouping for country in named for grouping in groupings_of(country)},
        regions=frozenset(region for state in states if (region := region_of(state))),
        stages=stages,
    )


def typed_asking(kind: str, typed: Any, home: str = "", own_ref: str = "") -> Asking:
    """A draft as it stands in a form; `typed` is what was sent. Without a country it is for the author’s, `home`."""
    sent = [(str(name), str(value)) for name in typed for value in typed.getlist(name)]
    codes = {facet: _sent_codes(facet, sent) for facet in CODES}
    if kind == "course":
        codes["kind"] |= {"training"}
    if not codes["country"] and not codes["grouping"] and home:
        codes["country"] = frozenset({home})
    title = next((value for name, value in sent if name == "title"), "")
    wanted = {*TEXTS.get(kind, ()), "text"}
    texts = [value for name, value in sent if name in wanted or name.endswith("-description")]
    return Asking(kind, title[:MOST_LETTERS], " ".join(texts)[:MOST_LETTERS], codes, own_ref)


def _sent_codes(facet: str, sent: Iterable[tuple[str, str]]) -> frozenset[str]:
    # A page sends its whole form: what it calls its fields (theme, themes, lines-0-kind) is understood.
    several, known = CODES[facet]
    return frozenset(
        value for name, value in sent
        if (name in {facet, several} or name.endswith(f"-{facet}")) and value in known()
    )  # fmt: skip


def asking_of(record: Any) -> Asking:
    """A need, a programme or a course as it stands."""
    kind = record.record_kind
    parts = [getattr(record, name, "") or "" for name in TEXTS[kind]]
    parts += [line.description for line in [*getattr(record, "lines", ()), *getattr(record, "offers", ())]]
    codes = {facet: frozenset(record.codes(facet)) for facet in CODES}
    if kind == "course":
        codes["kind"] |= {"training"}
    return Asking(kind, record.title, " ".join(parts)[:MOST_LETTERS], codes, record.ref)


OF_ONE_SOURCE = 0.25


TOLD_BY = (Lesson.title, Lesson.context, Lesson.action, Lesson.result, Lesson.cause, Lesson.instruction)
TOLD_OF = (Lesson.id, Lesson.verdict, Lesson.stage, *SOURCE_COLUMNS)
"""The columns that hold its words, and those that hold the rest of what it is judged by."""


@dataclass(frozen=True)
class Told:
    """What of a lesson it is judged by: the words that it consists of, its title first, and its codes by facet."""

    number: int
    verdict: str
    stage: str
    source: Source
    words: tuple[str, ...]
    codes: Mapping[str, frozenset[str]]


def teaching(lesson: Told, spoken: About, words: float, title: float, weight: Weight | None) -> Teaching:
    """A lesson as it is judged for a draft that speaks of `spoken`; `words` and `title` are the search's."""
    its_themes, its_kinds, places = (lesson.codes.get(facet, NO_CODES) for facet in ("theme", "kind", "country"))
    its = spoken_of(lesson.words, tuple(sorted(its_themes)))
    return Teaching(
        number=lesson.number,
        topic=_topic_of_lesson(its_themes, its_kinds, places, lesson.stage),
        warns=lesson.verdict in WARNINGS,
        is_validated=lesson.source.is_validated,
        strength=known_by(weight) if weight else 0.0,
        likeness=Likeness(
            words,
            title,
            spoken.spoken.cosine(its.spoken),
            spoken.near_title_themes.cosine(its.near_themes),
            shared_concepts(spoken, its),
        ),
    )


NO_CODES: frozenset[str] = frozenset()


@lru_cache(maxsize=8192)
def _topic_of_lesson(
    its_themes: frozenset[str], its_kinds: frozenset[str], places: frozenset[str], stage: str
) -> Topic:
    codes = {"theme": its_themes, "kind": its_kinds}
    return topic_of(codes, places, NO_CODES, frozenset({stage} - {""}))


def known_by(weight: Weight) -> float:
    """How well a lesson is known, from 0 to 1: by its best evidence, and by who else says the same or the opposite.

    A further source counts for three quarters of a step of stronger evidence, and so does one that differs.
    """
    found = strength(weight.best_evidence) / (len(EVIDENCE) - 1)
    return max(0.0, min(1.0, found + OF_ONE_SOURCE * (weight.sources - 1 - weight.against)))


@lru_cache(maxsize=8192)
def spoken_of(words: tuple[str, ...], themes: tuple[str, ...]) -> About:
    """What the words of a lesson speak of, its title first, and the themes that its author has chosen."""
    title, *parts = words
    return about(title, " ".join(parts), (), themes)
