"""A brief to print, worded already: what stands on it, from the library as narrowed or from the page of a theme."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.foundation.languages import day_text, name_of, say
from app.foundation.messages import Message
from app.foundation.web import current_language, gettext, ngettext, site
from app.lessons import rules
from app.lessons.library.rules import Statement
from app.lessons.library.themes import BY, Known
from app.lessons.models import Lesson
from app.lessons.standing.queries import Standing
from app.lessons.standing.words import in_words, number

MOST_LESSONS = 60
"""A brief that is longer is no brief."""


@dataclass(frozen=True)
class Text:
    """A text with the language that it is written in, and what stands before it in the reader's own."""

    text: str
    language: str
    label: str = ""


@dataclass(frozen=True)
class Entry:
    """One lesson, or one statement that several lessons make; `strong` is what to do next time."""

    kicker: str
    title: Text | None
    parts: tuple[Text, ...]
    strong: Text
    sources: str


@dataclass(frozen=True)
class Section:
    """Entries under a heading; without one, they simply follow."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class BriefSource:
    """A line of the list of sources, and where the lesson can be read."""

    number: int
    text: str
    link: str


@dataclass(frozen=True)
class Brief:
    """Everything that stands on the paper; `page` is how a page is numbered, with a %(number)s in it."""

    language: str
    title: str
    lead: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    sources_heading: str
    sources: tuple[BriefSource, ...]
    made_at: datetime


def brief_of_lessons(
    lessons: Sequence[Lesson], standings: Mapping[int, Standing], total: int, asked: Iterable[str], now: datetime
) -> Brief:
    """The lessons of the library as it was narrowed; `asked` are the filters in words, `total` how many fit."""
    filters = [*asked]
    lead = ngettext("%(num)s lesson", "%(num)s lessons", total)
    numbers = {lesson.id: place for place, lesson in enumerate(lessons, start=1)}
    entries = tuple(_whole(lesson, standings.get(lesson.id), numbers[lesson.id]) for lesson in lessons)
    notes = [gettext("Narrowed to: %(filters)s", filters="; ".join(filters))] if filters else []
    if total > len(lessons):
        notes.append(
            gettext(
                "Of %(total)s lessons the first %(shown)s stand here. Narrow the list to print the others.",
                total=total, shown=len(lessons),
            )
        )  # fmt: skip
    return _brief(gettext("What has been learned"), lead, notes, (Section("", entries),), lessons, now)


def brief_of_theme(known: Known, code: str, by: str, now: datetime) -> Brief:
    """What is known of a theme: statements by criterion or stage, and what lessons contradict each other."""
    lessons, sections = list(known.lessons.values()), []
    numbers = {lesson.id: place for place, lesson in enumerate(lessons, start=1)}
    for group in known.summary.groups:
        said = [one for statements in group.by_verdict.values() for one in statements]
        heading = _group_name(group.code, by)
        sections.append(Section(heading, tuple(_statement(one, known.lessons, numbers) for one in said)))
    if known.summary.differing:
        pairs = tuple(_statement(one, known.lessons, numbers) for pair in known.summary.differing for one in pair)
        sections.append(Section(gettext("Where lessons contradict one another"), pairs))
    title = gettext("What is known: %(theme)s", theme=name_of("theme", code, current_language()))
    lead = ngettext("From %(num)s validated lesson", "From %(num)s validated lessons", len(lessons))
    return _brief(title, lead, [], tuple(sections), lessons, now)


def _brief(
    title: str, lead: str, notes: Iterable[str], sections: tuple[Section, ...], lessons: Iterable[Lesson], now: datetime
) -> Brief:
    language = current_language()
    day = gettext("As of %(day)s, as far as you may see it", day=day_text(now.date(), language))
    sources = tuple(_source(place, lesson) for place, lesson in enumerate(lessons, start=1))
    return Brief(language, title, f"{lead} · {day}", tuple(notes), sections, gettext("Sources"), sources, now)


def _whole(lesson: Lesson, standing: Standing | None, place: int) -> Entry:
    labels = {
        "context": gettext("When"), "action": gettext("this was done"), "result": gettext("and led to"),
        "cause": gettext("because"),
    }  # fmt: skip
    parts = tuple(
        Text(str(getattr(lesson, part)), lesson.language, label)
        for part, label in labels.items()
        if getattr(lesson, part)
    )
    words = [_verdict(lesson.verdict), say(rules.STATUS_NAMES[lesson.status][0], current_language())]
    words += [gettext("Best practice")] if standing and standing.is_best else []
    words += [in_words(standing.weight)] if standing else []
    return Entry(
        " · ".join(words), Text(lesson.title, lesson.language), parts,
        Text(lesson.instruction, lesson.language, gettext("Next time")), f"[{place}]",
    )  # fmt: skip


def _statement(one: Statement, lessons: Mapping[int, Lesson], numbers: Mapping[int, int]) -> Entry:
    leading = lessons[one.leading]
    marks = " ".join(f"[{numbers[number_]}]" for number_ in one.lessons)
    said = gettext("%(count)s sources say", count=number(one.sources)) if one.sources > 1 else ""
    kicker = " · ".join(word for word in (_verdict(one.verdict), said.capitalize()) if word)
    result = Text(leading.result, leading.language, gettext("What came of it"))
    return Entry(kicker, None, (result,), Text(leading.instruction, leading.language), marks)


def _verdict(verdict: str) -> str:
    named: Message | str = rules.VERDICTS[verdict][0] if verdict in rules.VERDICTS else verdict
    return say(named, current_language())


def _group_name(code: str, by: str) -> str:
    if code in BY[by]:
        return say(BY[by][code], current_language())
    return str(gettext("No criterion named") if by == "criterion" else gettext("No stage named"))


def _source(place: int, lesson: Lesson) -> BriefSource:
    language = current_language()
    evidence = say(rules.EVIDENCE[lesson.evidence], language) if lesson.evidence in rules.EVIDENCE else ""
    told = day_text(lesson.posted_at.date(), language) if lesson.posted_at else ""
    words = (lesson.organisation.named(language), f"“{lesson.title}”", evidence, told, lesson.ref)
    return BriefSource(place, ", ".join(word for word in words if word), address_on_paper(lesson))


def address_on_paper(lesson: Lesson) -> str:
    """Where a lesson can be read, as one writes it outside of the site."""
    return f"{site().settings.public_url.rstrip('/')}/lessons/{lesson.ref}"
