"""The words that show a verdict: quoted from the records themselves, each with the field that it stands in.

Only what every reader of a record may read of it is quoted; a need's exact place is given by the caller, where the
reader may see it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.foundation.languages import name_of
from app.foundation.messages import Message, Named, Several, msg
from app.foundation.text import shorten
from app.matching.facts import shown_by
from app.matching.requirements import DATES, LANGUAGE, PLACE, REQUESTS, THEME, Said
from app.needs.models import Need, NeedLine
from app.reference.concepts import concepts_in
from app.search.language import query_words, stems_of, words

SENTENCE = re.compile(r"(?<=[.!?؟;])\s+|\n+")
LEAST_SHARED = 2
"""A sentence that shares fewer telling words with what is asked shows nothing."""
LONGEST_QUOTE = 280
MOST_QUOTES = 3
TEXTS = {
    "programme": (("description", msg("What it does"), "what"), ("conditions", msg("Conditions"), "conditions")),
    "course": (
        ("description", msg("What the course is about"), "what"),
        ("objectives", msg("What one can do afterwards"), "objectives"),
        ("audience", msg("Whom it is for"), "audience"),
    ),
    "output": (("description", msg("What it is"), ""),),
}
"""The texts of each kind of offer in which words are looked for: column, name of the field, its place on the page."""


@dataclass(frozen=True)
class Quote:
    """Words of a record: `said` is a value of a field, `text` the author's own words in `language`.

    `side` is need or offer, `field` what people call the field, `place` the part of the record's page where it stands.
    """

    side: str
    field: Message
    text: str = ""
    language: str = ""
    said: Said | None = None
    place: str = ""


# --- a line of the need ---


def asked_by_line(need: Need, line: NeedLine, number: int) -> list[Quote]:
    """What the need says in this line, in its own words."""
    text = " – ".join(part for part in (line.description, line.beneficiary_unit) if part)
    return [Quote("need", msg("Line %(number)s", number=number), text, need.language, place="lines")]


def given_for_line(kind: str, offer: Any, line: NeedLine, today: date) -> list[Quote]:
    """What the offer says to a line: its rows of that kind or its sessions, else a sentence that speaks of it."""
    rows = shown_by(kind, offer, line.kind, today)
    if kind == "course":
        quotes = [_session(row, offer.language) for row in rows[:MOST_QUOTES]]
    else:
        quotes = [_row(row, offer.language) for row in rows[:MOST_QUOTES]] or _rows_of_other_kinds(offer, kind)
    if any(quote.text for quote in quotes) and kind != "course":
        return quotes
    return [*quotes, *sentence_about(kind, offer, f"{line.description} {line.beneficiary_unit}")]


def _row(row: Any, language: str) -> Quote:
    much = None
    if row.quantity is not None:
        much = msg("%(quantity)s %(unit)s", quantity=_plain(row.quantity), unit=Named("unit", row.unit))
    return Quote("offer", msg("What it gives"), row.description, language, much, "offers")


def _rows_of_other_kinds(offer: Any, kind: str) -> list[Quote]:
    kinds = tuple(sorted({row.kind for row in offer.offers})) if kind == "programme" else ()
    return [Quote("offer", msg("What it gives"), said=Several("kind", kinds), place="offers")] if kinds else []


def _session(row: Any, language: str) -> Quote:
    said = msg("%(start)s to %(end)s", start=_day(row.starts_on), end=_day(row.ends_on))
    return Quote("offer", msg("Session %(ref)s", ref=row.ref), row.place, language, said)


# --- everything else ---


def asked_beside(need: Need, part: str, place: str = "") -> list[Quote]:
    """In which field of the need a requirement stands; `place` is the exact one, where the reader may see it."""
    if part == THEME:
        return [Quote("need", msg("Themes"))]
    if part == PLACE:
        exact = [Quote("need", msg("Place"), place, need.language)] if place else []
        return [Quote("need", msg("Countries")), *exact]
    if part == LANGUAGE:
        return [Quote("need", msg("Languages"))]
    return [Quote("need", msg("Starts on, ends on"))] if part == DATES else []


def given_beside(need: Need, kind: str, offer: Any, part: str) -> list[Quote]:
    """What the offer says to a requirement: the field, and the sentence that speaks of it, if there is one."""
    return _GIVEN[part](need, kind, offer)


def _theme(need: Need, kind: str, offer: Any) -> list[Quote]:
    themes = set(need.codes("theme"))
    return [Quote("offer", msg("Themes")), *_sentence_with(kind, offer, lambda text: _speaks_of(text, themes))]


def _place(need: Need, kind: str, offer: Any) -> list[Quote]:
    names = [_plain_words(name_of("country", code, offer.language)) for code in need.codes("country")]
    named = [] if kind == "output" else _sentence_with(kind, offer, lambda text: _names(text, names))
    return [Quote("offer", msg("Countries, groupings"), place="reach"), *named]


def _speaks_of(text: str, themes: set[str]) -> bool:
    # What a concept is about first of all: the further ones are too far away to show anything.
    return any(concept.themes and concept.themes[0] in themes for concept in concepts_in(text))


def _names(text: str, names: Sequence[str]) -> bool:
    plain = _plain_words(text)
    return any(name in plain for name in names)


def _language(_need: Need, _kind: str, _offer: Any) -> list[Quote]:
    return [Quote("offer", msg("Languages"), place="reach")]


def _dates(_need: Need, kind: str, _offer: Any) -> list[Quote]:
    return [Quote("offer", msg("Sessions") if kind == "course" else msg("Starts on, ends on"))]


def _requests(_need: Need, kind: str, offer: Any) -> list[Quote]:
    quotes = [Quote("offer", msg("Requests, ask by"))] if kind == "programme" else []
    column, name, place = {
        "programme": TEXTS["programme"][1],
        "course": ("prerequisites", msg("What one has to know or be before"), "prerequisites"),
    }.get(kind, ("", msg("Conditions"), ""))
    text = getattr(offer, column, "") if column else ""
    return (
        [*quotes, Quote("offer", name, shorten(text, LONGEST_QUOTE), offer.language, place=place)] if text else quotes
    )


_GIVEN: dict[str, Callable[[Need, str, Any], list[Quote]]] = {
    THEME: _theme,
    PLACE: _place,
    LANGUAGE: _language,
    DATES: _dates,
    REQUESTS: _requests,
}


# --- the sentence that speaks of something ---


def sentence_about(kind: str, offer: Any, asked: str) -> list[Quote]:
    """The sentence of the offer's texts that shares most telling words with what is asked, if it shares two."""
    wanted = {stem for word in query_words(asked) if not word.isdecimal() for stem in stems_of(word)}
    best, most = None, LEAST_SHARED - 1
    for column, name, place in TEXTS[kind]:
        for sentence in sentences(getattr(offer, column)):
            shared = sum(bool(wanted.intersection(stems_of(word))) for word in query_words(sentence))
            if shared > most:
                best, most = Quote("offer", name, shorten(sentence, LONGEST_QUOTE), offer.language, place=place), shared
    return [best] if best else []


def _sentence_with(kind: str, offer: Any, speaks: Callable[[str], bool]) -> list[Quote]:
    for column, name, place in TEXTS[kind]:
        for sentence in sentences(getattr(offer, column)):
            if speaks(sentence):
                return [Quote("offer", name, shorten(sentence, LONGEST_QUOTE), offer.language, place=place)]
    return []


def _plain_words(text: str) -> str:
    # With a space at each end, so that Niger is not found in Nigeria.
    return f" {' '.join(words(text))} "


def sentences(text: str) -> Sequence[str]:
    """A text in its sentences."""
    return [sentence.strip() for sentence in SENTENCE.split(text) if sentence.strip()]


def _day(day: date) -> Named:
    return Named("day", day.isoformat())


def _plain(number: Any) -> str:
    return str(number if number % 1 else int(number))
