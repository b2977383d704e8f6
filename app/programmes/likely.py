"""Where an activity that names no country is likely to take place: as its parent, its title, or its file tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from app.foundation.db import Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import SYSTEM
from app.programmes.models import Programme
from app.reference.places import countries_in, country_of_file

KIN = frozenset({"1", "2"})
"""IATI RelatedActivityType: 1 is a parent, 2 a child."""


def likely_country(
    tx: Tx,
    links: Iterable[tuple[str, str]],
    texts: Iterable[str],
    source_name: str,
    beside: Mapping[str, Sequence[str]] | None = None,
) -> str | None:
    """The one ISO 3166 country that kin, then the texts in their order, then the name of the file agree on, or None.

    `links` are (IATI RelatedActivityType, identifier). A text that names several countries decides nothing.
    `beside` are the countries of programmes, by identifier, that come in with this one and may not be in the database.
    """
    kin = [identifier for kind, identifier in links if kind in KIN]
    for places in (_of_kin(tx, kin, beside or {}), *map(countries_in, texts)):
        if len(places) == 1:
            return places[0]
    return country_of_file(source_name)


def _of_kin(tx: Tx, identifiers: list[str], beside: Mapping[str, Sequence[str]]) -> list[str]:
    found = {code for identifier in identifiers for code in beside.get(identifier, ())}
    if others := [identifier for identifier in identifiers if identifier not in beside]:
        query = select(Programme).where(Programme.iati_identifier.in_(others), visible_to(SYSTEM, Programme))
        with tx.no_autoflush:
            found |= {code for programme in tx.scalars(query) for code in programme.codes("country")}
    return sorted(found)
