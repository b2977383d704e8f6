"""The library to take along: as a table, and as a brief to print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Response

from app.foundation.filing.downloads import table_file
from app.foundation.languages import name_of, say
from app.foundation.listing import tags_of
from app.foundation.messages import Message, msg
from app.foundation.permissions import Permission
from app.foundation.spreadsheets.sheets import Cell
from app.foundation.web import actor, current_language, gettext, now, reading, route
from app.lessons import listing, rules
from app.lessons.library.brief import MOST_LESSONS, address_on_paper, brief_of_lessons, brief_of_theme
from app.lessons.library.paper import draw
from app.lessons.library.queries import every_lesson
from app.lessons.library.themes import known_of
from app.lessons.library.views import arranged_by
from app.lessons.models import Lesson
from app.lessons.shared import EXPORT, bp
from app.lessons.standing.queries import Standing, standings_of
from app.lessons.standing.words import in_words

HEAD: tuple[Message, ...] = (
    msg("Reference"), msg("Title"), msg("Language"), msg("How it went"), msg("Validation"), msg("How well it is known"),
    msg("Best practice"), msg("When"), msg("What was done"), msg("What it led to"), msg("Why"), msg("Next time"),
    msg("Evidence"), msg("Told by somebody who did not take part"), msg("Whose view"), msg("Kind of lesson"),
    msg("Criterion"), msg("Stage"), msg("To be read by"), msg("Others who should read it"), msg("Themes"),
    msg("Kinds of assistance"), msg("Countries"), msg("Organisation"), msg("Told on"), msg("Look at it again by"),
    msg("Address"),
)  # fmt: skip


@route(bp, "/library.<any(csv, xlsx):ending>", Permission.PUBLIC_READ, surface=EXPORT)
def table(ending: str) -> Response:
    """The lessons that the filters leave, as comma-separated values or as a workbook."""
    asked = listing.read(Lesson, "lessons.table")
    with reading() as tx:
        lessons = every_lesson(tx, actor(), listing.filters_of(asked), asked.sort)
        standings = standings_of(tx, actor(), lessons)
        rows = [row_of(one, standings) for one in lessons]
    return table_file("lessons", [say(title, current_language()) for title in HEAD], rows, ending)


@route(bp, "/library.pdf", Permission.PUBLIC_READ, surface=EXPORT)
def brief() -> Response:
    """The best known of the lessons that the filters leave, as a brief to print."""
    asked = listing.read(Lesson, "lessons.brief")
    with reading() as tx:
        lessons = every_lesson(tx, actor(), listing.filters_of(asked), asked.sort)
        shown = lessons[:MOST_LESSONS]
        filters = [f"{tag['label']} {tag['value']}" for tag in tags_of(asked, listing.words(Lesson))]
        made = brief_of_lessons(shown, standings_of(tx, actor(), shown), len(lessons), filters, now())
    return _file(draw(made), "lessons", "pdf", "application/pdf")


@route(bp, "/themes/<code>/brief.pdf", Permission.PUBLIC_READ, surface=EXPORT)
def theme_brief(code: str) -> Response:
    """What is known of a theme, as a brief to print."""
    by = arranged_by(code)
    with reading() as tx:
        made = brief_of_theme(known_of(tx, actor(), code, by), code, by, now())
    return _file(draw(made), f"lessons-{code}", "pdf", "application/pdf")


def _file(body: bytes, what: str, ending: str, kind: str) -> Response:
    name = f"counterpart-{what}-{now().date().isoformat()}.{ending}"
    return Response(body, mimetype=kind, headers={"Content-Disposition": f"attachment; filename={name}"})


def row_of(lesson: Lesson, standings: Mapping[int, Standing]) -> Sequence[Cell]:
    """A lesson as a row of the table, its codes by their names."""
    standing = standings.get(lesson.id)
    yes, no = gettext("Yes"), gettext("No")
    return (
        lesson.ref, lesson.title, lesson.language, _say(listing.OWN["verdict"], lesson.verdict),
        say(rules.STATUS_NAMES[lesson.status][0], current_language()),
        in_words(standing.weight) if standing else "", yes if standing and standing.is_best else no,
        lesson.context, lesson.action, lesson.result, lesson.cause, lesson.instruction,
        _say(rules.EVIDENCE, lesson.evidence), yes if lesson.is_independent else no, _say(rules.VIEWS, lesson.view),
        _say(rules.KINDS, lesson.kind), _say(rules.CRITERIA, lesson.criterion), _say(rules.STAGES, lesson.stage),
        "; ".join(_say(rules.AUDIENCES, code) for code in lesson.codes("audience")), lesson.audience,
        _named(lesson, "theme"), _named(lesson, "kind"), _named(lesson, "country"),
        lesson.organisation.named(current_language()), _day(lesson.posted_at), _day(lesson.review_by),
        address_on_paper(lesson),
    )  # fmt: skip


def _say(names: Mapping[str, Message], code: str) -> str:
    return say(names[code], current_language()) if code in names else code


def _named(lesson: Lesson, facet: str) -> str:
    return "; ".join(name_of(facet, code, current_language()) for code in lesson.codes(facet))


def _day(when: Any) -> str:
    return when.strftime("%Y-%m-%d") if when else ""
