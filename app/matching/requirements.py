"""A need and an offer side by side beyond the lines: theme, place, language, dates, and whether one may ask at all.

Plain values in, plain out, like the scoring; each answer carries what is asked and what is offered, in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from app.foundation.messages import Message, Named, Several, msg
from app.matching.scoring import CANNOT_TELL, COVERED, IN_PART, MISSING, NeedFacts, OfferFacts, is_askable

MOST_NAMED = 8
"""States of an offer that are named one by one; an offer for more says how many."""


Said: TypeAlias = Message | Several
"""A sentence, or a list of names; `languages.word` says both."""


THEME, PLACE, LANGUAGE, DATES, REQUESTS = "theme", "place", "language", "dates", "requests"


@dataclass(frozen=True)
class Requirement:
    """One thing that a need asks for beside its lines: what it is, what is asked, what is offered, and the verdict."""

    part: str
    name: Message
    asked: Said
    given: tuple[Said, ...]
    verdict: str


def requirements(need: NeedFacts, offer: OfferFacts, today: date) -> list[Requirement]:
    """Everything but the lines, as far as the need asks for it."""
    found = [_theme(need, offer), _place(need, offer), _language(need, offer), _dates(need, offer)]
    return [*(requirement for requirement in found if requirement), _requests(offer, today)]


def _theme(need: NeedFacts, offer: OfferFacts) -> Requirement | None:
    if not need.themes:
        return None
    verdict = MISSING
    if not offer.themes:
        verdict = CANNOT_TELL
    elif need.themes <= offer.themes:
        verdict = COVERED
    elif (need.themes | need.sibling_themes) & offer.themes:
        verdict = IN_PART
    given = _several("theme", offer.themes) if offer.themes else msg("It names no theme.")
    return Requirement(THEME, msg("Themes"), _several("theme", need.themes), (given,), verdict)


def _place(need: NeedFacts, offer: OfferFacts) -> Requirement | None:
    if not need.countries or offer.kind == "output":
        return None
    if not offer.countries and not offer.groupings:
        verdict = CANNOT_TELL
    elif need.countries <= offer.countries or need.groupings & offer.groupings:
        verdict = COVERED
    else:
        verdict = IN_PART if need.countries & offer.countries else MISSING
    return Requirement(PLACE, msg("Countries"), _several("country", need.countries), _where(need, offer), verdict)


def _where(need: NeedFacts, offer: OfferFacts) -> tuple[Said, ...]:
    if not offer.countries and not offer.groupings:
        return (msg("It does not say for which States it is; ask."),)
    said: list[Said] = [_several("grouping", offer.groupings)] if offer.groupings else []
    # The States that both name stand first; of a long list the rest is counted.
    states = sorted(offer.countries, key=lambda code: (code not in need.countries, code))
    if len(states) > MOST_NAMED:
        shown = Several("country", tuple(states[:MOST_NAMED]))
        said.append(msg("%(countries)s and %(count)s more", countries=shown, count=len(states) - MOST_NAMED))
    elif states:
        said.append(Several("country", tuple(states)))
    return tuple(said)


def _language(need: NeedFacts, offer: OfferFacts) -> Requirement | None:
    if not need.languages:
        return None
    verdict = CANNOT_TELL
    if offer.languages:
        verdict = COVERED if need.languages & offer.languages else MISSING
    given = _several("language", offer.languages) if offer.languages else msg("It does not say in which language.")
    return Requirement(LANGUAGE, msg("Languages"), _several("language", need.languages), (given,), verdict)


def _dates(need: NeedFacts, offer: OfferFacts) -> Requirement | None:
    if (need.starts_on is None and need.ends_on is None) or offer.kind == "output":
        return None
    asked = _span(need.starts_on, need.ends_on) or msg("At any time")
    given = _span(offer.starts_on, offer.ends_on) or msg("It gives no dates.")
    return Requirement(DATES, msg("Dates"), asked, (given,), _dates_verdict(need, offer))


def _dates_verdict(need: NeedFacts, offer: OfferFacts) -> str:
    if offer.starts_on is None and offer.ends_on is None:
        return CANNOT_TELL
    # A side that is not said sets no limit.
    begins_late = bool(need.ends_on and offer.starts_on and offer.starts_on > need.ends_on)
    ends_early = bool(need.starts_on and offer.ends_on and offer.ends_on < need.starts_on)
    if begins_late or ends_early:
        return MISSING
    stops_before = bool(need.ends_on and offer.ends_on and offer.ends_on < need.ends_on)
    return IN_PART if stops_before and offer.kind == "programme" else COVERED


def _requests(offer: OfferFacts, today: date) -> Requirement:
    verdict, given = COVERED, msg("It takes requests.")
    if is_askable(offer, today):
        if offer.apply_by:
            given = msg("It takes requests until %(day)s.", day=_day(offer.apply_by))
    elif offer.kind == "output":
        given = msg("It is there to be used again; nobody has to be asked.")
    elif offer.accepting == "unknown" and not offer.is_record:
        verdict, given = CANNOT_TELL, msg("It does not say whether it takes requests; ask.")
    else:
        verdict, given = MISSING, msg("It takes no requests now.")
    return Requirement(REQUESTS, msg("Requests"), msg("That one may ask for it"), (given,), verdict)


def _span(starts_on: date | None, ends_on: date | None) -> Message | None:
    if starts_on and ends_on:
        return msg("%(start)s to %(end)s", start=_day(starts_on), end=_day(ends_on))
    if starts_on:
        return msg("from %(day)s", day=_day(starts_on))
    return msg("until %(day)s", day=_day(ends_on)) if ends_on else None


def _day(day: date) -> Named:
    return Named("day", day.isoformat())


def _several(kind: str, codes: frozenset[str]) -> Several:
    return Several(kind, tuple(sorted(codes)))
