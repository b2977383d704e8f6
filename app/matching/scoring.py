"""How well an offer meets a need: gates first, then line by line, then reasons in words. Plain values in, plain out.

The method is that of the design: what fails no gate is a match, what fails exactly one is a near miss with what would
make it fit, and what cannot be asked for any more (or is only a record of what was done) is related experience.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.foundation.messages import Message, Named, Several, msg

NEAR_TEXT, SAME_TEXT = 0.3, 0.6
"""Shares of the best text score from which a neighbouring theme, or words alone, say that two are about the same."""

COVERED, IN_PART, MISSING, CANNOT_TELL = "covered", "in_part", "missing", "cannot_tell"


@dataclass(frozen=True)
class LineFacts:
    """What a need line asks for."""

    ref: str
    kind: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class NeedFacts:
    """What matching knows of a need. `groupings` are those that its States belong to."""

    countries: frozenset[str]
    groupings: frozenset[str]
    themes: frozenset[str]
    sibling_themes: frozenset[str]
    purpose_code: str
    languages: frozenset[str]
    starts_on: date | None
    ends_on: date | None
    lines: tuple[LineFacts, ...]


@dataclass(frozen=True)
class OfferFacts:
    """What matching knows of a programme, a course or an output. `offers` is (kind, quantity or None, unit)."""

    kind: str
    countries: frozenset[str]
    groupings: frozenset[str]
    themes: frozenset[str]
    purpose_code: str
    languages: frozenset[str]
    starts_on: date | None
    ends_on: date | None
    accepting: str
    apply_by: date | None
    offers: tuple[tuple[str, Decimal | None, str], ...]
    is_record: bool = False
    has_ended: bool = False


@dataclass(frozen=True)
class LineVerdict:
    """One line of the need against the offer: covered, in_part, missing or cannot_tell, and why."""

    ref: str
    verdict: str
    why: Message


@dataclass(frozen=True)
class Judgement:
    """The pair judged: which gate it passed, how strong it is, why, and what stands in the way."""

    gate: str
    strength: str
    score: float
    reasons: tuple[Message, ...]
    obstacles: tuple[Message, ...]
    lines: tuple[LineVerdict, ...] = field(default=())


@dataclass
class Tally:
    """Points and the reasons for them, gathered."""

    weights: Mapping[str, float]
    score: float = 0.0
    reasons: list[Message] = field(default_factory=list)

    def add(self, weight: str, share: float = 1.0, reason: Message | None = None) -> None:
        """Count a part of the match, with its reason."""
        self.score += self.weights[weight] * share
        if reason is not None:
            self.reasons.append(reason)


def judge(need: NeedFacts, offer: OfferFacts, text: float, concepts: tuple[str, ...], today: date,
          weights: Mapping[str, Mapping[str, float]]) -> Judgement | None:  # fmt: skip
    """Judge a pair; `text` is its share (0 to 1) of the best text score among this need's candidates.

    None when it is too weak to be listed, or fails more than one gate.
    """
    obstacles = _gates(need, offer, today)
    if len(obstacles) > 1:
        return None
    tally = Tally(weights["match"])
    tally.add("text", text)
    _about(need, offer, concepts, tally)
    _place(need, offer, tally)
    lines = tuple(_line(line, offer) for line in need.lines)
    _practice(need, offer, lines, today, tally)
    if tally.score < weights["strength"]["least"] or not _speaks_of_the_same(need, offer, concepts, text):
        return None
    gate = _gate(offer, obstacles, today)
    return Judgement(
        gate, _strength(tally.score, weights["strength"]), tally.score, tuple(tally.reasons), tuple(obstacles), lines
    )


def _speaks_of_the_same(need: NeedFacts, offer: OfferFacts, concepts: tuple[str, ...], text: float) -> bool:
    # Country, language and dates alone make no match: the two have to be about the same thing.
    near = need.sibling_themes & offer.themes and text > NEAR_TEXT
    return bool(need.themes & offer.themes or concepts or near or text > SAME_TEXT)


def is_askable(offer: OfferFacts, today: date) -> bool:
    """Whether one may still ask for the offer."""
    in_time = (offer.apply_by is None or offer.apply_by >= today) and (offer.ends_on is None or offer.ends_on >= today)
    return offer.accepting == "yes" and in_time and not offer.is_record


def _gate(offer: OfferFacts, obstacles: list[Message], today: date) -> str:
    if not is_askable(offer, today):
        return "related"
    return "near_miss" if obstacles else "match"


def _gates(need: NeedFacts, offer: OfferFacts, today: date) -> list[Message]:
    failed = []
    if not _is_eligible(need, offer):
        failed.append(_place_obstacle(need, offer))
    if (
        need.lines
        and offer.offers
        and not ({line.kind for line in need.lines} & {kind for kind, _q, _u in offer.offers})
    ):
        failed.append(msg("Gives %(kinds)s, which no line of the need asks for.",
                          kinds=Several("kind", tuple(sorted({kind for kind, _q, _u in offer.offers})))))  # fmt: skip
    if need.languages and offer.languages and not (need.languages & offer.languages):
        failed.append(msg("Works in %(languages)s; ask for interpretation or for another edition.",
                          languages=Several("language", tuple(sorted(offer.languages)))))  # fmt: skip
    if is_askable(offer, today) and not _overlap(need, offer):
        failed.append(msg("Its dates do not meet the need's; ask for an extension or another run."))
    return failed


def _is_eligible(need: NeedFacts, offer: OfferFacts) -> bool:
    if not offer.countries and not offer.groupings:
        return True
    return bool(need.countries & offer.countries or need.groupings & offer.groupings)


def _place_obstacle(need: NeedFacts, offer: OfferFacts) -> Message:
    if offer.groupings:
        return msg("Open to %(groupings)s only; ask the donor to include %(countries)s.",
                   groupings=Several("grouping", tuple(sorted(offer.groupings))),
                   countries=Several("country", tuple(sorted(need.countries))))  # fmt: skip
    return msg("Meant for %(there)s; ask the donor to include %(countries)s.",
               there=Several("country", tuple(sorted(offer.countries))[:6]),
               countries=Several("country", tuple(sorted(need.countries))))  # fmt: skip


def _overlap(need: NeedFacts, offer: OfferFacts) -> bool:
    begins_too_late = need.ends_on and offer.starts_on and offer.starts_on > need.ends_on
    ends_too_early = need.starts_on and offer.ends_on and offer.ends_on < need.starts_on
    return not (begins_too_late or ends_too_early)


def _about(need: NeedFacts, offer: OfferFacts, concepts: tuple[str, ...], tally: Tally) -> None:
    same = need.themes & offer.themes
    if same:
        tally.add("theme_same", reason=msg("about %(themes)s", themes=Several("theme", tuple(sorted(same)))))
    elif need.sibling_themes & offer.themes:
        near = tuple(sorted(need.sibling_themes & offer.themes))
        tally.add("theme_sibling", reason=msg("in a neighbouring field: %(themes)s", themes=Several("theme", near)))
    if need.purpose_code and need.purpose_code == offer.purpose_code:
        tally.add("purpose_same", reason=msg("same purpose code %(code)s", code=need.purpose_code))
    if concepts:
        shared = Several("concept", concepts[:4])
        tally.reasons.append(msg("both speak of %(concepts)s", concepts=shared))


def _place(need: NeedFacts, offer: OfferFacts, tally: Tally) -> None:
    named = need.countries & offer.countries
    grouped = need.groupings & offer.groupings
    if named:
        tally.add("country_named", reason=msg("for %(countries)s", countries=Several("country", tuple(sorted(named)))))
    elif grouped:
        tally.add(
            "grouping_named", reason=msg("covers %(groupings)s", groupings=Several("grouping", tuple(sorted(grouped))))
        )
    elif not offer.countries and not offer.groupings:
        tally.add("country_open")


def _practice(need: NeedFacts, offer: OfferFacts, lines: tuple[LineVerdict, ...], today: date, tally: Tally) -> None:
    helped = [line for line in lines if line.verdict in {COVERED, IN_PART}]
    if helped:
        reason = msg("can help with %(count)s of %(all)s lines", count=len(helped), all=len(lines))
        tally.add("kind_same", len(helped) / len(lines), reason)
    spoken = need.languages & offer.languages
    if spoken:
        tally.add(
            "language_same", reason=msg("works in %(languages)s", languages=Several("language", tuple(sorted(spoken))))
        )
    if offer.starts_on and need.ends_on and _overlap(need, offer):
        tally.add("dates_fit", reason=msg("its dates meet the need's"))
    if is_askable(offer, today):
        until = (
            msg("accepts requests until %(day)s", day=Named("day", offer.apply_by.isoformat()))
            if offer.apply_by
            else None
        )
        tally.add("open_offer", reason=until or msg("accepts requests"))


def _line(line: LineFacts, offer: OfferFacts) -> LineVerdict:
    if not offer.offers:
        return LineVerdict(line.ref, CANNOT_TELL, msg("It does not say which kinds of assistance it gives."))
    kind, unit = Named("kind", line.kind), Named("unit", line.unit)
    same = [(quantity, its_unit) for its_kind, quantity, its_unit in offer.offers if its_kind == line.kind]
    if not same:
        return LineVerdict(line.ref, MISSING, msg("It gives no %(kind)s.", kind=kind))
    amounts = [quantity for quantity, its_unit in same if quantity is not None and its_unit == line.unit]
    if not amounts:
        said = msg("It gives %(kind)s, but does not say how many %(unit)s.", kind=kind, unit=unit)
        return LineVerdict(line.ref, IN_PART, said)
    capacity = sum(amounts, Decimal(0))
    said = msg(
        "It has %(capacity)s %(unit)s; %(quantity)s are asked for.",
        capacity=_plain(capacity), unit=unit, quantity=_plain(line.quantity),
    )  # fmt: skip
    return LineVerdict(line.ref, COVERED if capacity >= line.quantity else IN_PART, said)


def _plain(number: Decimal) -> str:
    return str(number if number % 1 else int(number))


def _strength(score: float, limits: Mapping[str, float]) -> str:
    if score >= limits["strong"]:
        return "strong"
    return "fair" if score >= limits["fair"] else "weak"
