"""The timeline in words: what each thing is, where its page is, and the rows of its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.foundation.languages import say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import url_for
from app.overview.giving.words import KINDS, Names, cut
from app.overview.timeline.rules import ORGANISATION, THEME, Group, Line, Span

HEAD = (
    msg("Organisation"), msg("Theme"), msg("Kind"), msg("Reference"), msg("Title"), msg("From"), msg("Until"),
)  # fmt: skip
GROUPED: dict[str, Message] = {ORGANISATION: msg("Organisation"), THEME: msg("Theme")}
LONGEST = 64


def page_of(span: Span) -> str:
    """The address of a thing's page."""
    if span.kind == "session":
        return url_for("courses.session_page", ref=span.course_ref, session_ref=span.ref)
    return url_for(f"{span.kind}s.page", ref=span.ref)


def group_name(group: Group, names: Names) -> str:
    """What a group is called."""
    return names.donor(group.code) if isinstance(group.code, int) else names.theme(group.code)


def spoken(group: Group, names: Names) -> str:
    """The language of the name of a group."""
    return names.spoken(group.code) if isinstance(group.code, int) else names.language


def beside(line: Line, group: Group, names: Names) -> str:
    """What stands at a bar, as much as there is room for: in a theme also who it is."""
    who = "" if isinstance(group.code, int) else f" · {names.donor(line.span.organisation)}"
    return cut(f"{line.span.title}{who}", min(LONGEST, line.room))


def themes_of(span: Span, names: Names) -> str:
    """The themes of a thing."""
    return ", ".join(map(names.theme, span.themes or ("",)))


def rows_of(spans: Iterable[Span], names: Names) -> Iterator[list[Cell]]:
    """A row for each thing, for the file."""
    for span in spans:
        days = (day.isoformat() if day else None for day in (span.starts_on, span.ends_on))
        kind = say(KINDS[span.kind], names.language)
        yield [names.donor(span.organisation), themes_of(span, names), kind, span.ref, span.title, *days]
