"""Totals in which nothing counts twice: the same thing published again, what several pay together, parts of a whole.

Plain values in, plain out. Records that are the same thing, or are paid for together, make one group, of which the
largest amount counts. Of a whole and its parts the whole counts, unless the parts come to more: then they count and the
whole is set aside, so that the sum is the whole and what the parts exceed it by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.foundation.money import Money

Key = tuple[str, int]
"""A record: its kind and its number."""
Amount = tuple[Key, int, Money]
"""A record, the organisation that reports it, and how much; all amounts of one sum are in one currency."""
Tie = tuple[Key, Key, str]
"""Two records and what the one is to the other: `same`, `co_fund`, or `child` (the one is part of the other)."""

SAME, CO_FUND, CHILD, PARENT = "same", "co_fund", "child", "parent"
TOGETHER = (SAME, CO_FUND)
"""Relations that make one thing of two records, the stronger first."""
ZERO = Decimal(0)


@dataclass(frozen=True)
class SetAside:
    """An amount that is not counted, why (one of the relations, or `parent`: its parts say more), and beside which."""

    key: Key
    organisation_id: int
    money: Money
    why: str
    because: tuple[Key, ...]


@dataclass(frozen=True)
class Counted:
    """A sum as it is reported and without double counting: what counts, and what was set aside."""

    reported: Decimal
    counted: Decimal
    kept: tuple[Amount, ...]
    set_aside: tuple[SetAside, ...]


def counted_once(amounts: Iterable[Amount], ties: Iterable[Tie]) -> Counted:
    """Add up amounts of one currency, each thing once; ties to records without an amount here mean nothing.

    Raises:
        ValueError: an amount is negative, a record has two, or there are two currencies.
    """
    by_key = _checked(amounts)
    tied = list(ties)
    left, aside = dict(by_key), list[SetAside]()
    while found := _once(left, tied):
        # A whole that gave way to its parts may have shared one of them with another whole, so look again.
        aside += found
        left = {key: left[key] for key in left.keys() - {one.key for one in found}}
    return Counted(
        reported=sum((money.amount for _key, _owner, money in by_key.values()), ZERO),
        counted=sum((money.amount for _key, _owner, money in left.values()), ZERO),
        kept=tuple(left[key] for key in sorted(left)),
        set_aside=tuple(sorted(aside, key=lambda one: one.key)),
    )


def _once(by_key: Mapping[Key, Amount], ties: Iterable[Tie]) -> list[SetAside]:
    known = sorted({tie for tie in ties if tie[0] in by_key and tie[1] in by_key and tie[0] != tie[1]})
    groups = _groups(by_key, known)
    largest = {group: min(keys, key=lambda key: (-by_key[key][2].amount, key)) for group, keys in groups.items()}
    return _lesser(groups, largest, by_key, known) + _parts_or_wholes(groups, largest, by_key, known)


def _checked(amounts: Iterable[Amount]) -> dict[Key, Amount]:
    rows = list(amounts)
    by_key = {row[0]: row for row in rows}
    if len(by_key) < len(rows):
        raise ValueError("a record has two amounts")
    if any(money.amount < 0 for _key, _owner, money in rows):
        raise ValueError("an amount is negative")
    if len({money.currency for _key, _owner, money in rows}) > 1:
        raise ValueError("two currencies are never added")
    return by_key


def _groups(by_key: Mapping[Key, Amount], ties: list[Tie]) -> dict[Key, list[Key]]:
    """The records of each thing, by the least of them; what is a part of itself, round a circle, is one thing too."""
    group_of = {key: key for key in by_key}
    for one, other, relation in ties:
        if relation in TOGETHER:
            _unite(group_of, one, other)
    for one, other in _circles(_parents_of(group_of, ties)):
        _unite(group_of, one, other)
    groups: dict[Key, list[Key]] = defaultdict(list)
    for key in sorted(by_key):
        groups[_find(group_of, key)].append(key)
    return {min(keys): keys for keys in groups.values()}


def _find(group_of: dict[Key, Key], key: Key) -> Key:
    while group_of[key] != key:
        group_of[key] = group_of[group_of[key]]
        key = group_of[key]
    return key


def _unite(group_of: dict[Key, Key], one: Key, other: Key) -> None:
    first, second = sorted((_find(group_of, one), _find(group_of, other)))
    group_of[second] = first


def _parents_of(group_of: dict[Key, Key], ties: list[Tie]) -> dict[Key, set[Key]]:
    """For each group that is part of others, those others."""
    parents: dict[Key, set[Key]] = defaultdict(set)
    for one, other, relation in ties:
        child, parent = _find(group_of, one), _find(group_of, other)
        if relation == CHILD and child != parent:
            parents[child].add(parent)
    return parents


def _circles(parents: Mapping[Key, set[Key]]) -> list[tuple[Key, Key]]:
    """Pairs of groups each of which is part of the other, by whatever way."""
    above = {child: _above(child, parents) for child in parents}
    return [(child, other) for child in above for other in above[child] if child in above.get(other, ())]


def _above(start: Key, parents: Mapping[Key, set[Key]]) -> set[Key]:
    seen: set[Key] = set()
    waiting = [*parents.get(start, ())]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += parents.get(key, ())
    return seen


def _lesser(
    groups: Mapping[Key, list[Key]], largest: Mapping[Key, Key], by_key: Mapping[Key, Amount], ties: list[Tie]
) -> list[SetAside]:
    """All but the largest of each group."""
    relations: dict[frozenset[Hashable], str] = {}
    of_one: dict[Key, str] = {}
    for one, other, relation in sorted(ties, key=lambda tie: (tie[2] not in TOGETHER, tie[2] != SAME)):
        relations.setdefault(frozenset((one, other)), relation)
        for key in (one, other):
            of_one.setdefault(key, relation)
    aside = []
    for group, keys in groups.items():
        for key in keys:
            if key != largest[group]:
                # It may be the same as a third that is the same as the largest.
                why = relations.get(frozenset((key, largest[group])), of_one[key])
                aside.append(SetAside(*by_key[key], why, (largest[group],)))
    return aside


def _parts_or_wholes(
    groups: Mapping[Key, list[Key]], largest: Mapping[Key, Key], by_key: Mapping[Key, Amount], ties: list[Tie]
) -> list[SetAside]:
    """Of each whole and its parts the lesser side; a part of two wholes is one of the larger of them."""
    group_of = {key: group for group, keys in groups.items() for key in keys}
    own = {group: by_key[key][2].amount for group, key in largest.items()}
    parts: dict[Key, list[Key]] = defaultdict(list)
    for child, parents in _parents_of(group_of, ties).items():
        parts[min(parents, key=lambda key: (-own[key], key))].append(child)
    aside: dict[Key, SetAside] = {}
    worth = dict(own)
    for whole in _parts_first(parts):
        below = sum((worth[part] for part in parts[whole]), ZERO)
        if below > own[whole]:
            worth[whole] = below
            because = tuple(sorted(largest[part] for part in parts[whole]))
            aside[largest[whole]] = SetAside(*by_key[largest[whole]], PARENT, because)
            continue
        for key in _all_below(whole, parts):
            # What was set aside for the sake of its own parts is now, with them, part of this whole.
            aside[largest[key]] = SetAside(*by_key[largest[key]], CHILD, (largest[whole],))
    return list(aside.values())


def _parts_first(parts: Mapping[Key, list[Key]]) -> list[Key]:
    """The wholes, each after those that are its parts: a whole has more below it than each of them."""
    return sorted(parts, key=lambda key: (len(_all_below(key, parts)), key))


def _all_below(whole: Key, parts: Mapping[Key, list[Key]]) -> list[Key]:
    found: list[Key] = []
    waiting = [*parts.get(whole, ())]
    while waiting:
        key = waiting.pop()
        found.append(key)
        waiting += parts.get(key, ())
    return sorted(found)
