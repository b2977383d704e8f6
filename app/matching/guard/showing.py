"""What is about to be posted beside a record that is there already, with what is the same marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup, escape

from app.foundation.languages import day_text, name_of
from app.foundation.messages import Message, msg
from app.foundation.text import shorten
from app.foundation.web import current_language
from app.matching.guard.rules import Facts, Judgement
from app.matching.guard.service import Suspect
from app.search.highlight import marked

LONGEST_TEXT = 280


@dataclass(frozen=True)
class Row:
    """One thing that both records say something of, in both; `languages` are those of texts that people wrote."""

    name: Message
    mine: Markup
    theirs: Markup
    languages: tuple[str, str] = ("", "")


def rows(mine: Facts, suspect: Suspect) -> list[Row]:
    """The two side by side: what either says, what both say marked; what neither says is left out."""
    theirs, found = suspect.facts, suspect.judgement
    told = [
        _text(msg("Title"), mine, theirs, found, (mine.title, theirs.title)),
        _text(msg("In a few words"), mine, theirs, found, (_rest(mine), _rest(theirs))),
        _codes(msg("Where"), _places(mine, found), _places(theirs, found)),
        _codes(msg("Themes"), _named("theme", mine.themes, found.themes), _named("theme", theirs.themes, found.themes)),
        _codes(msg("Kind"), _named("kind", mine.kinds, found.kinds), _named("kind", theirs.kinds, found.kinds)),
        _codes(msg("When"), _dates(mine, found), _dates(theirs, found)),
        _codes(msg("For whom"), _served(mine, found), _served(theirs, found)),
        _codes(msg("Counted in"), _named("unit", mine.units, found.units), _named("unit", theirs.units, found.units)),
        _codes(msg("Speaks of"), *[_named("concept", found.concepts, found.concepts)] * 2),
    ]
    return [row for row in told if row.mine or row.theirs]


def _rest(facts: Facts) -> str:
    return shorten(facts.texts[facts.language][1], LONGEST_TEXT)


def _text(name: Message, mine: Facts, theirs: Facts, found: Judgement, texts: tuple[str, str]) -> Row:
    first, second = (marked(text, found.stems) for text in texts)
    return Row(name, first, second, (mine.language, theirs.language))


def _codes(name: Message, mine: Markup, theirs: Markup) -> Row:
    return Row(name, mine, theirs)


def _named(kind: str, codes: Iterable[str], same: Iterable[str]) -> Markup:
    shared, language = set(same), current_language()
    named = sorted((name_of(kind, code, language), code in shared) for code in codes)
    return Markup(", ").join(_mark(name) if is_same else escape(name) for name, is_same in named)


def _places(facts: Facts, found: Judgement) -> Markup:
    parts = [_named("country", facts.countries, found.countries), _named("grouping", facts.groupings, found.groupings)]
    return Markup(", ").join(part for part in parts if part)


def _dates(facts: Facts, found: Judgement) -> Markup:
    if not facts.starts_on and not facts.ends_on:
        return Markup()
    text = f"{_day(facts.starts_on)} – {_day(facts.ends_on)}"
    return _mark(text) if found.same_dates else escape(text)


def _day(day: date | None) -> str:
    return day_text(day, current_language()) if day else "…"


def _served(facts: Facts, found: Judgement) -> Markup:
    return _mark(facts.served) if facts.served and found.same_unit else escape(facts.served)


def _mark(text: str) -> Markup:
    return Markup("<mark>{}</mark>").format(text)
