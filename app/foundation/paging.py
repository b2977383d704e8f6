"""Lists are pages: the same question gives the same pages, and every page can be linked to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")

PAGE_SIZE = 20


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list: `number` counts from 1, `total` is the number of items on all pages."""

    items: Sequence[Item]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, one at least."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first item of this page, from 1; 0 when the list is empty."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Position of the last item of this page."""
        return min(self.number * self.size, self.total)


def page_number(text: str | None, total: int, size: int = PAGE_SIZE) -> int:
    """The page that an address asks for, kept between the first and the last."""
    wanted = int(text) if text and text.isdecimal() and len(text) < 8 else 1  # noqa: PLR2004 - longer is no page
    return min(max(1, wanted), max(1, -(-total // size)))
