"""When a record last changed as everybody could see it: a hidden change moves nothing. Plain values in, plain out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

PUBLIC = "public"
Words = Mapping[str, Any]
Without = Callable[[Words, set[str]], Words]
"""The words of a version without these sensitive fields."""


@dataclass(frozen=True)
class Saved:
    """A version of a record: when it was saved (UTC), and its words."""

    at: datetime
    words: Words


def last_seen_change(
    first: datetime,
    versions: Sequence[Saved],
    tiers_now: Mapping[str, str],
    without: Without,
    moves: Iterable[datetime],
) -> datetime:
    """When a public record last changed as everybody could see it; never before `first`, since when it is shown.

    `versions` are in the order in which they were saved, `moves` the moments of changes that are public by
    themselves. A field that is hidden now, or was in one of the versions, counts in none of them.
    """
    shown = [saved for saved in versions if saved.words.get("disclosure", PUBLIC) == PUBLIC]
    tiers = [tiers_now, *(saved.words.get("field_disclosure") or {} for saved in shown)]
    hidden = {field for its in tiers for field, tier in its.items() if tier != PUBLIC}
    told = [(saved.at, _told(without(saved.words, hidden))) for saved in shown]
    changes = [at for (_at, before), (at, after) in pairwise(told) if before != after]
    # What was first written for fewer people is new to everybody when it is opened.
    opened = [shown[0].at] if shown and shown[0] is not versions[0] else []
    return max([first, *opened, *changes, *moves])


def _told(words: Words) -> dict[str, Any]:
    """What is said: not who may see which field, and nothing of what is empty, which older versions leave out."""
    return {name: value for name, value in words.items() if name != "field_disclosure" and value not in (None, "", [])}


def leaving_out(parts: Mapping[str, Sequence[str]]) -> Without:
    """For a kind of record whose sensitive fields are these entries of a version."""

    def without(words: Words, hidden: set[str]) -> Words:
        gone = {entry for field in hidden for entry in parts.get(field, ())}
        return {name: value for name, value in words.items() if name not in gone}

    return without
