"""The flow of money in words: what stands beside each bar, the rows of its tables, and those of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.foundation.languages import money_text, say
from app.foundation.messages import msg
from app.foundation.money import Money
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import ngettext
from app.matching.relations.totals import SetAside
from app.overview.flows.rules import BAR, COLUMNS, DONOR, OTHERS, PLACE, THEME, Bar, Drawing, Flow, drawn
from app.overview.giving.looking import Seen
from app.overview.giving.rules import Part, Shares, codes
from app.overview.giving.words import KINDS, WHY, Names, cut

LETTERS = {DONOR: 25, THEME: 36, PLACE: 25}
"""So many letters of a name fit beside a bar of each column; the whole of it is in the table."""
HEAD = (
    msg("Donor"), msg("Theme"), msg("Country"), msg("Kind"), msg("Reference"), msg("Amount"), msg("Currency"),
    msg("Counted"), msg("Why not"), msg("Beside"), msg("As given"), msg("Currency as given"),
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """What stands beside a bar, and where."""

    bar: Bar
    name: str
    short: str
    amount: str
    x: float
    anchor: str
    lang: str


@dataclass(frozen=True)
class Picture:
    """The drawing with its words; `tables` are the rows from each column to the next."""

    drawing: Drawing
    words: Sequence[Words]
    tables: Sequence[Sequence[tuple[str, str, str]]]


def flow_of(part: Part) -> Flow:
    """A part of what is given, as the drawing takes it."""
    return (str(part.giving.donor), part.theme, part.place), part.amount


def picture_of(seen: Seen) -> Picture:
    """Draw what was seen."""
    drawing = drawn(map(flow_of, seen.chosen.parts))
    called = {(bar.column, bar.code): name_of_bar(bar, seen.names) for bar in drawing.bars}
    currency, language = seen.reckoned.currency, seen.names.language
    tables = [
        [
            (
                called[column, ribbon.begin],
                called[column + 1, ribbon.end],
                money_text(Money(ribbon.amount, currency), language),
            )
            for ribbon in drawing.ribbons
            if ribbon.column == column
        ]
        for column in (DONOR, THEME)
    ]
    return Picture(drawing, [_words(bar, called[bar.column, bar.code], seen.names) for bar in drawing.bars], tables)


def name_of_bar(bar: Bar, names: Names) -> str:
    """What a bar is called; that of the others by how many they are."""
    if bar.code == OTHERS:
        number = len(bar.gathered)
        return str(ngettext("%(num)s other", "%(num)s others", number))
    if bar.column == DONOR:
        return names.donor(int(bar.code))
    return names.theme(bar.code) if bar.column == THEME else names.place(bar.code)


def _words(bar: Bar, name: str, names: Names) -> Words:
    is_first = bar.column == COLUMNS[0]
    x = bar.x - 8 if is_first else bar.x + BAR + 8
    anchor = "end" if is_first else "start"
    lang = names.spoken(int(bar.code)) if is_first and bar.code != OTHERS else names.language
    return Words(bar, name, cut(name, LETTERS[bar.column]), names.short(bar.amount), x, anchor, lang)


def rows_of(seen: Seen) -> Iterator[list[Cell]]:
    """Every part of every amount, those that do not count and those that have no rate included, for the file."""
    names, aside = seen.names, {one.key: one for one, _money in seen.chosen.set_aside}
    language, currency = names.language, seen.reckoned.currency
    for part in seen.chosen.parts:
        giving, one = part.giving, aside.get(part.giving.key)
        yield [
            names.donor(giving.donor), names.theme(part.theme), names.place(part.place),
            say(KINDS[giving.kind], language), giving.ref, part.amount, currency, *_counting(one, seen, language),
            "; ".join(str(money.amount) for money in giving.money), "; ".join(money.currency for money in giving.money),
        ]  # fmt: skip
    for giving, money in seen.chosen.left:
        yield [
            names.donor(giving.donor), _several(giving.themes, names.theme), _several(giving.places, names.place),
            say(KINDS[giving.kind], language), giving.ref, None, currency, say(msg("Not converted"), language),
            say(msg("There is no rate for %(currency)s", currency=money.currency), language), None, money.amount,
            money.currency,
        ]  # fmt: skip


def _counting(one: SetAside | None, seen: Seen, language: str) -> list[Cell]:
    if one is None:
        return [say(msg("yes"), language), None, None]
    beside = "; ".join(seen.every[key].ref for key in one.because)
    return [say(msg("no"), language), say(WHY[one.why], language), beside]


def _several(shares: Shares, name: Callable[[str], str]) -> str:
    return "; ".join(map(name, codes(shares)))
