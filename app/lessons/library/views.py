"""The pages of the library: its list, what is known of a theme, and the best practices."""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import surface
from app.foundation.permissions import Permission
from app.foundation.web import abort, actor, now, reading, render, request, route, url_for
from app.lessons import listing, rules
from app.lessons.library.brief import MOST_LESSONS
from app.lessons.library.queries import Filters, list_lessons
from app.lessons.library.themes import BY, known_of
from app.lessons.models import Lesson
from app.lessons.queries import queue as lessons_waiting
from app.lessons.shared import LIST, bp
from app.lessons.standing.queries import standings_of, ties_of
from app.lessons.standing.words import in_words, number
from app.reference.themes import themes

THEME = surface("lesson.theme", "page", "lesson")


@route(bp, "", Permission.PUBLIC_READ, surface=LIST)
def index() -> Any:
    """The library."""
    asked = listing.read(Lesson)
    with reading() as tx:
        page = listing.page_of(tx, Lesson, asked)
        return render(
            "lessons/index.html",
            asked=asked,
            page=page,
            standings=standings_of(tx, actor(), page.items),
            today=now().date(),
            has_queue=bool(actor().of_kind("secretariat")) or bool(lessons_waiting(tx, actor())),
            printed=listing.read(Lesson, "lessons.brief").address(),
            most=MOST_LESSONS,
            **listing.drawn_beside(tx, Lesson, asked),
            rules=rules,
        )


@route(bp, "/best-practices", Permission.PUBLIC_READ, surface=LIST)
def best_practices() -> Any:
    """What worked, and three independent sources say so."""
    with reading() as tx:
        filters = Filters(standing=("best_practice",))
        page = list_lessons(tx, actor(), filters, request.args.get("page"))
        standings = standings_of(tx, actor(), page.items)
        return render(
            "lessons/best_practices.html",
            page=page,
            sources={lesson.id: ties_of(tx, actor(), lesson) for lesson in page.items},
            known={number_: in_words(standing.weight) for number_, standing in standings.items()},
            address=lambda page_number: url_for("lessons.best_practices", page=page_number),
        )


@route(bp, "/themes/<code>", Permission.PUBLIC_READ, surface=THEME)
def theme(code: str) -> Any:
    """What is known of a theme, from validated lessons alone."""
    by = arranged_by(code)
    with reading() as tx:
        known = known_of(tx, actor(), code, by)
        return render(
            "lessons/theme.html", code=code, by=by, names=BY[by], known=known, rules=rules, number=number,
            ways=list(BY),
        )  # fmt: skip


def arranged_by(code: str) -> str:
    """What the page of a theme is arranged by, as its address asks; a 404 where there is no such theme."""
    if code not in themes():
        abort(404)
    asked = request.args.get("by", "")
    return asked if asked in BY else next(iter(BY))
