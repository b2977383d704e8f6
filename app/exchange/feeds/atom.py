"""A feed as Atom (RFC 4287), written by feedgen; texts are texts, so that no mark in them is ever run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from app.exchange.iati_out.elements import XML_LANG, clean

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
NAME = "Counterpart"


@dataclass(frozen=True)
class Label:
    """A code with its list (an address) and its name."""

    code: str
    scheme: str
    name: str


@dataclass(frozen=True)
class Entry:
    """One record: `changed_at` is when it last changed as everybody could see it; moments are in UTC."""

    id: str
    address: str
    title: str
    summary: str
    language: str
    author: str
    posted_at: datetime
    changed_at: datetime
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Feed:
    """The newest records of a search. `began_at` stands for its last change as long as nothing is in it."""

    id: str
    title: str
    address: str
    page: str
    language: str
    began_at: datetime
    entries: Sequence[Entry]

    @property
    def changed_at(self) -> datetime:
        """When one of the entries last changed."""
        return max((entry.changed_at for entry in self.entries), default=self.began_at)


class Spoken(BaseEntryExtension):  # type: ignore[misc]
    """In which language an entry is, which the library has no word for."""

    language = ""

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Mark the entry."""
        if self.language:
            feed.set(XML_LANG, self.language)
        return feed


def written(feed: Feed) -> bytes:
    """The feed as a file. The library would date it by its own clock and turn the entries round: both is said."""
    writer = FeedGenerator()
    writer.id(feed.id)
    writer.title(clean(feed.title))
    writer.updated(feed.changed_at.replace(microsecond=0))
    writer.author(name=NAME)
    writer.language(feed.language)
    writer.rights(f"CC BY 4.0, {LICENCE}")
    writer.generator(NAME)
    writer.link(href=feed.address, rel="self", type="application/atom+xml")
    writer.link(href=feed.page, rel="alternate", type="text/html")
    writer.link(href=LICENCE, rel="license")
    for entry in feed.entries:
        _write(writer.add_entry(order="append"), entry)
    return bytes(writer.atom_str(pretty=True))


def _write(writer: FeedEntry, entry: Entry) -> None:
    writer.id(entry.id)
    writer.title(clean(entry.title))
    writer.updated(entry.changed_at.replace(microsecond=0))
    writer.published(entry.posted_at.replace(microsecond=0))
    writer.author(name=clean(entry.author))
    writer.link(href=entry.address, rel="alternate", type="text/html")
    if entry.summary:
        writer.summary(clean(entry.summary))
    for label in entry.labels:
        writer.category(term=label.code, scheme=label.scheme, label=clean(label.name))
    writer.register_extension("spoken", Spoken, atom=True, rss=False)
    writer.spoken.language = entry.language
