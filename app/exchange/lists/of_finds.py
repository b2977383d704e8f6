"""What a search finds as a table: records of all kinds, best first, in the columns that they have in common."""

from __future__ import annotations

from typing import Any

from app.exchange.lists import columns as c
from app.exchange.lists.columns import Column
from app.foundation.languages import name_of, say
from app.foundation.messages import Message, msg
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import current_language, site, url_for
from app.search.records import Found

KINDS: dict[str, Message] = {
    "need": msg("Need"), "programme": msg("Programme"), "course": msg("Course"), "lesson": msg("Lesson"),
    "output": msg("Output"),
}  # fmt: skip


def _field(head: Message, name: str) -> Column:
    return Column(head, lambda found: c.plain(getattr(found.record, name, None)))


def _codes(facet: str, code_head: Message, name_head: Message) -> list[Column]:
    def names(found: Found) -> Cell:
        return c.AMONG.join(name_of(facet, code, current_language()) for code in found.record.codes(facet))

    return [Column(code_head, lambda found: c.AMONG.join(found.record.codes(facet))), Column(name_head, names)]


def _address(found: Any) -> str:
    return site().settings.public_url + url_for(f"{found.kind}s.page", ref=found.record.ref)


FINDS = [
    Column(msg("Kind of record, code"), lambda found: found.kind),
    Column(msg("Kind of record"), lambda found: say(KINDS[found.kind], current_language())),
    _field(msg("Reference"), "ref"), _field(msg("Title"), "title"), _field(msg("Language, code"), "language"),
    Column(msg("Language"), lambda found: name_of("language", found.record.language, current_language())),
    Column(msg("Organisation, reference"), lambda found: found.record.organisation.ref),
    Column(msg("Organisation"), lambda found: found.record.organisation.named(current_language())),
    *_codes("theme", msg("Themes, codes"), msg("Themes")),
    *_codes("country", msg("Countries, codes"), msg("Countries")),
    *_codes("kind", msg("Kinds of assistance, codes"), msg("Kinds of assistance")),
    _field(msg("Status, code"), "status"), _field(msg("From"), "starts_on"), _field(msg("Until"), "ends_on"),
    _field(msg("Posted on"), "posted_at"), _field(msg("Changed on"), "changed_at"), Column(msg("Address"), _address),
]  # fmt: skip
