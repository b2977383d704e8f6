"""What stands in the report of a region, chapter by chapter: typed by the desk, and counted as its audience sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from app.foundation.actors import Actor
from app.foundation.db import Tx
from app.foundation.languages import day_text, name_of, number_text, say
from app.foundation.messages import Message, Named, msg, pmsg
from app.needs.models import Need
from app.overview.queries import gaps_by, place_of_grouping
from app.overview.rules import Gap
from app.pledges.queries import coverage_shown
from app.reference.groupings import members
from app.reference.themes import themes
from app.reports import document as parts
from app.reports.accounts.parts import NOTHING, finding_table, nothing
from app.reports.closing_words import signature
from app.reports.document import Document, Text
from app.reports.models import RegionalReport
from app.reports.pictures import bars_of_gaps, shaded
from app.reports.regional.queries import Doing, findings_of, open_needs, points_seen, who_does_what
from app.reports.regional.rules import AUDIENCES, DRAFT, OUTCOMES, reader_of
from app.reports.rules import Signer
from app.reports.wording import days_words, heads, moment_words, named, page_words

NEED_HEAD = (msg("Need"), msg("Country"), msg("Themes"), msg("Items open"), msg("Wanted by"))
DOING_HEAD = (msg("Country"), msg("Who"), msg("Themes"))
FOLLOW_HEAD = (msg("What was recommended"), msg("To whom"), msg("What became of it"), msg("How"))
MOST_THEMES = 6
MOST_SOURCES = 150


@dataclass(frozen=True)
class Read:
    """What is read for a report, each thing once, as somebody of its audience may see it."""

    tx: Tx
    report: RegionalReport
    reader: Actor
    today: date

    @property
    def language(self) -> str:
        """The language of the report."""
        return self.report.language

    @cached_property
    def countries(self) -> frozenset[str]:
        """The members of the grouping."""
        return members(self.report.grouping)

    @cached_property
    def needs(self) -> Sequence[Need]:
        """Their open needs."""
        return open_needs(self.tx, self.reader, self.countries)

    @cached_property
    def doing(self) -> Doing:
        """Who does what there."""
        return who_does_what(self.tx, self.reader, self.report.grouping, self.language, self.today)

    def gaps(self, facet: str) -> dict[str, Gap]:
        """What is asked and offered there by theme or by country, in these countries alone."""
        found = gaps_by(self.tx, self.reader, facet, self.today, place_of_grouping(self.report.grouping))
        return {code: gap for code, gap in found.items() if facet != "country" or code in self.countries}


def regional_document(
    tx: Tx, report: RegionalReport, now: datetime, public_url: str, signer: Signer | None = None
) -> Document:
    """The report as it stands at this moment."""
    read, blocks = Read(tx, report, reader_of(report.disclosure), now.date()), list[parts.Block]()
    language = report.language
    if report.introduction:
        blocks.append(parts.Paragraph(report.introduction))
    for chapter in (_situation, _needs, _who, _found, _recommendations, _follow_up):
        blocks += chapter(read)
    blocks += _sources(read, public_url)
    known = signer or Signer(report.signer_name, report.signer_function, report.signer_place)
    grouping = name_of("grouping", report.grouping, language)
    kicker = [say(msg("Regional report"), language), grouping, days_words(report.starts_on, report.ends_on, language)]
    if report.status == DRAFT and signer is None:
        kicker.append(say(pmsg("report", "Draft"), language))
    readers = msg(
        "For: %(readers)s. Counted is what each of these readers may see.", readers=AUDIENCES[report.disclosure]
    )
    return Document(
        language=language,
        title=report.title,
        kicker=" · ".join(kicker),
        lead=f"{say(readers, language)} {moment_words(now, language)}.",
        blocks=(*blocks, signature(known, now, language)),
        made_at=now,
        page=page_words(language),
        author=report.organisation.named(language),
    )


def _heading(number: int, text: Message, read: Read) -> parts.Heading:
    return parts.Heading(f"{number_text(number, read.language)}. {say(text, read.language)}")


def _situation(read: Read) -> list[parts.Block]:
    """A picture of all themes, then what the desk says of each."""
    gaps, language = read.gaps("theme"), read.language
    blocks = [_heading(1, msg("Situation by theme"), read), *bars_of_gaps(gaps.values(), "theme", language)]
    for code in sorted(read.report.situations, key=lambda one: -gaps.get(one, Gap(one)).lines):
        gap = gaps.get(code, Gap(code))
        figures = msg(
            "Open needs: %(needs)s. Items asked for: %(lines)s, of which covered: %(covered)s. On offer: %(offers)s.",
            needs=gap.needs, lines=gap.lines, covered=gap.covered, offers=gap.supply,
        )  # fmt: skip
        blocks += [
            parts.Heading(name_of("theme", code, language), 2),
            parts.Paragraph(say(figures, language), look="small"),
            parts.Paragraph(read.report.situations[code]),
        ]
    return blocks


def _needs(read: Read) -> list[parts.Block]:
    blocks: list[parts.Block] = [_heading(2, msg("Needs"), read)]
    if not read.needs:
        return [*blocks, nothing(msg("No need is open."), read.language)]
    rows = tuple(_need(need, read) for need in read.needs)
    table = parts.Table("", heads(NEED_HEAD, read.language), rows, (7, 3, 5, 2, 3), frozenset({3}))
    return [*blocks, *bars_of_gaps(read.gaps("country").values(), "country", read.language), table]


def _need(need: Need, read: Read) -> tuple[parts.Cell, ...]:
    language = read.language
    cover = coverage_shown(read.tx, read.reader, need)
    left = sum(one.open > 0 for one in cover.values())
    here = [code for code in need.codes("country") if code in read.countries]
    return (
        Text(need.title, need.language), named("country", here, language),
        named("theme", need.codes("theme"), language) or NOTHING,
        say(msg("%(open)s of %(all)s", open=left, all=len(cover)), language),
        day_text(need.ends_on, language) if need.ends_on else NOTHING,
    )  # fmt: skip


def _who(read: Read) -> list[parts.Block]:
    """A table of States by themes that is shaded by how many are there, and below it who they are."""
    doing, language = read.doing, read.language
    heading = _heading(3, msg("Who does what"), read)
    if not doing.by_place:
        return [heading, nothing(msg("Nobody is at work there."), language)]
    shown = doing.themes()[:MOST_THEMES]
    names = [_theme(code, language) for code in shown]
    rows = [
        (name_of("country", country, language), [len(doing.by_place.get((country, theme), ())) for theme in shown])
        for country in doing.countries()
    ]
    told = say(msg("How many organisations are at work in each State, by theme: the darker, the more"), language)
    title = say(msg("States by themes"), language)
    picture = shaded(title, told, (say(msg("Country"), language), *names), rows, language)
    listed = tuple(
        (name_of("country", country, language), who, ", ".join(_theme(theme, language) for theme in about))
        for (country, who), about in doing.by_giver().items()
    )
    return [heading, picture, parts.Table("", heads(DOING_HEAD, language), listed, (3, 5, 8))]


def _theme(code: str, language: str) -> str:
    return name_of("theme", code, language) if code in themes() else say(msg("No theme named"), language)


def _found(read: Read) -> list[parts.Block]:
    heading = _heading(4, msg("Gaps and overlaps"), read)
    found = findings_of(read.tx, read.reader, read.countries, read.today)
    if not found:
        return [heading, nothing(msg("Nothing was found."), read.language)]
    return [heading, finding_table(found, read.language, with_country=True)]


def _recommendations(read: Read) -> list[parts.Block]:
    heading, rows = _heading(5, msg("Recommendations"), read), read.report.recommendations
    if not rows:
        return [heading, nothing(msg("Nothing is recommended."), read.language)]
    items = tuple(Text(f"{row['text']} ({row['to']})" if row["to"] else row["text"]) for row in rows)
    return [heading, parts.Bullets(items, numbered=True)]


def _follow_up(read: Read) -> list[parts.Block]:
    """What the last report recommended, and what became of it."""
    heading, rows = _heading(6, msg("Follow-up of the last report"), read), read.report.follow_up
    if not rows:
        return [heading, nothing(msg("There is nothing to follow up."), read.language)]
    points, language = points_seen(read.tx, read.reader, rows), read.language
    cells = []
    for row in rows:
        linked = [_point(points[ref].text, points[ref].ref) for ref in row["points"] if ref in points]
        how = "\n".join(text for text in (row["note"], *linked) if text)
        cells.append((row["text"], row["to"] or NOTHING, say(OUTCOMES[row["status"]], language), how or NOTHING))
    counts = {status: sum(row["status"] == status for row in rows) for status in OUTCOMES}
    figures = tuple((number_text(counts[status], language), say(OUTCOMES[status], language)) for status in OUTCOMES)
    table = parts.Table("", heads(FOLLOW_HEAD, language), tuple(cells), (6, 3, 2, 6))
    return [heading, parts.KeyFigures(figures), table]


def _point(text: str, ref: str) -> str:
    return f"{ref}: {text}"


def _sources(read: Read, public_url: str) -> list[parts.Block]:
    """The annex: every need and every programme that was counted and where it can be read."""
    base = public_url.rstrip("/")
    needs = [(Text(f"{need.title}, {need.ref}", need.language), f"{base}/needs/{need.ref}") for need in read.needs]
    programmes = [
        (Text(f"{one.title}, {one.ref}", one.language), f"{base}/programmes/{one.ref}")
        for one in read.doing.records
        if one.kind == "programme"
    ]
    every = [*needs, *programmes]
    if not every:
        return []
    language = read.language
    blocks: list[parts.Block] = [
        parts.Heading(say(msg("Annex: sources"), language)), parts.Sources(tuple(every[:MOST_SOURCES])),
    ]  # fmt: skip
    if len(every) > MOST_SOURCES:
        grouping = Named("grouping", read.report.grouping)
        more = msg(
            "And %(number)s more, on the page of %(grouping)s.", number=len(every) - MOST_SOURCES, grouping=grouping
        )
        blocks.append(parts.Paragraph(say(more, language), look="small"))
    return blocks
