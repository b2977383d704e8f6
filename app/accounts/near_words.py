"""Words so near to a person that they are guessed first: those of one's organisations and their countries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.accounts.models import Account
from app.foundation.languages import LANGUAGES
from app.foundation.text import fold
from app.organisations.models import Organisation
from app.reference.countries import country_name

SHORTEST = 4
"""Characters; shorter words (de, for, of) say nothing of anybody."""


def words_near(account: Account) -> frozenset[str]:
    """The words of the organisations that a person acts for."""
    return words_of(place.organisation for place in account.memberships)


def words_of(organisations: Iterable[Organisation]) -> frozenset[str]:
    """Names, acronyms and countries, in every language of the site: word by word, and each name written as one."""
    found: set[str] = set()
    for organisation in organisations:
        for text in _texts(organisation):
            parts = fold(text).replace("-", " ").split()
            found |= {"".join(parts), *parts}
    return frozenset(word for word in found if len(word) >= SHORTEST)


def _texts(organisation: Organisation) -> Iterator[str]:
    yield from (organisation.name, organisation.acronym, *map(str, organisation.names.values()))
    if organisation.country:
        yield from (country_name(organisation.country, language) for language in LANGUAGES)
