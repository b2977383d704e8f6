"""What may be said of a match, for whom one may say it, and what many answers say together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.foundation.messages import Message, msg, pmsg
from app.foundation.permissions import ROLES_THAT_EDIT, Actor, Membership

USEFUL, NOT_FIT = "useful", "not_fit"
SAYS: Mapping[str, Message] = {USEFUL: pmsg("match", "Useful"), NOT_FIT: pmsg("match", "Not a fit")}
REASONS: Mapping[str, Message] = {
    "theme": msg("It is about another theme"),
    "place": msg("It is for another place"),
    "kind": msg("It is another kind of assistance"),
    "dates": msg("The dates do not suit"),
    "language": msg("The language does not suit"),
    "size": msg("It is too large or too small"),
    "served": msg("Somebody helps with this already"),
    "quality": msg("The record is too thin or out of date"),
    "other": msg("Another reason"),
}
OTHER = "other"

DOWN, UP, KEPT = "down", "up", "kept"
VERDICTS: Mapping[str, Message] = {
    DOWN: msg("Put last for everybody"),
    UP: msg("Put first for everybody"),
    KEPT: msg("Kept as it is"),
}
AGREES: Mapping[str, str] = {NOT_FIT: DOWN, USEFUL: UP}
"""To agree with what an organisation says is to decide so for everybody."""

SAID_ACTIONS: Mapping[str, str] = {USEFUL: "match.said_useful", NOT_FIT: "match.said_not_fit"}
DECIDED_ACTIONS: Mapping[str, str] = {DOWN: "match.down", UP: "match.up", KEPT: "match.kept"}
"""What the record calls each answer and each decision."""

MONTHS = 12
LEAST_TOLD = 3
"""A share of fewer answers says nothing and is not drawn up."""


class AnswerRefused(ValueError):
    """The answer lacks something; `field` of the form says what."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(str(message))
        self.field, self.message = field, message


@dataclass(frozen=True)
class AnswerDraft:
    """What one wants to say of a match."""

    says: str
    reason: str = ""
    words: str = ""


def check_answer(draft: AnswerDraft) -> AnswerDraft:
    """The answer as it is kept: what is useful needs no reason.

    Raises:
        AnswerRefused: nothing of the list, no reason, or “another reason” without words.
    """
    if draft.says not in SAYS:
        raise AnswerRefused("says", msg("Say whether it is useful or not a fit."))
    if draft.says == USEFUL:
        return AnswerDraft(USEFUL)
    if draft.reason not in REASONS:
        raise AnswerRefused("reason", msg("Choose why it does not fit."))
    if draft.reason == OTHER and not draft.words.strip():
        raise AnswerRefused("words", msg("Say in a few words why it does not fit."))
    return AnswerDraft(NOT_FIT, draft.reason, draft.words.strip())


def speaks_for(actor: Actor, match: Any) -> tuple[Membership, ...]:
    """The places of this person in the organisations of the need and of the offer, in which it may answer."""
    sides = {match.need_organisation_id, match.offer_organisation_id}
    return tuple(
        m for m in actor.memberships if m.organisation_id in sides and m.is_verified and m.role in ROLES_THAT_EDIT
    )


def decisions_on(said: Iterable[str]) -> list[str]:
    """What may be decided where organisations have said this: agree with one of them, or keep it as it is."""
    there = set(said)
    return [*(AGREES[one] for one in (NOT_FIT, USEFUL) if one in there), KEPT]


# --- what many answers say together ---


@dataclass(frozen=True)
class Answer:
    """One answer as the figures see it."""

    says: str
    reason: str
    gate: str
    strength: str
    themes: tuple[str, ...]
    languages: tuple[str, str]
    answered_at: datetime


@dataclass(frozen=True)
class Share:
    """How many of the answers on something said useful. `key` is a code, or two."""

    key: tuple[str, ...]
    useful: int
    all: int

    @property
    def percent(self) -> int | None:
        """Of a hundred; None where there are too few answers to tell."""
        return round(100 * self.useful / self.all) if self.all >= LEAST_TOLD else None


@dataclass(frozen=True)
class Figures:
    """What the answers of a year say together."""

    total: Share
    by_strength: Sequence[Share]
    by_theme: Sequence[Share]
    by_languages: Sequence[Share]
    reasons: Sequence[tuple[str, int]]
    months: Sequence[tuple[date, Share]]


def figures(answers: Sequence[Answer], today: date) -> Figures:
    """Count the answers of the last twelve months, this one included."""
    first = months_until(today)[0]
    recent = [answer for answer in answers if answer.answered_at.date() >= first]
    reasons = Counter(answer.reason for answer in recent if answer.says == NOT_FIT)
    return Figures(
        total=_share((), recent),
        by_strength=_shares(recent, lambda a: [(a.gate, a.strength)]),
        by_theme=_shares(recent, lambda a: [(theme,) for theme in a.themes]),
        by_languages=_shares(recent, lambda a: [a.languages]),
        reasons=sorted(reasons.items(), key=lambda item: (-item[1], item[0])),
        months=[(month, _share((), [a for a in recent if _month(a) == month])) for month in months_until(today)],
    )


def months_until(today: date) -> list[date]:
    """The first days of the twelve months that end with this one."""
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


def _month(answer: Answer) -> date:
    return answer.answered_at.date().replace(day=1)


def _share(key: tuple[str, ...], answers: Sequence[Answer]) -> Share:
    return Share(key, sum(answer.says == USEFUL for answer in answers), len(answers))


def _shares(answers: Sequence[Answer], keys: Callable[[Answer], Iterable[tuple[str, ...]]]) -> list[Share]:
    """One share for each key, those with most answers first."""
    by_key: dict[tuple[str, ...], list[Answer]] = {}
    for answer in answers:
        for key in keys(answer):
            by_key.setdefault(key, []).append(answer)
    found = [_share(key, of_it) for key, of_it in by_key.items()]
    return sorted(found, key=lambda share: (-share.all, share.key))
