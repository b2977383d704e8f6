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
from app.matching.aboutness import Likeness

LONG_PAST = 6 * 365
"""Days: experience that is older has other people, laws and machines."""

SIMILAR = msg("similar meaning, no shared term")
"""The reason of a pair that nothing else puts together."""
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
    is_unconfirmed: bool = False


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
    is_likely_place: bool = False
    is_unconfirmed: bool = False


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
    """Points and the reasons for them, gathered; a pair that is hardly about the same gets `share` of them."""

    weights: Mapping[str, float]
    share: float = 1.0
    score: float = 0.0
    reasons: list[Message] = field(default_factory=list)

    def add(self, weight: str, share: float = 1.0, reason: Message | None = None) -> None:
        """Count a part of the match, with its reason."""
        self.score += self.weights[weight] * share * self.share
        if reason is not None:
            self.reasons.append(reason)


def judge(need: NeedFacts, offer: OfferFacts, alike: Likeness, today: date,
          weights: Mapping[str, Mapping[str, float]]) -> Judgement | None:  # fmt: skip
    """Judge a pair that is as alike in its words as `alike` says.

    None when it is too weak to be listed, or an offer that fails more than one gate.
    """
    obstacles = _gates(need, offer, today)
    gate = _gate(offer, obstacles, today)
    topic = aboutness(alike, weights["about"])
    if topic < weights["strength"]["least"] or (len(obstacles) > 1 and gate != "related"):
        return None
    tally = Tally(weights["match"], share=min(1.0, topic))
    _about(need, offer, alike, tally)
    place = _place(need, offer, tally)
    lines = tuple(_line(line, offer) for line in need.lines)
    _practice(need, offer, lines, today, tally)
    score = topic * (1 + weights["match"]["place_factor"] * place) + weights["match"]["place"] * place + tally.score
    if _is_long_past(need, offer):
        score -= weights["match"]["long_past"]
    # Whether it is trusted to stand as written: each side that its owner has not confirmed in time counts less.
    score -= weights["match"]["unconfirmed"] * (need.is_unconfirmed + offer.is_unconfirmed)
    strength = _strength(score, place, topic, weights["strength"])
    # What cannot be asked for is not made to fit by asking for it.
    mended = () if gate == "related" else tuple(obstacles)
    return Judgement(gate, strength, score, tuple(tally.reasons), mended, lines)


def aboutness(alike: Likeness, weights: Mapping[str, float]) -> float:
    """How far two records are about the same thing: each likeness by its weight; 0 is not at all, 4 is plainly."""
    return (
        weights["concepts"] * alike.concepts
        + weights["title_concepts"] * alike.title_concepts
        + weights["themes"] * alike.themes
        + weights["sectors"] * alike.sectors
        + weights["words"] * alike.words
        + weights["title_words"] * alike.title_words
        + weights["public_sector"] * alike.public_sector
        + weights["meaning"] * alike.meaning
    )


def _is_long_past(need: NeedFacts, offer: OfferFacts) -> bool:
    """It ended more than six years before the need begins, or begins after the need has ended."""
    if offer.ends_on and need.starts_on and (need.starts_on - offer.ends_on).days > LONG_PAST:
        return True
    return bool(offer.starts_on and need.ends_on and offer.starts_on > need.ends_on)


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


def _about(need: NeedFacts, offer: OfferFacts, alike: Likeness, tally: Tally) -> None:
    same = need.themes & offer.themes
    if same:
        tally.reasons.append(msg("about %(themes)s", themes=Several("theme", tuple(sorted(same)))))
    elif need.sibling_themes & offer.themes:
        near = tuple(sorted(need.sibling_themes & offer.themes))
        tally.reasons.append(msg("in a neighbouring field: %(themes)s", themes=Several("theme", near)))
    if need.purpose_code and need.purpose_code == offer.purpose_code:
        tally.reasons.append(msg("same purpose code %(code)s", code=need.purpose_code))
    if alike.shared:
        tally.reasons.append(msg("both speak of %(concepts)s", concepts=Several("concept", alike.shared[:4])))
    if alike.no_shared_term and not tally.reasons:
        tally.reasons.append(SIMILAR)


def _place(need: NeedFacts, offer: OfferFacts, tally: Tally) -> float:
    """How near they are, from 0 to 1, with the reason for it."""
    named = need.countries & offer.countries
    grouped = need.groupings & offer.groupings
    if named:
        said = Several("country", tuple(sorted(named)))
        words = msg("probably for %(countries)s", countries=said) if offer.is_likely_place else None
        tally.reasons.append(words or msg("for %(countries)s", countries=said))
        return 1.0
    if grouped:
        tally.reasons.append(msg("covers %(groupings)s", groupings=Several("grouping", tuple(sorted(grouped)))))
        return tally.weights["place_grouping"]
    return 0.0 if offer.countries or offer.groupings else tally.weights["place_open"]


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


def _strength(score: float, place: float, topic: float, limits: Mapping[str, float]) -> str:
    """A strong match is plainly about the same and meant for the place; much of one does not make up for the other."""
    if score >= limits["strong"] and topic >= limits["strong_about"] and place >= limits["strong_place"]:
        return "strong"
    return "fair" if score >= limits["fair"] else "weak"
