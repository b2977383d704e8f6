"""A public course as search engines read it: schema.org's Course with a CourseInstance for each dated run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.courses.calendar.feed import is_cancelled
from app.courses.models import Course, CourseSession
from app.courses.rules import TYPES
from app.foundation.languages import LANGUAGES, say
from app.foundation.web import url_for

VOCABULARY = "https://schema.org"
MODES = {"on_site": "Onsite", "online": "Online", "mixed": "Blended"}


def course_data(course: Course, runs: Iterable[CourseSession], public_url: str) -> dict[str, Any] | None:
    """The course with these runs in the words of schema.org; nothing of a course that not everybody may see."""
    if course.disclosure != "public" or not course.is_published:
        return None
    return {"@context": VOCABULARY} | _told(
        {
            "@type": "Course",
            "name": course.title,
            "description": course.description or course.title,
            "url": public_url + url_for("courses.page", ref=course.ref),
            "identifier": course.ref,
            "courseCode": course.code,
            "learningResourceType": _type(course),
            "inLanguage": course.codes("language"),
            "teaches": course.objectives,
            "coursePrerequisites": course.prerequisites,
            "educationalLevel": course.level,
            "educationalCredentialAwarded": course.certificate,
            "provider": _centre(course, public_url),
            "offers": _price(course),
            "hasCourseInstance": [_instance(course, run, public_url) for run in runs],
        }
    )


def _type(course: Course) -> str:
    """What it is, in the language that the course is described in."""
    return say(TYPES.get(course.type, course.type), course.language if course.language in LANGUAGES else "en")


def _centre(course: Course, public_url: str) -> dict[str, Any]:
    centre = course.organisation
    address = public_url + url_for("organisations.page", ref=centre.ref)
    return {"@type": "Organization", "name": centre.name, "url": address}


def _price(course: Course) -> dict[str, Any] | None:
    if course.fee_amount is None:
        return None
    is_free = not course.fee_amount
    return _told(
        {
            "@type": "Offer",
            "category": "Free" if is_free else "Paid",
            "price": "0" if is_free else f"{course.fee_amount:f}",
            "priceCurrency": course.currency,
        }
    )


def _instance(course: Course, run: CourseSession, public_url: str) -> dict[str, Any]:
    state = "EventCancelled" if is_cancelled(run) else "EventScheduled"
    place = _told({"@type": "PostalAddress", "addressLocality": run.place, "addressCountry": run.country})
    return _told(
        {
            "@type": "CourseInstance",
            "name": course.title,
            "url": public_url + url_for("courses.session_page", ref=course.ref, session_ref=run.ref),
            "identifier": run.ref,
            "courseMode": MODES.get(course.format),
            "courseWorkload": f"PT{course.hours}H" if course.hours else None,
            "startDate": run.starts_on.isoformat(),
            "endDate": run.ends_on.isoformat(),
            "eventStatus": f"{VOCABULARY}/{state}",
            "inLanguage": list(run.languages) or course.codes("language"),
            "maximumAttendeeCapacity": run.seats,
            "location": {"@type": "Place", "name": run.place or run.country, "address": place}
            if run.place or run.country
            else None,
        }
    )


def _told(words: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in words.items() if value not in (None, "", [])}
