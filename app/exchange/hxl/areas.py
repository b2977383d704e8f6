"""First-level areas in a 3W table: told by a code of ISO 3166-2, by a name, or by both. Plain values.

We hold no list of the areas: a code is taken by its form and its country, and has the name that the table gives it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from app.exchange.hxl.rules import Place, area_kept, area_read
from app.exchange.hxl.values import Unreadable
from app.foundation.messages import Message, msg

NO_CODE = msg(
    "“%(word)s” is no code of an area. Such a code is the country’s, a hyphen and one to three letters or digits, "
    "as PE-LIM (ISO 3166-2)."
)
ELSEWHERE = msg("“%(word)s” is no code of an area of that country. Such codes begin with the country’s, as SN-DK.")
_CODE = re.compile(r"([A-Z]{2})-[A-Z0-9]{1,3}")


def area_code_in(text: str, named: Collection[str], known: Collection[str]) -> str:
    """The code of an area (ISO 3166-2); `named` are the countries of its row, `known` all (ISO 3166-1 alpha-2).

    Raises:
        Unreadable: it has not the form of such a code, or is of no country, or of another one than the row names.
    """
    code = text.strip().upper()
    found = _CODE.fullmatch(code)
    if found is None or not (named or found[1] in known):
        raise Unreadable(Message(NO_CODE.text, {"word": text}))
    if named and found[1] not in named:
        raise Unreadable(Message(ELSEWHERE.text, {"word": text}))
    return code


def country_of(code: str) -> str:
    """The country (ISO 3166-1 alpha-2) that the code of an area begins with."""
    return code.partition("-")[0]


def coded(areas: Iterable[str], code: str) -> Place | None:
    """The area of that code among those that are kept; none where it has no code."""
    return next((place for place in map(area_read, areas) if code and place.area_code == code), None)


def with_names(areas: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    """Areas as they are kept, sorted; one that a table tells by its code alone has the name that `known` gives it."""
    named = [(place, coded(known, place.area_code)) for place in map(area_read, areas)]
    return tuple(sorted(
        area_kept(place.country, place.area or (same.area if same else ""), place.area_code) for place, same in named
    ))  # fmt: skip
