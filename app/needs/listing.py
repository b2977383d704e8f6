"""The list of needs: what its address asks for, the page of cards, and the filters with how many each would leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.foundation.confirming import CONFIRMED
from app.foundation.kept.lists import Wanted
from app.foundation.languages import name_of, say
from app.foundation.messages import Message, msg
from app.foundation.permissions import Permission
from app.foundation.web import actor, current_language, now, reading, render, request, route, url_for
from app.needs import rules
from app.needs.cards import card_parts
from app.needs.counted import LIST_OF
from app.needs.queries import CODED, SORTS, NeedFilters
from app.needs.surfaces import LIST, bp

FACETS = ("status", "country", "theme", "kind", "confirmed")
STATUS_CHOICES = ("posted", "partly_met", "met", "closed")
GIVEN: Mapping[str, Sequence[str]] = {"status": STATUS_CHOICES, "confirmed": tuple(CONFIRMED)}
"""Facets whose values are always the same, in this order."""
SIZES = (20, 50, 100)
SORT_NAMES: Mapping[str, Message] = {
    "newest": msg("Newest first"),
    "deadline": msg("Offers due soonest"),
    "wanted": msg("Wanted soonest"),
    "changed": msg("Changed last"),
}
LONGEST_QUESTION = 200


@dataclass(frozen=True)
class Asked:
    """What the address of the list asks for."""

    words: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = "newest"
    size: int = SIZES[0]

    @classmethod
    def from_address(cls, arguments: Any) -> Asked:
        """Read the address; what it does not know is passed over."""
        chosen = {facet: list(dict.fromkeys(filter(None, arguments.getlist(facet)))) for facet in FACETS}
        chosen["status"] = [status for status in chosen["status"] if status in STATUS_CHOICES]
        chosen["confirmed"] = [code for code in chosen["confirmed"] if code in CONFIRMED]
        sort, size = arguments.get("sort", ""), arguments.get("size", "")
        return cls(
            words=arguments.get("q", "")[:LONGEST_QUESTION].strip(),
            chosen=chosen,
            sort=sort if sort in SORTS else "newest",
            size=int(size) if size in map(str, SIZES) else SIZES[0],
        )

    @property
    def filters(self) -> NeedFilters:
        """The same for the database: without a choice of status, what is open."""
        return NeedFilters(
            codes={facet: self.chosen.get(facet, ()) for facet in CODED},
            statuses=tuple(self.chosen.get("status") or sorted(rules.OPEN)),
            words=self.words,
            confirmed_on=now().date() if self.chosen.get("confirmed") else None,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything has been chosen or typed."""
        return bool(self.words or any(self.chosen.values()))

    def address(self, page: int = 1) -> str:
        """The address of a page of this list; what is usual is left out, so that one list has one address."""
        values: dict[str, Any] = {facet: list(codes) for facet, codes in self.chosen.items() if codes}
        values |= {"q": self.words} if self.words else {}
        values |= {"sort": self.sort} if self.sort != "newest" else {}
        values |= {"size": self.size} if self.size != SIZES[0] else {}
        values |= {"page": page} if page > 1 else {}
        return url_for("needs.index", **values)

    def without(self, facet: str, code: str) -> str:
        """The address with one choice taken away."""
        kept = {name: [c for c in codes if (name, c) != (facet, code)] for name, codes in self.chosen.items()}
        return replace(self, chosen=kept).address()


@route(bp, "", Permission.PUBLIC_READ, LIST)
def index() -> Any:
    """Needs that this reader may see, by words, country, theme, kind and status."""
    asked = Asked.from_address(request.args)
    filters, today = asked.filters, now().date()
    with reading() as tx:
        page = LIST_OF.page(tx, actor(), Wanted(filters, request.args.get("page"), today, asked.sort, asked.size))
        counts = LIST_OF.counts(tx, actor(), filters, today)
        return render(
            "needs/index.html",
            asked=asked,
            page=page,
            facets=[(facet, _options(asked, facet, counts.get(facet, {}))) for facet in FACETS],
            filters=list(_chips(asked)),
            sorts=[(sort, say(name, current_language())) for sort, name in SORT_NAMES.items()],
            sizes=SIZES,
            card_parts=card_parts(actor(), page.items),
            url_for_page=asked.address,
        )


def _options(asked: Asked, facet: str, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    chosen = asked.chosen.get(facet, ())
    if facet in GIVEN:
        codes: Iterable[str] = GIVEN[facet]
    else:
        # What is ticked stays in sight, even where the other filters leave nothing of it.
        codes = sorted({*counts, *chosen}, key=lambda code: (-counts.get(code, 0), _label(facet, code)))
    return [
        {"value": code, "label": _label(facet, code), "count": counts.get(code, 0), "selected": code in chosen}
        for code in codes
    ]


def _label(facet: str, code: str) -> str:
    if facet == "confirmed":
        return say(CONFIRMED[code], current_language())
    if facet == "status":
        return say(rules.STATUS_NAMES[code][0], current_language())
    return name_of(facet, code, current_language())


def _chips(asked: Asked) -> Iterable[dict[str, str]]:
    if asked.words:
        yield {"facet": "q", "value": f"“{asked.words}”", "remove_url": replace(asked, words="").address()}
    for facet, codes in asked.chosen.items():
        for code in codes:
            yield {"facet": facet, "value": _label(facet, code), "remove_url": asked.without(facet, code)}
