"""What stands in a note verbale: a need, as far as its reader may see it, in the need's own language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.foundation.db import Tx
from app.foundation.languages import day_text, money_text, name_of, say
from app.foundation.messages import msg
from app.foundation.permissions import Actor
from app.needs.models import Need
from app.needs.queries import find_need_whole, visible_fields
from app.reports import document as parts
from app.reports.document import Document, Text
from app.reports.note.formulas import FORMULAS, Formulas, sender_of
from app.reports.wording import amount_words, cost_words, days_words, heads, moment_words, named, page_words, spoken

WHAT, HOW_MANY, BY_WHEN, COST = msg("What"), msg("How many"), msg("By when"), msg("Cost")


@dataclass(frozen=True)
class Note:
    """The need, and the note that is made of it."""

    need: Need
    document: Document


def note_of(tx: Tx, reader: Actor, ref: str, now: datetime) -> Note | None:
    """The note verbale of a need; none where the reader may not see the need.

    Its own people get a note to seal; for everybody else it is a copy, which says so.
    """
    need = find_need_whole(tx, reader, ref)
    if need is None:
        return None
    shown = visible_fields(tx, reader, need)
    language = spoken(need.language)
    words = FORMULAS[language]
    sender = sender_of(need.organisation.named(language), words)
    blocks = [*_request(need, sender, shown, language, words), *_end(need, reader, sender, now, language, words)]
    title = f"{words.subject}: {need.title}"
    return Note(
        need,
        Document(
            language=language,
            title=title,
            kicker=f"{words.title} · {words.number} {need.ref}",
            lead="" if language == need.language else name_of("language", need.language, language),
            title_language=need.language,
            blocks=tuple(blocks),
            made_at=now,
            page=page_words(language),
            author=need.organisation.named(language),
            running=f"{need.ref} · {moment_words(now, language)}",
        ),
    )


def _request(need: Need, sender: str, shown: dict[str, bool], language: str, words: Formulas) -> list[parts.Block]:
    day = day_text((need.posted_at or need.created_at).date(), language)
    blocks: list[parts.Block] = [
        parts.Paragraph(words.opening % {"sender": sender, "ref": need.ref, "day": day}),
        parts.Paragraph(words.problem),
        parts.Paragraph(need.problem, need.language),
    ]
    if need.objectives:
        blocks += [parts.Paragraph(words.objectives), parts.Paragraph(need.objectives, need.language)]
    if need.lines:
        lead = words.asks % {"count": len(need.lines)} if len(need.lines) > 1 else words.asks_one
        blocks += [parts.Paragraph(lead), _lines(need, language, knows_costs=shown["budget"])]
    facts = _facts(need, shown, language, words)
    return [*blocks, parts.Facts(facts)] if facts else blocks


def _lines(need: Need, language: str, *, knows_costs: bool) -> parts.Table:
    with_cost = knows_costs and any(line.cost for line in need.lines)
    rows = []
    for line in need.lines:
        details = (line.description, line.beneficiary_unit)
        what = "\n".join(text for text in (name_of("kind", line.kind, language), *details) if text)
        row = (what, amount_words(line, language), days_words(line.starts_on, line.ends_on, language) or "–")
        rows.append((*row, cost_words(line, language) or "–") if with_cost else row)
    head = heads((WHAT, HOW_MANY, BY_WHEN, COST)[: 4 if with_cost else 3], language)
    numeric = frozenset({3} if with_cost else ())
    return parts.Table("", head, tuple(rows), (8, 3, 4, 3)[: len(head)], numeric)


def _facts(need: Need, shown: dict[str, bool], language: str, words: Formulas) -> tuple[tuple[str, Text], ...]:
    budget = money_text(need.budget, language) if shown["budget"] and need.budget else ""
    rows = (
        (say(msg("Country"), language), Text(named("country", need.codes("country"), language))),
        (say(msg("Place"), language), Text(need.place if shown["place"] else "", need.language)),
        (words.dates, Text(days_words(need.starts_on, need.ends_on, language))),
        (words.offers, Text(day_text(need.offers_due_on, language) if need.offers_due_on else "")),
        (words.budget, Text(budget)),
        (words.contact, Text(need.contact if shown["contact"] else "", need.language)),
    )
    return tuple(row for row in rows if row[1].text)


def _end(need: Need, reader: Actor, sender: str, now: datetime, language: str, words: Formulas) -> list[parts.Block]:
    closing = parts.Paragraph(words.closing % {"sender": sender})
    if need.organisation_id not in reader.organisation_ids:
        return [closing, parts.Paragraph(words.copy, look="small")]
    place, initials = words.signature
    rows = ((place, day_text(now.date(), language)), (initials, ""))
    return [closing, parts.Signature(rows, words.seal)]
