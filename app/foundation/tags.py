"""Short lists of codes on a record (themes, countries, kinds, languages ...): one small table per kind of record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Mapped, mapped_column


class Tag:
    """One code of one list (`facet`) on a record; `share` is its percentage where the source gives one."""

    record_id: Mapped[int]
    facet: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    share: Mapped[Decimal | None]


class Tagged:
    """A record with tags: `record.codes("theme")` reads them, `record.set_codes("theme", [...])` writes them."""

    tag_class: type[Any]
    tags: Mapped[list[Any]]

    def codes(self, facet: str) -> list[str]:
        """The codes of one list, sorted."""
        return sorted(tag.value for tag in self.tags if tag.facet == facet)

    def set_codes(self, facet: str, values: Iterable[str] | Mapping[str, Decimal | None]) -> None:
        """Make these the codes of one list; those that stay are left as they are."""
        wanted: dict[str, Decimal | None] = dict(values) if isinstance(values, Mapping) else dict.fromkeys(values, None)
        for tag in [t for t in self.tags if t.facet == facet]:
            if tag.value in wanted:
                tag.share = wanted.pop(tag.value)
            else:
                self.tags.remove(tag)
        self.tags.extend(self.tag_class(facet=facet, value=value, share=share) for value, share in wanted.items())


def has_code(model: Any, facet: str, values: Iterable[str]) -> ColumnElement[bool]:
    """The criterion that a record of `model` carries one of these codes."""
    tag = model.tag_class
    found: ColumnElement[bool] = (
        select(tag.record_id).where(tag.record_id == model.id, tag.facet == facet, tag.value.in_(list(values))).exists()
    )
    return found
