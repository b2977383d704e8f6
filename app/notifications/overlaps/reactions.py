"""Both sides are told of a programme that seems to do the same as one of theirs; after an import in one notice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.models import Account
from app.accounts.queries import actor_of
from app.foundation.db import Tx
from app.foundation.messages import msg
from app.foundation.outbox import Fact
from app.foundation.web import Site
from app.foundation.worker import Writer
from app.notifications.overlaps import rules
from app.notifications.overlaps.models import ToldOverlap
from app.notifications.overlaps.queries import Pair, pairs_with, programmes_of, told_of
from app.notifications.queries import visible_records
from app.notifications.rules import Part, cause_of
from app.notifications.telling import Telling
from app.programmes.models import Programme
from app.search.indexer import keys_of


@dataclass(frozen=True)
class Seen:
    """A pair as one side sees it."""

    pair: Pair
    own: Programme
    other: Programme

    @property
    def parts(self) -> tuple[Part, Part]:
        """Both records, for the cause of the news."""
        return ("programme", self.own.ref), ("programme", self.other.ref)


def tell_of_overlaps(site: Site, facts: Sequence[Fact]) -> Writer:
    """Tell the people of both sides of each pair that is new, as far as they may see both programmes."""
    now = site.clock.now()
    ids = [number for kind, number in keys_of(facts) if kind == "programme"]
    with site.database.reading() as tx:
        telling = Telling(tx, site.settings)
        told = _tell(telling, pairs_with(tx, ids), now.isoformat())

    def write(tx: Tx) -> None:
        for organisation_id, (first, second) in told:
            tx.add(ToldOverlap(organisation_id=organisation_id, first_id=first, second_id=second, told_at=now))
        telling.write(tx, now)

    return write


def _tell(telling: Telling, pairs: Sequence[Pair], batch: str) -> list[tuple[int, Pair]]:
    told: list[tuple[int, Pair]] = []
    for organisation_id, new in _new_by_side(telling.tx, pairs).items():
        people = telling.people_of(organisation_id)
        seen_by = {person.id: _seen_by(telling.tx, person, new) for person in people}
        told += [(organisation_id, one.pair) for one in new if any(one in seen for seen in seen_by.values())]
        for person in people:
            _tell_one(telling, person, seen_by[person.id], batch)
    return told


def _new_by_side(tx: Tx, pairs: Sequence[Pair]) -> dict[int, list[Seen]]:
    """Per organisation the pairs that it has not been told of, as it sees them."""
    rows, known = programmes_of(tx, pairs), told_of(tx, pairs)
    found: defaultdict[int, list[Seen]] = defaultdict(list)
    for pair in pairs:
        sides = [rows.get(number) for number in pair]
        for own, other in (sides, sides[::-1]):
            # Two organisations may have become one since.
            if own is None or other is None or own.organisation_id == other.organisation_id:
                continue
            if (own.organisation_id, *pair) not in known:
                found[own.organisation_id].append(Seen(pair, own, other))
    return found


def _seen_by(tx: Tx, person: Account, new: Sequence[Seen]) -> list[Seen]:
    shown = visible_records(tx, actor_of(person), {part for one in new for part in one.parts})
    return [one for one in new if shown.issuperset(one.parts)]


def _tell_one(telling: Telling, person: Account, seen: Sequence[Seen], batch: str) -> None:
    if rules.goes_together(len(seen)):
        # The best of them is where one begins to read; the page of each programme names its own.
        first = seen[0]
        message = msg(
            "%(count)s pairs of a programme of yours and one of others seem to do the same; the nearest are “%(own)s” "
            "and “%(other)s”",
            count=len(seen), own=first.own.title, other=first.other.title,
        )  # fmt: skip
        telling.tell([person], cause_of("overlap_found", *first.parts, ("many", batch)), message, first.own)
        return
    for one in seen:
        message = msg(
            "“%(other)s” seems to do the same as your programme “%(own)s”",
            own=one.own.title, other=one.other.title,
        )  # fmt: skip
        telling.tell([person], cause_of("overlap_found", *one.parts), message, one.own)
