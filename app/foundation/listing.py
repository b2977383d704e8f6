"""The address of a list: what it asks for, and what stands beside the list because of it: choices, tags and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from app.foundation.languages import name_of, say
from app.foundation.messages import Message
from app.foundation.paging import PAGE_SIZE
from app.foundation.text import fold
from app.foundation.web import current_language, url_for

SIZES = (PAGE_SIZE, 50, 100)
"""How many cards a page may have, the usual number first."""
LONGEST_QUESTION = 200
WORDS = "q"

Known = Mapping[str, Callable[[str], bool]]
"""The facets of a list, each with what tells whether a code is one of its own."""


@dataclass(frozen=True)
class Choice:
    """One value of a facet with the number of records that it would leave."""

    value: str
    label: str
    count: int
    selected: bool


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for: words, codes by facet, the order (the first of `sorts` is the usual one).

    What is usual is left out of an address, so that the same list has the same address.
    """

    endpoint: str
    sorts: Sequence[str]
    words: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    size: int = SIZES[0]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything has been chosen or typed."""
        return bool(self.words or any(self.chosen.values()))

    def codes(self, facet: str) -> tuple[str, ...]:
        """The codes that are chosen of a facet."""
        return self.chosen.get(facet, ())

    def address(self, page: int = 1) -> str:
        """The address of a page of this list."""
        values: dict[str, Any] = {facet: list(codes) for facet, codes in self.chosen.items() if codes}
        usual = {WORDS: (self.words, ""), "sort": (self.sort, self.sorts[0]), "size": (self.size, SIZES[0])}
        values |= {name: value for name, (value, common) in usual.items() if value != common}
        values |= {"page": page} if page > 1 else {}
        return url_for(self.endpoint, **values)

    def without(self, facet: str, code: str) -> str:
        """The address with one choice, or the words, taken away."""
        if facet == WORDS:
            return replace(self, words="").address()
        kept = tuple(other for other in self.codes(facet) if other != code)
        return replace(self, chosen={**self.chosen, facet: kept}).address()


@dataclass(frozen=True)
class Words:
    """How a list speaks, in the page's language: its facets in their order, the codes that are our own, its orders.

    `fixed` are facets whose choices always stand in the same order, all of them.
    """

    titles: Mapping[str, str]
    own: Mapping[str, Mapping[str, Message]]
    sorts: Mapping[str, Message]
    fixed: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def label(self, facet: str, code: str) -> str:
        """How a value of a facet is called."""
        if facet in self.own:
            named = self.own[facet].get(code)
            return say(named, current_language()) if named else code
        return name_of(facet, code, current_language())


def beside(asked: Asked, counts: Mapping[str, Mapping[str, int]], words: Words) -> dict[str, Any]:
    """What stands beside a list: facets with choices (without those that have none), filters in use, and the orders."""
    drawn = [
        (facet, title, choices_of(asked, facet, counts[facet], words)) for facet, title in words.titles.items()
        if facet in counts
    ]  # fmt: skip
    return {
        "facets": [(facet, title, choices) for facet, title, choices in drawn if choices],
        "tags": tags_of(asked, words),
        "sorts": [(sort, say(name, current_language())) for sort, name in words.sorts.items()],
    }


def read_address(endpoint: str, arguments: MultiDict[str, str], known: Known, sorts: Iterable[str]) -> Asked:
    """What the address of a list asks for; what it does not know is passed over."""
    orders, sort, size = tuple(sorts), arguments.get("sort", ""), arguments.get("size", "")
    return Asked(
        endpoint=endpoint,
        sorts=orders,
        words=arguments.get(WORDS, "").strip()[:LONGEST_QUESTION],
        chosen={
            facet: tuple(code for code in dict.fromkeys(arguments.getlist(facet)) if is_known(code))
            for facet, is_known in known.items()
        },
        sort=sort if sort in orders else orders[0],
        size=int(size) if size in map(str, SIZES) else SIZES[0],
    )


def choices_of(asked: Asked, facet: str, counts: Mapping[str, int], words: Words) -> list[Choice]:
    """The choices of one facet in their own order, or those that leave most first.

    What is ticked stays in sight, even where the other filters leave nothing of it.
    """
    chosen, order = asked.codes(facet), words.fixed.get(facet, ())
    made = [
        Choice(code, words.label(facet, code), counts.get(code, 0), code in chosen)
        for code in (order or {*counts, *chosen})
    ]
    return made if order else sorted(made, key=lambda choice: (-choice.count, fold(choice.label)))


def tags_of(asked: Asked, words: Words) -> list[dict[str, str]]:
    """The filters in use: the facet's name, the value's, and the address without it."""
    used = [(facet, code, words.label(facet, code)) for facet, codes in asked.chosen.items() for code in codes]
    if asked.words:
        used.insert(0, (WORDS, asked.words, f"“{asked.words}”"))
    return [
        {"label": f"{words.titles[facet]}:", "value": name, "remove_url": asked.without(facet, code)}
        for facet, code, name in used
    ]
