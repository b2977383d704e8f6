"""What stands beside the list of organisations: facets with their counts, filters in use, addresses of pages."""

from __future__ import annotations

from typing import Any

from app.foundation.languages import name_of, say
from app.foundation.text import fold
from app.foundation.web import current_language, gettext, request, url_for
from app.organisations.queries import Listing, Wanted
from app.organisations.rules import KINDS
from app.reference.countries import countries

LONGEST_WORDS = 200


def chosen() -> Wanted:
    """The filters that the address asks for; codes that do not exist are left out."""
    return Wanted(
        kinds=tuple(code for code in request.args.getlist("kind") if code in KINDS),
        countries=tuple(code for code in request.args.getlist("country") if code in countries()),
        words=request.args.get("q", "")[:LONGEST_WORDS],
    )


def facets(listing: Listing, wanted: Wanted) -> list[dict[str, Any]]:
    """The two facets, each with the options that lead somewhere."""
    kinds = [_option(code, _kind(code), listing.kinds[code], code in wanted.kinds) for code in KINDS]
    places = set(listing.countries) | set(wanted.countries)
    options = [_option(code, _country(code), listing.countries[code], code in wanted.countries) for code in places]
    options.sort(key=lambda option: fold(option["label"]))
    return [
        {"title": gettext("Kind"), "name": "kind", "options": [o for o in kinds if o["count"] or o["selected"]]},
        {"title": gettext("Country"), "name": "country", "options": options},
    ]


def _option(value: str, label: str, count: int, selected: bool) -> dict[str, Any]:  # noqa: FBT001 - a fact, no switch
    return {"value": value, "label": label, "count": count, "selected": selected}


def _kind(code: str) -> str:
    return say(KINDS[code].name, current_language())


def _country(code: str) -> str:
    return name_of("country", code, current_language())


def in_use(wanted: Wanted) -> list[dict[str, str]]:
    """The filters that narrow the list, each with the address that takes it away."""
    used = [
        _filter(gettext("Kind"), _kind(code), wanted, kinds=tuple(k for k in wanted.kinds if k != code))
        for code in wanted.kinds
    ]
    used += [
        _filter(gettext("Country"), _country(code), wanted, countries=tuple(c for c in wanted.countries if c != code))
        for code in wanted.countries
    ]
    if wanted.words:
        used.append(_filter(gettext("Words"), wanted.words, wanted, words=""))
    return used


def _filter(label: str, value: str, wanted: Wanted, **less: Any) -> dict[str, str]:
    left = Wanted(**{"kinds": wanted.kinds, "countries": wanted.countries, "words": wanted.words, **less})
    return {"label": label, "value": value, "remove_url": address_of(left)}


def address_of(wanted: Wanted, page: int | None = None) -> str:
    """The address of the list with these filters."""
    return url_for(
        "organisations.index", kind=wanted.kinds, country=wanted.countries, q=wanted.words or None, page=page
    )
