"""What a picture of money is made of: what is given, narrowed to a choice, in one currency, counted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.foundation.db import Tx
from app.foundation.money import Money
from app.foundation.permissions import Actor
from app.matching.relations.totals import Key
from app.overview.giving.memory import given
from app.overview.giving.queries import donors_of, ties_of
from app.overview.giving.reckoning import Chosen, Reckoned, chosen_of, reckon
from app.overview.giving.rules import Choice, Giving, whole_year
from app.overview.giving.words import Names
from app.reference.rates.queries import rates_on
from app.reference.rates.rules import Converted


@dataclass(frozen=True)
class Seen:
    """All that is given (`every`), what the choice leaves of it (`wanted`), and its money."""

    every: Mapping[Key, Giving]
    wanted: Sequence[Giving]
    reckoned: Reckoned
    chosen: Chosen
    names: Names

    @property
    def used(self) -> list[Converted]:
        """One conversion for each currency that was converted here."""
        given = {money.currency for giving in self.wanted for money in giving.money}
        return [each for each in self.reckoned.used if each.original.currency in given]

    @property
    def largest_aside(self) -> list[tuple[Giving, Money, str, list[Giving]]]:
        """What was set aside, the largest first: the record, how much, why, and beside which others."""
        rows = sorted(self.chosen.set_aside, key=lambda pair: (-pair[1].amount, pair[0].key))
        return [(self.every[one.key], money, one.why, [self.every[key] for key in one.because]) for one, money in rows]


def look(  # noqa: PLR0913 - who asks for what, in which currency, and when
    tx: Tx, reader: Actor, choice: Choice, currency: str, language: str, today: date, *, as_reported: bool = False
) -> Seen:
    """Gather what is given and reckon it, as far as this reader may see it."""
    every = given(tx, reader, today, whole_year(choice.year) if choice.year else None)
    wanted = [giving for giving in every if choice.wants(giving)]
    currencies = {money.currency for giving in every for money in giving.money} | {currency}
    table = rates_on(tx, today, sorted(currencies))
    ties = ties_of(tx, reader, [giving.key for giving in every])
    reckoned = reckon(every, ties, table, currency)
    return Seen(
        {giving.key: giving for giving in every},
        wanted,
        reckoned,
        chosen_of(reckoned, every, choice, as_reported=as_reported),
        Names(language, donors_of(tx, (giving.donor for giving in wanted))),
    )
