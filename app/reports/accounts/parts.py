"""Tables that accounts share: lines of needs with what was promised and delivered, pledges, findings, lessons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.coordination.rules import ITEM_KINDS
from app.foundation.languages import day_text, money_text, name_of, number_text, say
from app.foundation.messages import Message, Named, msg, pmsg
from app.foundation.money import Money
from app.lessons.models import Lesson
from app.needs.models import Need, NeedLine
from app.overview.radar.rules import Finding
from app.pledges.models import Pledge
from app.pledges.portfolio.rules import STATES
from app.pledges.queries import Sight, is_confirmed, money_of
from app.pledges.reckoning import Coverage
from app.reference.themes import themes
from app.reports import document as parts
from app.reports.document import Text
from app.reports.wording import amount_words, days_words, heads

NOTHING = "–"
LINE_HEAD = (
    msg("What"), msg("Asked"), pmsg("ledger", "Promised"), pmsg("ledger", "Delivered"), pmsg("ledger", "Open"),
    msg("By when"),
)  # fmt: skip
PLEDGE_HEAD = (
    msg("Pledge"), msg("Donor"), msg("For which need"), msg("Status"), msg("Accepted on"), msg("Promised money"),
    msg("Delivered money"),
)  # fmt: skip
FINDING_HEAD = (msg("What was found"), msg("Country"), msg("Theme"), msg("When"), msg("Why"))
LESSON_HEAD = (msg("Lesson"), msg("Next time"), msg("Reference"))
MOST_LESSONS = 40


@dataclass(frozen=True)
class PledgeRow:
    """A pledge as its reader may see it; `need` only where that may be seen too."""

    pledge: Pledge
    sight: Sight
    need: Need | None
    state: str


def line_table(need: Need, cover: Mapping[int, Coverage], language: str) -> parts.Table:
    """Each line of a need: what is asked, promised, delivered and open."""
    rows = tuple(_line(line, cover[line.id], language) for line in need.lines)
    return parts.Table("", heads(LINE_HEAD, language), rows, (7, 3, 2, 2, 2, 3), frozenset({2, 3, 4}))


def _line(line: NeedLine, cover: Coverage, language: str) -> tuple[parts.Cell, ...]:
    what = name_of("kind", line.kind, language)
    figures = (number_text(each, language) for each in (cover.counted, cover.delivered, cover.open))
    until = day_text(line.ends_on, language) if line.ends_on else NOTHING
    return (f"{what}: {line.description}" if line.description else what, amount_words(line, language), *figures, until)


def pledge_table(rows: Iterable[PledgeRow], language: str, *, with_donor: bool) -> parts.Table:
    """Pledges with their money, as far as it may be seen."""
    columns = [place for place in range(len(PLEDGE_HEAD)) if with_donor or place != 1]
    titles = heads((PLEDGE_HEAD[place] for place in columns), language)
    lines = tuple(tuple(_pledge(row, language)[place] for place in columns) for row in rows)
    widths = (3, 4, 6, 3, 3, 3, 3)
    numeric = frozenset({len(columns) - 2, len(columns) - 1})
    return parts.Table("", titles, lines, tuple(widths[place] for place in columns), numeric)


def _pledge(row: PledgeRow, language: str) -> tuple[parts.Cell, ...]:
    pledge = row.pledge
    hidden = say(msg("Not shown"), language)
    donor = pledge.organisation.named(language) if row.sight.donor else hidden
    need: parts.Cell = Text(row.need.title, row.need.language) if row.need else NOTHING
    promised = sums_words(promised_of(row), language) or NOTHING
    arrived = sums_words(arrived_of(row), language) or NOTHING
    day = day_text(pledge.accepted_at.date(), language) if pledge.accepted_at else NOTHING
    return (
        pledge.ref, donor, need, say(STATES[row.state][0], language), day,
        promised if row.sight.amount else hidden, arrived if row.sight.amount else hidden,
    )  # fmt: skip


def promised_of(row: PledgeRow) -> list[Money]:
    """The money that a pledge promises, where it may be seen."""
    return [line.money for line in row.pledge.lines if line.money] if row.sight.amount else []


def arrived_of(row: PledgeRow) -> list[Money]:
    """The money that both sides confirm as delivered, where it may be seen."""
    if not row.sight.amount:
        return []
    done = [money_of(part) for line in row.pledge.lines for part in line.contributions if is_confirmed(part)]
    return [money for money in done if money]


def sums_words(amounts: Iterable[Money], language: str) -> str:
    """Amounts added up by currency; two currencies are never added."""
    sums: dict[str, Money] = {}
    for money in amounts:
        sums[money.currency] = sums[money.currency] + money if money.currency in sums else money
    return " + ".join(money_text(sums[currency], language) for currency in sorted(sums))


def finding_table(found: Sequence[Finding], language: str, *, with_country: bool) -> parts.Table:
    """Gaps, crowding and collisions with their reasons."""
    columns = [place for place in range(len(FINDING_HEAD)) if with_country or place != 1]
    rows = tuple(tuple(_finding(one, language)[place] for place in columns) for one in found)
    widths = (3, 3, 4, 3, 8)
    titles = heads((FINDING_HEAD[place] for place in columns), language)
    return parts.Table("", titles, rows, tuple(widths[place] for place in columns))


def _finding(one: Finding, language: str) -> tuple[parts.Cell, ...]:
    theme = name_of("theme", one.theme, language) if one.theme in themes() else say(msg("Every theme"), language)
    quarters = dict.fromkeys((str(one.first), str(one.last)))
    when = " – ".join(name_of("quarter", quarter, language) for quarter in quarters)
    why = " ".join(say(reason, language) for reason in one.why)
    return say(ITEM_KINDS[one.kind][0], language), name_of("country", one.country, language), theme, when, why


def lesson_table(lessons: Sequence[Lesson], language: str) -> parts.Table:
    """Lessons with what to do next time."""
    rows = tuple(
        (Text(one.title, one.language), Text(one.instruction, one.language), one.ref) for one in lessons[:MOST_LESSONS]
    )
    return parts.Table("", heads(LESSON_HEAD, language), rows, (5, 7, 3))


def need_facts(need: Need, status: Message, language: str) -> parts.Paragraph:
    """A line below a need's title: who asks, its reference, how it stands, from when to when."""
    words = (
        need.organisation.named(language), need.ref, say(status, language),
        days_words(need.starts_on, need.ends_on, language),
    )  # fmt: skip
    return parts.Paragraph(" · ".join(word for word in words if word), look="small")


def nothing(message: Message, language: str) -> parts.Paragraph:
    """A chapter of which there is nothing to tell says so."""
    return parts.Paragraph(say(message, language))


def country_named(iso2: str) -> Named:
    """A country inside a message."""
    return Named("country", iso2)
