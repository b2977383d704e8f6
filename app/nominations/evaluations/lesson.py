"""What was answered, as the beginning of a lesson: figures and what hindered most, for the centre to go on from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.courses.models import CourseSession
from app.foundation.languages import number_text, say
from app.foundation.messages import Message, Named, msg
from app.nominations.evaluations import rules
from app.nominations.evaluations.queries import Answers

MOST_OBSTACLES = 3
MEANS: Mapping[str, Message] = {
    "relevance": msg("relevance %(mean)s"),
    "teaching": msg("teaching %(mean)s"),
    "organisation": msg("organisation %(mean)s"),
}


def lesson_parts(session: CourseSession, answers: Iterable[Answers], language: str) -> dict[str, str]:
    """The parts of a lesson that can be written from the answers, in that language."""
    by_code = {one.question.code: one for answer in answers for one in answer.sums}
    parts = {
        "title": session.course.title,
        "context": say(_context(session), language),
        "action": say(_action(session), language),
        "result": " ".join(_result(by_code, language)),
        "cause": _cause(by_code, language),
    }
    return {name: text for name, text in parts.items() if text}


def _context(session: CourseSession) -> Message:
    day = Named("day", session.starts_on.isoformat())
    if session.country:
        place = Named("country", session.country)
        return msg(
            "Course “%(course)s”, begun on %(day)s in %(place)s.", course=session.course.title, day=day, place=place
        )
    return msg("Course “%(course)s”, begun on %(day)s.", course=session.course.title, day=day)


def _action(session: CourseSession) -> Message:
    centre = session.course.organisation.name
    if session.course.hours:
        return msg("%(centre)s gave a course of %(hours)s hours.", centre=centre, hours=session.course.hours)
    return msg("%(centre)s gave the course.", centre=centre)


def _result(sums: Mapping[str, rules.Sum], language: str) -> Iterable[str]:
    rated = [
        say(Message(text.text, {"mean": number_text(one.mean, language)}), language)
        for code, text in MEANS.items()
        if (one := sums.get(code)) is not None and one.mean is not None
    ]
    if rated:
        people = sums["relevance"].people
        said = msg("%(people)s answered; of 5 they gave: %(means)s.", people=people, means=", ".join(rated))
        yield say(said, language)
    before, after = sums.get("before"), sums.get("after")
    if before is not None and after is not None and before.mean is not None and after.mean is not None:
        learned = msg(
            "What they knew of the subject went, by their own account, from %(before)s to %(after)s of 5.",
            before=number_text(before.mean, language),
            after=number_text(after.mean, language),
        )
        yield say(learned, language)
    used = sums.get("used")
    if used is not None:
        did = used.people - used.counts[-1]
        later = msg("Six months later %(used)s of %(people)s had used it on the job.", used=did, people=used.people)
        yield say(later, language)


def _cause(sums: Mapping[str, rules.Sum], language: str) -> str:
    found = sums.get("obstacles")
    if found is None:
        return ""
    ranked = sorted((row for row in found.rows if row[1]), key=lambda row: -row[1])[:MOST_OBSTACLES]
    if not ranked:
        return ""
    named = "; ".join(f"{say(name, language)} ({number_text(count, language)})" for name, count in ranked)
    return say(msg("What hindered most: %(obstacles)s.", obstacles=named), language)
