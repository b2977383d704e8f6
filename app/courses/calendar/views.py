"""The pages of the calendar, its files for calendar programs, and the printed programme of a centre."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from babel.dates import format_skeleton, get_day_names
from werkzeug.wrappers import Response

from app.courses import queries as courses
from app.courses import rules as law
from app.courses.calendar import asking, feed, queries, rules, structured
from app.courses.calendar.asking import AskedCalendar
from app.courses.models import Course, CourseSession
from app.courses.shared import bp
from app.foundation import calendars, disclosure
from app.foundation.db import Tx
from app.foundation.languages import LANGUAGES
from app.foundation.listing import beside
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Permission
from app.foundation.web import actor, current_language, found, now, reading, render, request, route, site
from app.organisations.queries import names_by_ref, readable_organisation

CALENDAR = disclosure.surface("course.calendar", "list", "course")
FEED = disclosure.surface("course.feed", "feed", "course")
FILE = disclosure.surface("course.session.file", "file", "course")
PROGRAMME = disclosure.surface("course.programme", "list", "course")

KEPT = timedelta(days=365)
"""So long a session that is over stays in a feed, so that it does not vanish from people's calendars at once."""


@route(bp, "/calendar", Permission.PUBLIC_READ, CALENDAR)
def calendar() -> Response:
    """Sessions by month, or as a list of those to come, narrowed by what the address asks for."""
    asked = asking.read(request.args)
    with reading() as tx:
        return _list(tx, asked) if asked.view == asking.LIST else _month(tx, asked)


def _month(tx: Tx, asked: AskedCalendar) -> Response:
    month = rules.Month.read(asked.month) or rules.Month.of(now().date())
    runs = queries.runs_from(tx, actor(), month.first, now())
    fitting = [run for run in runs if rules.fits(run, asked.chosen)]
    shown = [run for run in fitting if run.starts_on <= month.last]
    later = [run for run in fitting if run.starts_on > month.last and not run.is_cancelled]
    begins = rules.first_weekday(current_language(), request.accept_languages.values())
    return render(
        "courses/calendar/month.html",
        month=month,
        weeks=rules.weeks_of(month, shown, begins),
        days=rules.by_day(month, shown),
        weekdays=[get_day_names("wide", "stand-alone", current_language())[(begins + n) % 7] for n in range(7)],
        sessions={session.id: session for session in queries.sessions(tx, actor(), [run.id for run in shown])},
        number=len(shown),
        total=len(fitting),
        later=rules.Month.of(later[0].starts_on) if later else None,
        **_around(tx, asked, runs),
    )


def _list(tx: Tx, asked: AskedCalendar) -> Response:
    month = rules.Month.read(asked.month)
    runs = queries.runs_from(tx, actor(), month.first if month else now().date(), now())
    fitting = [run.id for run in runs if rules.fits(run, asked.chosen)]
    number = page_number(request.args.get("page"), len(fitting), asked.size)
    shown = fitting[(number - 1) * asked.size : number * asked.size]
    page = Page(queries.sessions(tx, actor(), shown), number, len(fitting), asked.size)
    return render("courses/calendar/list.html", page=page, month=month, **_around(tx, asked, runs))


def _around(tx: Tx, asked: AskedCalendar, runs: Sequence[rules.Run]) -> dict[str, Any]:
    """What both views have beside them: the choices, the filters in use, and how a session stands."""
    counts = rules.counts(runs, asked.chosen)
    centres = names_by_ref(tx, {*counts["centre"], *asked.codes("centre")})
    return {
        "asked": asked,
        "feed_address": site().settings.public_url + asked.feed(),
        "standing_of": lambda session: courses.standing_of(session, now()),
        "month_name": month_name,
        **beside(asked, counts, asking.words(centres)),
    }


def month_name(month: rules.Month) -> str:
    """A month in the language of the page."""
    return format_skeleton("yMMMM", month.first, locale=current_language())


@route(bp, "/calendar.ics", Permission.PUBLIC_READ, FEED)
def calendar_file() -> Response:
    """The sessions that fit the filters of the address, as a calendar of its own that programs ask for again."""
    asked, language = asking.read(request.args), _language()
    with reading() as tx:
        told = queries.told_from(tx, actor(), now().date() - KEPT, now(), asked.chosen, language)
        name = asking.title(asked, names_by_ref(tx, asked.codes("centre")), language)
    events = [feed.event_of(one, language, site().settings.public_url) for one in told]
    text = calendars.calendar_text(events, name)
    mark = feed.mark_of(text)
    is_known = request.if_none_match.contains(mark)
    answer = Response(status=304) if is_known else calendars.calendar_answer(text, "counterpart-courses")
    answer.set_etag(mark)
    return answer


@route(bp, "/<ref>/sessions/<session_ref>.ics", Permission.PUBLIC_READ, FILE)
def session_file(ref: str, session_ref: str) -> Response:
    """One session, to be added to a calendar."""
    with reading() as tx:
        session = found(courses.session_of(courses.find_course(tx, actor(), ref), session_ref))
        course, language = session.course, _language()
        spoken = session.languages or course.codes("language")
        told = feed.told_of(session, course, course.organisation.named(language), spoken)
        event = feed.event_of(told, language, site().settings.public_url)
        return calendars.calendar_file([event], session.ref)


def _language() -> str:
    """Calendar programs say no language, so that the address says it."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else current_language()


@route(bp, "/programme/<organisation_ref>", Permission.PUBLIC_READ, PROGRAMME)
def programme(organisation_ref: str) -> Response:
    """All courses of a centre with their sessions to come, for print."""
    today = now().date()
    with reading() as tx:
        centre = readable_organisation(tx, actor(), organisation_ref)
        found(centre if centre and centre.kind == "centre" else None)
        return render(
            "courses/calendar/programme.html",
            centre=centre,
            courses=queries.catalogue_of(tx, actor(), found(centre)),
            to_come=lambda course: [
                run for run in course.sessions if run.ends_on >= today and not feed.is_cancelled(run)
            ],
            standing_of=lambda session: courses.standing_of(session, now()),
            rules=law,
        )


@bp.app_template_global("course_data")
def course_data(course: Course, runs: Sequence[CourseSession]) -> dict[str, Any] | None:
    """A public course as search engines read it."""
    return structured.course_data(course, runs, site().settings.public_url)
