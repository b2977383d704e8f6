"""How the pictures call donors, themes and places, and how they shorten large amounts, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import format_compact_decimal

from app.foundation.languages import name_of, say
from app.foundation.messages import Message, msg
from app.matching.relations.totals import CHILD, CO_FUND, PARENT, SAME
from app.organisations.models import Organisation
from app.overview.giving.rules import GROUPING, NOT_NAMED, NOT_SAID

NO_THEME, NO_PLACE, NO_DONOR = msg("No theme named"), msg("No country named"), msg("Donor not named")
KINDS: Mapping[str, Message] = {
    "programme": msg("Programme"),
    "pledge": msg("Accepted pledge"),
    "session": msg("Course session"),
}
WHY: Mapping[str, Message] = {
    SAME: msg("The same as another record, which counts"),
    CO_FUND: msg("Paid for together with another record, which counts"),
    CHILD: msg("Part of another record, which counts"),
    PARENT: msg("Its parts say more, and they count"),
}
"""Why an amount was set aside; beside which is named after it."""


@dataclass(frozen=True)
class Names:
    """What donors, themes and places are called in a language; donors by the organisations that were found."""

    language: str
    donors: Mapping[int, Organisation]

    def donor(self, number: int) -> str:
        """A donor by its number."""
        found = self.donors.get(number) if number != NOT_NAMED else None
        return found.named(self.language) if found else say(NO_DONOR, self.language)

    def spoken(self, number: int) -> str:
        """The language of a donor's name as it is shown."""
        found = self.donors.get(number)
        return self.language if found is None or (found.names or {}).get(self.language) else found.language

    def theme(self, code: str) -> str:
        """A theme by its code."""
        return say(NO_THEME, self.language) if code == NOT_SAID else name_of("theme", code, self.language)

    def place(self, code: str) -> str:
        """A country or a grouping."""
        if code == NOT_SAID:
            return say(NO_PLACE, self.language)
        kind = "grouping" if code.startswith(GROUPING) else "country"
        return name_of(kind, code.removeprefix(GROUPING), self.language)

    def short(self, amount: Decimal) -> str:
        """An amount as one reads it in passing: 1.2M, 1,2 M."""
        return format_compact_decimal(amount, locale=self.language, fraction_digits=1)


def cut(text: str, letters: int) -> str:
    """A text that has to fit into so many letters."""
    return text if len(text) <= letters else text[: max(1, letters - 1)].rstrip() + "…"
