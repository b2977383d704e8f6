"""What may be said of two records, what several answers say together, and what of it counts in totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.foundation.messages import Message, msg, pmsg
from app.foundation.permissions import ROLES_THAT_EDIT, Actor, Membership

Key: TypeAlias = tuple[str, int]
"""Kind and number of a record."""

SAME, CO_FUND, COMPLEMENT, REPLACE, DIFFERENT = "same", "co_fund", "complement", "replace", "different"
UNANSWERED = "unanswered"
KINDS = (SAME, CO_FUND, COMPLEMENT, REPLACE, DIFFERENT)
REPLACES, REPLACED = "replaces", "replaced"
"""As one answers for one of the two: it replaces the other, or the other replaces it."""

ANSWERS: Mapping[str, Message] = {
    SAME: msg("The same thing, told twice"),
    CO_FUND: msg("Paid for together with the other"),
    COMPLEMENT: msg("Adds to the other"),
    REPLACES: msg("Replaces the other"),
    REPLACED: msg("Is replaced by the other"),
    DIFFERENT: msg("Not the same"),
}
"""What may be said of one's own record in the face of another one."""

STANDS: Mapping[str, Message] = {
    SAME: msg("The same as this"),
    CO_FUND: msg("Paid for together with this"),
    COMPLEMENT: pmsg("relation", "Adds to this, or this adds to it"),
    REPLACES: msg("This replaces it"),
    REPLACED: msg("It replaces this"),
    DIFFERENT: msg("Not the same as this"),
    UNANSWERED: msg("Seems to be the same; not answered yet"),
}
"""How another record stands to the one on whose page it is named."""

DECLARED, AGREED, DISPUTED, OPEN = "declared", "agreed", "disputed", "open"
STANDINGS: Mapping[str, tuple[Message, str]] = {
    DECLARED: (msg("Said by one side"), "info"),
    AGREED: (msg("Agreed by both sides"), "success"),
    DISPUTED: (msg("The two sides see it differently"), "warning"),
    OPEN: (msg("Not answered yet"), "neutral"),
}
"""What the answers of both sides come to, and the colour of its tag."""

COUNTED_ONCE = frozenset({SAME, CO_FUND})
"""Two records that stand like this to each other are one whole in totals."""

RELATED_ACTIVITY_TYPE: Mapping[str, str] = {SAME: "5", CO_FUND: "4", COMPLEMENT: "3", REPLACE: "3"}
"""The codes of IATI's list RelatedActivityType: 5 third party, 4 co-funded, 3 sibling. The others are not exported."""


class AnswerRefused(ValueError):
    """The answer lacks something; `field` of the form says what."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(str(message))
        self.field, self.message = field, message


@dataclass(frozen=True)
class Answer:
    """What one organisation says of a pair: the kind, why, and for `replace` which of the two goes."""

    organisation_id: int
    kind: str
    replaced: Key | None = None


@dataclass(frozen=True)
class AnswerDraft:
    """What one wants to say of one's own record in the face of another: a code of ANSWERS, and a sentence."""

    says: str
    sentence: str = ""


def check_answer(draft: AnswerDraft) -> AnswerDraft:
    """The answer as it is kept; a record that was posted without an answer has no sentence.

    Raises:
        AnswerRefused: nothing of the list, or no sentence.
    """
    if draft.says == UNANSWERED:
        return AnswerDraft(UNANSWERED)
    if draft.says not in ANSWERS:
        raise AnswerRefused("says", msg("Say how the two stand to each other."))
    if not draft.sentence.strip():
        raise AnswerRefused("sentence", msg("Say in a sentence why: the other side reads it."))
    return AnswerDraft(draft.says, draft.sentence.strip())


def ordered(one: Key, other: Key) -> tuple[Key, Key]:
    """The pair as it is kept, whichever of the two one begins with."""
    first, second = sorted((one, other))
    return first, second


def kind_of(says: str) -> str:
    """The kind of relation that an answer means."""
    return REPLACE if says in {REPLACES, REPLACED} else says


def replaced_by(says: str, own: Key, other: Key) -> Key | None:
    """Which of the two goes, where one replaces the other."""
    return {REPLACES: other, REPLACED: own}.get(says)


def said_from(kind: str, replaced: Key | None, own: Key) -> str:
    """A kept answer as it reads from one of the two records: a code of ANSWERS, or unanswered."""
    if kind != REPLACE:
        return kind
    return REPLACED if replaced == own else REPLACES


def standing(answers: Iterable[Answer], owners: Iterable[int]) -> str:
    """What the answers come to. Whoever has not answered yet agrees with nobody and disputes nothing.

    `owners` are the organisations of the two records; where both are of one, its word is that of both sides.
    """
    given = [each for each in answers if each.kind != UNANSWERED]
    if not given:
        return OPEN
    if len({(each.kind, each.replaced) for each in given}) > 1:
        return DISPUTED
    return AGREED if {each.organisation_id for each in given} >= set(owners) else DECLARED


def effective(answers: Iterable[Answer]) -> str:
    """The one kind that every answer gives; empty where there is none yet, or where the sides differ."""
    given = {(each.kind, each.replaced) for each in answers if each.kind != UNANSWERED}
    return next(iter(given))[0] if len(given) == 1 else ""


def counts_once(answers: Iterable[Answer]) -> bool:
    """Whether two records are one whole in totals: the same or co-funded, and no side disputes it."""
    return effective(answers) in COUNTED_ONCE


def speaks_for(actor: Actor, organisation_ids: Iterable[int]) -> tuple[Membership, ...]:
    """The places of this person in the organisations of the two records, in which it may answer."""
    sides = set(organisation_ids)
    return tuple(
        m for m in actor.memberships if m.organisation_id in sides and m.is_verified and m.role in ROLES_THAT_EDIT
    )


def as_answer(row: Any) -> Answer:
    """A kept answer as the rules see it."""
    first, second = (row.first_kind, row.first_id), (row.second_kind, row.second_id)
    replaced = {"first": first, "second": second}.get(row.replaced)
    return Answer(row.organisation_id, row.kind, replaced)
