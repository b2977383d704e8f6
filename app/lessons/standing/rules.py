"""What a lesson weighs: by how many independent sources it is known and how well, less what contradicts it.

Never by its date: what was learned long ago and seen again by others is better known than what was told yesterday.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.foundation.messages import Message, msg
from app.lessons.rules import strength

CORROBORATES, CONTRADICTS = "corroborates", "contradicts"
KINDS: Mapping[str, Message] = {
    CORROBORATES: msg("It says the same: one corroborates the other"),
    CONTRADICTS: msg("It says the opposite: one contradicts the other"),
}

BEST_FROM = 3
"""So many independent sources make a best practice of what worked, as long as none contradicts it."""
POINTS_OF_EVIDENCE = 2
POINTS_OF_INDEPENDENCE = 3
"""Somebody who did not take part counts for more than one step of stronger evidence."""
NOT_VALIDATED = 2
"""What nobody has validated counts half."""


@dataclass(frozen=True)
class Source:
    """What of a lesson matters for weighing it: whose it is, how it is known, and whether it has been validated."""

    organisation_id: int
    evidence: str
    is_independent: bool
    is_validated: bool = True

    @property
    def points(self) -> int:
        """How much this source counts by itself."""
        points = POINTS_OF_EVIDENCE * (1 + strength(self.evidence))
        points += POINTS_OF_INDEPENDENCE if self.is_independent else 0
        return points if self.is_validated else points // NOT_VALIDATED


@dataclass(frozen=True)
class Weight:
    """How well a lesson is known: distinct organisations that say it, the best of their evidence, those that differ.

    `with_best` is how many of the sources have that evidence, `outside` how many did not take part themselves.
    """

    sources: int
    best_evidence: str
    with_best: int
    outside: int
    against: int
    points: int

    @property
    def is_contradicted(self) -> bool:
        """Whether a validated lesson says the opposite."""
        return self.against > 0


def weight_of(own: Source, corroborating: Iterable[Source] = (), contradicting: Iterable[Source] = ()) -> Weight:
    """What a lesson weighs with what says the same and what says the opposite; only what is validated counts.

    An organisation counts once, with the best that it has, however often it says the same.
    """
    same, opposite = tuple(corroborating), tuple(contradicting)
    return _weight_of(own, same, opposite) if same or opposite else _weight_alone(own)


@lru_cache(maxsize=4096)
def _weight_alone(own: Source) -> Weight:
    """Of most lessons nobody says how they stand to others."""
    return _weight_of(own, (), ())


def _weight_of(own: Source, corroborating: Sequence[Source], contradicting: Sequence[Source]) -> Weight:
    said = _best_of_each([own, *(source for source in corroborating if source.is_validated)])
    against = _best_of_each(source for source in contradicting if source.is_validated)
    best = max((source.evidence for source in said.values()), key=strength)
    return Weight(
        sources=len(said),
        best_evidence=best,
        with_best=sum(strength(source.evidence) == strength(best) for source in said.values()),
        outside=sum(source.is_independent for source in said.values()),
        against=len(against),
        points=sum(source.points for source in said.values()) - sum(source.points for source in against.values()),
    )


def _best_of_each(sources: Iterable[Source]) -> dict[int, Source]:
    best: dict[int, Source] = {}
    for source in sources:
        there = best.get(source.organisation_id)
        if there is None or _rank(source) > _rank(there):
            best[source.organisation_id] = source
    return best


def _rank(source: Source) -> tuple[int, int, bool]:
    return source.points, strength(source.evidence), source.is_independent


def is_best_practice(verdict: str, *, is_validated: bool, weight: Weight) -> bool:
    """What worked, was validated, and is known from three independent sources of which none differs."""
    return verdict == "worked" and is_validated and weight.sources >= BEST_FROM and not weight.is_contradicted


def best_known_first(weight: Weight, ref: str, *, is_validated: bool) -> tuple[bool, int, str]:
    """The key of the library's usual order: validated before others, the heavier first; equals by a random name."""
    return not is_validated, -weight.points, ref


def ordered(one: int, other: int) -> tuple[int, int]:
    """A pair of lessons in the one order in which it is kept."""
    return min(one, other), max(one, other)
