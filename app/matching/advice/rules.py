"""Which lessons are worth reading before one decides, in which order, and why; and what an answer to one has to say.

Plain values in, plain out. A lesson is judged by what it is about, how well it is known and where it was learned, and
never by when: nothing here knows a date. One of those shown at least warns, if any that warns is relevant at all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.foundation.messages import Message, Named, Several, msg, pmsg
from app.reference.groupings import members

SHOWN = 3
MOST_CONCEPTS = 3
"""So many of the things that both speak of are named."""
MANY_WORDS = 0.4
"""From this share of the best score on, the words alone are a reason."""

APPLIED, NOT_APPLICABLE = "applied", "not_applicable"
ANSWERS: Mapping[str, Message] = {
    APPLIED: msg("We apply it"),
    NOT_APPLICABLE: msg("It does not apply, because …"),
}
ANSWERED: Mapping[str, Message] = {
    APPLIED: pmsg("lesson", "Applied"),
    NOT_APPLICABLE: pmsg("lesson", "Does not apply"),
}

Weights = Mapping[str, float]


@dataclass(frozen=True)
class Topic:
    """What a draft or a lesson is about, as codes; `near_themes`, `groupings` and `regions` follow from the others."""

    themes: frozenset[str] = frozenset()
    near_themes: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    groupings: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """How alike the words of both are, each from 0 to 1; `shared` are concepts that both speak of, the strongest first.

    `words` is the share of the best score that the draft's telling words find; `title` says the same of its title's.
    """

    words: float = 0.0
    title: float = 0.0
    concepts: float = 0.0
    themes: float = 0.0
    shared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Teaching:
    """A lesson as it is judged; `strength` tells from 0 to 1 how well it is known."""

    number: int
    topic: Topic
    warns: bool
    is_validated: bool
    strength: float
    likeness: Likeness


@dataclass(frozen=True)
class Judged:
    """A lesson with how relevant it is for what is decided on, and its place in the order."""

    number: int
    relevance: float
    score: float
    warns: bool
    mine: Topic
    lesson: Teaching

    @property
    def reasons(self) -> tuple[Message, ...]:
        """Why it is shown, the weightiest reason first; told when it is asked for, since few of many are shown."""
        return reasons(self.mine, self.lesson.topic, self.lesson.likeness)


def most_relevant(mine: Topic, lessons: Sequence[Teaching], weights: Weights, most: int = SHOWN) -> list[Judged]:
    """The lessons to show for a draft, the best first; where none warns, the last gives way to one that does."""
    judged = [judge(mine, lesson, weights) for lesson in lessons]
    ordered = sorted(judged, key=lambda one: (-one.score, one.number))
    best = [one for one in ordered if one.relevance >= weights["least"]][:most]
    if any(one.warns for one in best):
        return best
    warning = next((one for one in ordered if one.warns and one.relevance >= weights["least_warning"]), None)
    return best if warning is None else [*best[: most - 1], warning]


def judge(mine: Topic, lesson: Teaching, weights: Weights) -> Judged:
    """How relevant one lesson is for a draft, and why."""
    its, alike = lesson.topic, lesson.likeness
    about = (
        weights["theme"] * _theme(mine, its, weights)
        + weights["words"] * alike.words
        + weights["title"] * alike.title
        + weights["concepts"] * alike.concepts
        + weights["themes"] * alike.themes
    )
    beside = (
        weights["kind"] * bool(mine.kinds & its.kinds)
        + weights["place"] * _place(mine, its, weights)
        + weights["stage"] * bool(mine.stages & its.stages)
    )
    # What lies beside the subject counts as far as the subject is the same.
    relevance = about * (1 + beside)
    known = weights["validated"] * lesson.is_validated + weights["evidence"] * lesson.strength
    return Judged(lesson.number, relevance, relevance * (1 + known), lesson.warns, mine, lesson)


def reasons(mine: Topic, its: Topic, alike: Likeness) -> tuple[Message, ...]:
    """Why a lesson is shown beside a draft, the weightiest reason first."""
    told = [_same_theme(mine, its), _same_place(mine, its)]
    if kinds := mine.kinds & its.kinds:
        told.append(msg("same kind of assistance: %(kinds)s", kinds=Several("kind", tuple(sorted(kinds)))))
    if alike.shared:
        told.append(msg("also speaks of %(things)s", things=Several("concept", alike.shared[:MOST_CONCEPTS])))
    if not (mine.themes & its.themes or alike.shared) and max(alike.words, alike.title) >= MANY_WORDS:
        told.append(msg("it uses the same words"))
    return tuple(reason for reason in told if reason is not None) or (msg("it speaks of the same"),)


def _same_theme(mine: Topic, its: Topic) -> Message | None:
    if same := mine.themes & its.themes:
        return msg("same theme: %(themes)s", themes=Several("theme", tuple(sorted(same))))
    if near := mine.near_themes & its.themes:
        return msg("neighbouring theme: %(themes)s", themes=Several("theme", tuple(sorted(near))))
    return None


def _same_place(mine: Topic, its: Topic) -> Message | None:
    if same := mine.countries & its.countries:
        return msg("same country: %(countries)s", countries=Several("country", tuple(sorted(same))))
    if shared := mine.groupings & its.groupings:
        # The smallest one says most.
        closest = min(shared, key=lambda code: (len(members(code)), code))
        return msg("a country of the same grouping: %(grouping)s", grouping=Named("grouping", closest))
    if mine.regions & its.regions:
        return msg("a country of the same region")
    return None


def _theme(mine: Topic, its: Topic, weights: Weights) -> float:
    if mine.themes & its.themes:
        return 1.0
    return weights["sibling"] if mine.near_themes & its.themes else 0.0


def _place(mine: Topic, its: Topic, weights: Weights) -> float:
    if mine.countries & its.countries:
        return 1.0
    if mine.groupings & its.groupings:
        return weights["grouping"]
    return weights["region"] if mine.regions & its.regions else 0.0


@dataclass(frozen=True)
class AnswerDraft:
    """What the author of a record says to a lesson."""

    says: str = ""
    reason: str = ""


class AnswerRefused(ValueError):
    """An answer lacks something; `message` says what, to be shown at `field`."""

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(str(message))
        self.field = field
        self.message = message


def check_answer(draft: AnswerDraft) -> AnswerDraft:
    """The answer, tidied.

    Raises:
        AnswerRefused: nothing was answered, or a lesson is said not to apply and nobody says why.
    """
    says, reason = draft.says, " ".join(draft.reason.split())
    if says not in ANSWERS:
        raise AnswerRefused("says", msg("Say whether you apply it."))
    if says == NOT_APPLICABLE and not reason:
        raise AnswerRefused("reason", msg("Say why it does not apply: the next reader decides by your reason."))
    return AnswerDraft(says, reason)
