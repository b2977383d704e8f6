"""The law of the seat exchange: whether a seat of a session fits a line of a need, why, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from app.foundation.messages import Message, Named, Several, msg

TRAINING = "training"
PEOPLE_UNITS = frozenset({"participants", "judges", "prosecutors", "officers", "trainers"})
"""A line that is counted in these is covered by one when somebody passes."""


@dataclass(frozen=True)
class LineAsked:
    """What a line asks for: its kind and unit, and what its need says. Groupings are those of its countries.

    A side of the dates that is not said sets no limit, and neither does an empty list of languages.
    """

    kind: str
    unit: str
    themes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    groupings: frozenset[str] = frozenset()
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class RunOffered:
    """What a session offers: what its course is about and for whom, its days, and how many of its seats are free."""

    free: int
    is_open: bool
    starts_on: date
    ends_on: date
    register_until: date
    themes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    groupings: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fit:
    """Whether a seat fits a line; what speaks for it, and what is missing."""

    fits: bool
    reasons: tuple[Message, ...] = ()
    missing: tuple[Message, ...] = ()


@dataclass
class _Weighing:
    reasons: list[Message] = field(default_factory=list)
    missing: list[Message] = field(default_factory=list)

    def take(self, reason: Message | None, lack: Message) -> None:
        """Note what speaks for it, or else what is missing."""
        if reason is None:
            self.missing.append(lack)
        else:
            self.reasons.append(reason)


def fits(line: LineAsked, run: RunOffered) -> Fit:
    """Whether a seat of the session fits the line; every part that does not is named."""
    found = _Weighing()
    if line.kind != TRAINING or line.unit not in PEOPLE_UNITS:
        found.missing.append(msg("The line does not ask for people to be trained."))
    found.take(_theme(line, run), _no_theme(line))
    found.take(_place(line, run), msg("The course is for other States."))
    _language(line, run, found)
    _dates(line, run, found)
    _seats(run, found)
    return Fit(not found.missing, tuple(found.reasons), tuple(found.missing))


def _theme(line: LineAsked, run: RunOffered) -> Message | None:
    same = line.themes & run.themes
    return msg("about %(themes)s", themes=_several("theme", same)) if same else None


def _no_theme(line: LineAsked) -> Message:
    if not line.themes:
        return msg("The need names no theme.")
    return msg("The course is not about %(themes)s.", themes=_several("theme", line.themes))


def _place(line: LineAsked, run: RunOffered) -> Message | None:
    if named := line.countries & run.countries:
        return msg("for %(countries)s", countries=_several("country", named))
    if grouped := line.groupings & run.groupings:
        return msg("covers %(groupings)s", groupings=_several("grouping", grouped))
    return None


def _language(line: LineAsked, run: RunOffered, found: _Weighing) -> None:
    if not line.languages or not run.languages:
        return
    same = line.languages & run.languages
    reason = msg("in %(languages)s", languages=_several("language", same)) if same else None
    lack = msg("It is given in %(languages)s only.", languages=_several("language", run.languages))
    found.take(reason, lack)


def _dates(line: LineAsked, run: RunOffered, found: _Weighing) -> None:
    if line.ends_on is not None and run.starts_on > line.ends_on:
        found.missing.append(msg("It begins after the day by which the need asks for it."))
    elif line.starts_on is not None and run.ends_on < line.starts_on:
        found.missing.append(msg("It is over before the need begins."))
    elif line.ends_on is not None or line.starts_on is not None:
        found.reasons.append(msg("its dates meet the need's"))


def _seats(run: RunOffered, found: _Weighing) -> None:
    until = msg("registration until %(day)s", day=Named("day", run.register_until.isoformat()))
    found.take(until if run.is_open else None, msg("Registration is not open."))
    if run.free < 1:
        found.missing.append(msg("No seat is free."))


def _several(kind: str, codes: frozenset[str]) -> Several:
    return Several(kind, tuple(sorted(codes)))
