"""What the pictures of reports show: bars of what is asked and covered, and who does what as a shaded table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.foundation.languages import name_of, number_text, say
from app.foundation.messages import Message, msg
from app.overview.rules import Gap
from app.reports import document as parts

MOST_BARS = 12
SHADES = 4
GAP_HEAD = (msg("Items asked"), msg("Covered"), msg("Open"), msg("Programmes and courses on offer"))
FACETS: Mapping[str, tuple[Message, Message]] = {
    "theme": (msg("Theme"), msg("What is asked and covered, by theme")),
    "country": (msg("Country"), msg("What is asked and covered, by country")),
}


def bars_of_gaps(gaps: Iterable[Gap], facet: str, language: str) -> list[parts.Block]:
    """Under each code, how many items are covered and how many open: the longest bars first, as a picture and table."""
    rows = sorted((gap for gap in gaps if gap.lines), key=lambda gap: (-gap.lines, gap.code))
    if not rows:
        return [parts.Paragraph(say(msg("Nothing is asked."), language))]
    head, title = FACETS[facet]
    names = {gap.code: name_of(facet, gap.code, language) for gap in rows}
    cells = tuple(
        (
            names[gap.code],
            *(number_text(each, language) for each in (gap.lines, gap.covered, gap.open_lines, gap.supply)),
        )
        for gap in rows
    )
    heads = tuple(say(one, language) for one in (head, *GAP_HEAD))
    most = rows[0]
    told = say(
        msg(
            "Most is asked under “%(name)s”: %(lines)s items, of which %(covered)s are covered.",
            name=names[most.code], lines=most.lines, covered=most.covered,
        ),
        language,
    )  # fmt: skip
    return [
        parts.Bars(
            say(title, language), told, (say(msg("Covered"), language), say(msg("Open"), language)),
            tuple(
                parts.Bar(names[gap.code], (gap.covered, gap.open_lines), number_text(gap.lines, language))
                for gap in rows[:MOST_BARS]
            ),
            parts.Table("", heads, cells, (5, 2, 2, 2, 3), frozenset({1, 2, 3, 4})),
        )
    ]  # fmt: skip


def shaded(
    title: str, told: str, head: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]], language: str
) -> parts.Heat:
    """A table of counts in which a cell is the darker the more there is in it; each has its number in it too."""
    fullest = max((count for _name, counts in rows for count in counts), default=0)
    shades = tuple((0, *(-(-SHADES * count // fullest) if count else 0 for count in counts)) for _name, counts in rows)
    cells = tuple((name, *(number_text(count, language) if count else "" for count in counts)) for name, counts in rows)
    numeric = frozenset(range(1, len(head)))
    table = parts.Table("", tuple(head), cells, (3, *(2 for _one in head[1:])), numeric, shades)
    return parts.Heat(title, told, table)
