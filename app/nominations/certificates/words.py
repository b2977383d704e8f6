"""What stands on a certificate, in the language of its course."""

from __future__ import annotations

import unicodedata

from app.foundation.languages import LANGUAGES, day_text, name_of, number_text, say
from app.foundation.messages import Message, pmsg
from app.nominations.certificates.paper import Sheet
from app.nominations.models import Nomination
from app.nominations.rules import PASSED
from app.notifications.rules import one_line

OF_COMPLETION = (
    pmsg("certificate", "Certificate of completion"),
    pmsg("certificate", "has successfully completed the course"),
)
OF_ATTENDANCE = (pmsg("certificate", "Certificate of attendance"), pmsg("certificate", "has attended the course"))
BEFORE = pmsg("certificate", "This is to certify that")
CHECK = pmsg("certificate", "Check that this certificate is genuine, at the address below and with the code:")
DATES, HOURS, PLACE, MARK = (
    pmsg("certificate", "Dates"),
    pmsg("certificate", "Hours"),
    pmsg("certificate", "Place"),
    pmsg("certificate", "Mark"),
)
FROM_AFAR = pmsg("certificate", "From afar")


JOINERS = "\u200c\u200d"
"""Invisible, and yet part of how Persian and others write a word."""


def plain(text: str) -> str:
    """A text in one line, without signs that cannot be seen and would turn or hide what stands beside them."""
    seen = (c if c.isspace() or c in JOINERS or unicodedata.category(c)[0] != "C" else "" for c in text)
    return one_line("".join(seen))


def sheet_of(one: Nomination, public_url: str) -> Sheet:
    """The certificate of a nomination that has one, worded."""
    language = one.course.language if one.course.language in LANGUAGES else "en"
    title, after = OF_COMPLETION if one.status == PASSED else OF_ATTENDANCE
    centre = plain(one.course.organisation.name)
    issued = one.certified_at or one.changed_at
    return Sheet(
        language=language,
        title=say(title, language),
        centre=centre,
        hosts=_if_any(pmsg("certificate", "with %(hosts)s", hosts=plain(one.course.hosts)), "hosts", language),
        before_name=say(BEFORE, language),
        name=plain(one.name),
        after_name=say(after, language),
        course=plain(one.course.title),
        facts=_facts(one, language),
        recognised=_if_any(
            pmsg("certificate", "Recognised by %(who)s", who=plain(one.course.recognised_by)), "who", language
        ),
        signed_for=say(pmsg("certificate", "For %(centre)s", centre=centre), language),
        issued=say(pmsg("certificate", "Issued on %(day)s", day=issued.date()), language),
        check=say(CHECK, language),
        code=one.certificate_code,
        address=f"{public_url.rsplit('://', maxsplit=1)[-1]}/certificates",
        link=f"{public_url}/certificates/{one.certificate_code}",
        made_at=issued,
    )


def _if_any(message: Message, value: str, language: str) -> str:
    return say(message, language) if message.values[value] else ""


def _facts(one: Nomination, language: str) -> tuple[tuple[str, str], ...]:
    run, course = one.session, one.course
    start, end = day_text(run.starts_on, language), day_text(run.ends_on, language)
    dates = start if start == end else say(pmsg("certificate", "%(start)s to %(end)s", start=start, end=end), language)
    place = ", ".join(part for part in (run.place, name_of("country", run.country or "", language)) if part)
    place = place or (say(FROM_AFAR, language) if course.format == "online" else "")
    mark = ""
    if one.status == PASSED and one.mark is not None:
        mark = say(pmsg("certificate", "%(mark)s out of 100", mark=one.mark), language)
    hours = course.hours
    return (
        (say(DATES, language), dates),
        (say(HOURS, language), number_text(hours, language) if hours else ""),
        (say(PLACE, language), plain(place)),
        (say(MARK, language), mark),
    )
