"""Which public pages there are, in parts: those of the site itself, and a page for each record that anybody may see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

from lxml import etree
from sqlalchemy import Select, func, select

from app.exchange.feeds.words import PAGES
from app.exchange.public_changes.queries import LOT, seen_changes
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.permissions import ANONYMOUS
from app.foundation.web import url_for
from app.organisations.models import Organisation
from app.organisations.rules import LISTED
from app.reference.countries import countries
from app.reference.themes import themes
from app.search.documents import MODELS

NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST: Final = 50_000
"""Addresses in one part, as the protocol allows."""
SITE, ORGANISATIONS = "pages", "organisation"
FORM = 1
"""Goes up when parts are written in another way."""

OWN_PAGES = (
    "home.index", "needs.index", "programmes.index", "courses.index", "courses.calendar", "lessons.index",
    "lessons.best_practices", "outputs.index", "organisations.index", "overview.index", "overview.countries",
    "overview.themes", "who.index", "world.index", "flows.index", "timeline.index", "radar.index", "meetings.index",
    "open_data.index", "help.how", "help.glossary",
)  # fmt: skip
"""Pages of the site that anybody may read, by endpoint; a test opens each."""


@dataclass(frozen=True)
class Address:
    """A page and, where it is one record's, when that last changed as everybody could see it (UTC)."""

    path: str
    changed_at: datetime | None = None


def parts(tx: Tx) -> list[str]:
    """The names of all parts: `pages`, then `need-1` and so on for each kind of record that there is any of."""
    named = [SITE]
    for kind in (*MODELS, ORGANISATIONS):
        number = tx.scalar(select(func.count()).select_from(_shown(kind).subquery())) or 0
        named += [f"{kind}-{at}" for at in range(1, -(-number // MOST) + 1)]
    return named


def mark_of(tx: Tx, part: str) -> str:
    """A mark that changes whenever what a part says may have changed; it shows nothing of what it was made from."""
    kind = part.partition("-")[0]
    said: tuple[Any, ...] = ()
    if kind != SITE:
        # disclosure: how many rows there are and when one changed last; nothing of it is shown.
        model = MODELS.get(kind, Organisation)
        columns = func.count(), func.max(model.id), func.sum(model.version), func.max(model.changed_at)
        said = tuple(tx.execute(select(*columns)).one())
    return hashlib.sha256(repr((FORM, part, said)).encode()).hexdigest()


def addresses(tx: Tx, part: str, now: datetime) -> Iterator[Address]:
    """The pages of a part, in an order that stays."""
    kind, _dash, number = part.partition("-")
    if kind == SITE:
        yield from _own()
        return
    rows = list(tx.scalars(_shown(kind).offset((int(number) - 1) * MOST).limit(MOST)))
    for begin in range(0, len(rows), LOT):
        yield from _of_records(tx, kind, rows[begin : begin + LOT], now)


def _own() -> Iterator[Address]:
    for endpoint in OWN_PAGES:
        yield Address(url_for(endpoint))
    for iso2 in countries():
        yield Address(url_for("overview.country", iso2=iso2))
    for code in themes():
        yield Address(url_for("overview.theme", code=code))
        yield Address(url_for("lessons.theme", code=code))


def _shown(kind: str) -> Select[Any]:
    if kind == ORGANISATIONS:
        return select(Organisation).where(Organisation.status.in_(LISTED)).order_by(Organisation.id)
    model = MODELS[kind]
    return readable(ANONYMOUS, model).where(model.is_published).order_by(model.id)


def _of_records(tx: Tx, kind: str, rows: list[Any], now: datetime) -> Iterator[Address]:
    if kind == ORGANISATIONS:
        # When its details changed is between an organisation and those who verify it.
        yield from (Address(url_for("organisations.page", ref=row.ref)) for row in rows)
        return
    changed = seen_changes(tx, kind, rows)
    for row in rows:
        yield Address(url_for(PAGES[kind], ref=row.ref), min(now, changed[row.id]))


def write_part(pages: Iterator[Address], public_url: str, target: BinaryIO) -> int:
    """Write a part as the sitemap protocol says, and say how many pages are in it."""
    rows = (
        {"loc": public_url + page.path, "lastmod": page.changed_at.isoformat("T", "seconds") if page.changed_at else ""}
        for page in pages
    )
    return _write("urlset", "url", rows, target)


def write_index(names: list[str], public_url: str, target: BinaryIO) -> int:
    """Write the list of all parts."""
    rows = ({"loc": public_url + url_for("sitemap.part", name=name)} for name in names)
    return _write("sitemapindex", "sitemap", rows, target)


def _write(root: str, tag: str, rows: Iterator[Mapping[str, str]], target: BinaryIO) -> int:
    number = 0
    with etree.xmlfile(target, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(root, nsmap={None: NAMESPACE}):
            for row in rows:
                element = etree.Element(tag)
                for name, text in row.items():
                    if text:
                        etree.SubElement(element, name).text = text
                file.write(element)
                number += 1
    return number
