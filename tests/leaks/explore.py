"""Walks what may be hidden: draws it, adds it, and asks whoever may not see it whether anything is different.

A case is a reader with something that is hidden from this reader; a check is one answer compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.leaks.compare import Comparison, Leak
from tests.leaks.hidden import UNPOSTED, WHAT, Hidden, hidden
from tests.leaks.oracle import Person, Thing, may_see, may_see_field
from tests.leaks.readers import READERS, Reader, person_of
from tests.leaks.surfaces import Ask, Surfaces
from tests.leaks.worlds import BaseWorld

MOST_SHOWN = 40
OF_ONE_SURFACE = 5
"""So many requests of each surface are drawn from in one world, so that its answers without are asked for once."""


@dataclass
class Tally:
    """How many cases and checks there were, of which kind, tier and surface, and what leaked."""

    records: int = 0
    cases: int = 0
    checks: int = 0
    leaked: int = 0
    leaks: list[Leak] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    surfaces: Counter[str] = field(default_factory=Counter)
    readers: Counter[str] = field(default_factory=Counter)

    def count(self, what: Hidden, reader: Reader, asks: Iterable[Ask]) -> None:
        """One case with its checks."""
        self.cases += 1
        surfaces = [ask.surface for ask in asks]
        self.checks += len(surfaces)
        self.surfaces.update(surfaces)
        self.kinds[what.kind] += len(surfaces)
        self.tiers[what.tier] += len(surfaces)
        self.readers[reader.name] += len(surfaces)

    def add(self, other: Tally) -> None:
        """Take what another process has counted."""
        self.records += other.records
        self.cases += other.cases
        self.checks += other.checks
        self.leaked += other.leaked
        self.leaks += other.leaks[: max(0, MOST_SHOWN - len(self.leaks))]
        for name in ("kinds", "tiers", "surfaces", "readers"):
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True)
class Plan:
    """How much of everything: requests of each case from all surfaces and of the sharp ones; readers of each record."""

    everywhere: int = 3
    sharp: int = 1
    readers: int | None = None


class Explorer:
    """One base world, and everything that it can be asked."""

    def __init__(self, base: BaseWorld) -> None:
        self.base = base
        self.surfaces = Surfaces(base.app, base.refs)
        self.comparison = Comparison(base)
        self.people = {reader.name: person_of(reader, base.numbers) for reader in READERS}
        self.pool = self._pool(Random(base.seed))

    def _pool(self, rng: Random) -> list[list[Ask]]:
        """Some requests of each surface, each world's its own; every surface is drawn as often as any other."""
        of: dict[str, list[Ask]] = {}
        for ask in self.surfaces.everywhere:
            of.setdefault(ask.surface, []).append(ask)
        return [rng.sample(asks, min(OF_ONE_SURFACE, len(asks))) for asks in of.values()]

    def explore(self, what: Hidden, plan: Plan, tally: Tally, asks: Sequence[Ask] | None = None) -> None:
        """Hide one thing, and let everybody ask who may not see it; `asks` instead of what the plan would choose."""
        rng = Random(f"{self.base.seed} {what.kind} {what.chance} {tally.records}")
        chosen = self._prepare(what, plan, rng, asks)
        tally.records += 1
        differing = []
        with self.base.with_hidden(what) as things:
            for reader, wanted in chosen.items():
                if sees_any(self.people[reader.name], what, things):
                    continue
                tally.count(what, reader, wanted)
                answers = ((ask, self.comparison.answer(reader, ask)) for ask in wanted)
                differing += [(reader, *pair) for pair in answers if not self.comparison.is_same(reader, *pair)]
        tally.leaked += len(differing)
        for reader, ask, answer in differing[: max(0, MOST_SHOWN - len(tally.leaks))]:
            difference = self.comparison.difference(reader, ask, answer)
            tally.leaks.append(Leak(reader.name, repr(what), ask, difference))

    def _prepare(
        self, what: Hidden, plan: Plan, rng: Random, asks: Sequence[Ask] | None
    ) -> dict[Reader, tuple[Ask, ...]]:
        """Whom to ask what; the answers of the world without are fetched first, since there is one transaction."""
        things = self.base.things_of(what)
        refused = [reader for reader in READERS if not sees_any(self.people[reader.name], what, things)]
        some = rng.sample(refused, min(plan.readers or len(refused), len(refused)))
        sharp = self.surfaces.sharp(what)
        chosen = {}
        for reader in some:
            drawn = (*rng.sample(sharp, min(plan.sharp, len(sharp))),
                     *map(rng.choice, rng.sample(self.pool, plan.everywhere)))  # fmt: skip
            wanted = asks if asks is not None else drawn
            person = self.people[reader.name]
            chosen[reader] = tuple(
                ask for ask in wanted if not (reads_events(person, what, ask) or reads_numbers(person, what, ask))
            )
            self.comparison.prepare(reader, list(chosen[reader]))
        return chosen


def reads_events(person: Person, what: Hidden, ask: Ask) -> bool:
    """Whether this person reads in the record of events that something not posted was sent in, or somebody put forward.

    No word of it stands there.
    """
    return (
        what.kind in {*UNPOSTED, "nomination", "clarification", "thread", "job", "regional_report"}
        and ask.surface.startswith("record.")
        and person.keeps_record
    )


def reads_numbers(person: Person, what: Hidden, ask: Ask) -> bool:
    """Whether this person reads how many questions wait at each owner, without a word of them.

    The office watches over how long owners take, see app/conversations/clarifications/answering_times.
    """
    return what.kind == "clarification" and ask.surface.startswith("upkeep.response") and person.is_office


def sees_any(person: Person, what: Hidden, things: Sequence[Thing]) -> bool:
    """Whether the oracle lets this person see anything of it."""
    if not what.kind.startswith("field "):
        return any(may_see(person, thing) for thing in things)
    return any(may_see_field(person, thing, what.tier) for thing in things)


def draw(number: int, chance: int, use: Callable[[Hidden], None], kinds: Sequence[tuple[str, str]] = WHAT) -> None:
    """Draw so many hidden things, each kind and tier in its turn, and use each."""
    turn = iter(range(number * 100))
    order = list(kinds)
    Random(chance).shuffle(order)

    @seed(chance)
    @settings(max_examples=number, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(data=st.data())
    def one(data: st.DataObject) -> None:
        kind, tier = order[next(turn) % len(order)]
        use(data.draw(hidden(kind, tier)))

    one()
