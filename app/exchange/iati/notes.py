"""What a reader of a file is told when something in it is wrong, in plain English."""

from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from app.exchange.iati.activity import Problem, Severity
from app.foundation.messages import N_

_LONGEST_VALUE = 80


_REFUSED, _SKIPPED, _WARNING = Severity.REFUSED, Severity.SKIPPED, Severity.WARNING

MESSAGES: Final[dict[str, tuple[Severity, str]]] = {
    "doctype": (
        _REFUSED,
        N_("The file declares entities, or uses a document type kept elsewhere."),
    ),
    "not_xml": (
        _REFUSED,
        N_("The file is not well-formed XML from line %(place)s on (%(reason)s)."),
    ),
    "encoding": (
        _REFUSED,
        N_("Line %(place)s holds a byte that does not fit the encoding of the file; nothing after it was read."),
    ),
    "unknown_encoding": (
        _REFUSED,
        N_("The file names an encoding that is not known (%(reason)s)."),
    ),
    "not_iati": (
        _REFUSED,
        N_("The file begins with <%(root)s>, not with <iati-activities>."),
    ),
    "too_large": (_REFUSED, N_("The file is larger than %(limit)s bytes.")),
    "too_deep": (
        _REFUSED,
        N_("Elements are nested more than %(limit)s deep; nothing after was read."),
    ),
    "too_many_elements": (
        _REFUSED,
        N_("The activity has more than %(limit)s elements."),
    ),
    "no_identifier": (_REFUSED, N_("The activity has no identifier.")),
    "no_text": (
        _REFUSED,
        N_("The activity has neither a title nor a description."),
    ),
    "version": (
        _WARNING,
        N_("The version “%(value)s” is not one that is known; the file was read anyway."),
    ),
    "no_activities": (_WARNING, N_("The file holds no activity.")),
    "no_title": (
        _WARNING,
        N_("There is no title; the first sentence of the description is used."),
    ),
    "no_reporting_org": (
        _WARNING,
        N_("The reporting organisation is not named."),
    ),
    "date": (
        _SKIPPED,
        N_("“%(value)s” is not a date written year-month-day from 1900 to 2100."),
    ),
    "date_type": (_SKIPPED, N_("The kind of date “%(value)s” is not known.")),
    "dates_reversed": (
        _WARNING,
        N_("The end %(end)s comes before the start %(start)s."),
    ),
    "amount": (_SKIPPED, N_("The amount “%(value)s” is not a number.")),
    "no_amount": (_SKIPPED, N_("No amount is given.")),
    "currency": (
        _SKIPPED,
        N_("The currency “%(value)s” is not three letters."),
    ),
    "no_currency": (_WARNING, N_("The amount has no currency.")),
    "percentage": (
        _SKIPPED,
        N_("The percentage “%(value)s” is not a number from 0 to 100."),
    ),
    "percentage_sum": (
        _WARNING,
        N_("The percentages add up to %(total)s, not to 100."),
    ),
    "country_code": (
        _SKIPPED,
        N_("“%(value)s” is not a country code of two letters."),
    ),
    "region_as_country": (
        _SKIPPED,
        N_("“%(value)s” is the code of a region, not of a country: write it as a recipient-region."),
    ),
    "withdrawn_code": (
        _WARNING,
        N_("“%(value)s” has been withdrawn from its list of codes; use the one that has taken its place."),
    ),
    "region_code": (_SKIPPED, N_("“%(value)s” is not a region code.")),
    "no_code": (_SKIPPED, N_("No code is given.")),
    "no_kind": (_SKIPPED, N_("It is not said of what kind this is.")),
    "role": (_SKIPPED, N_("The role “%(value)s” is not known.")),
    "organisation_type": (
        _SKIPPED,
        N_("The kind of organisation “%(value)s” is not known."),
    ),
    "status": (_SKIPPED, N_("The status “%(value)s” is not known.")),
    "code": (_SKIPPED, N_("“%(value)s” is not a code of this list.")),
    "hierarchy": (
        _SKIPPED,
        N_("The level “%(value)s” is not a whole number."),
    ),
    "transaction_type": (
        _SKIPPED,
        N_("The kind of transaction “%(value)s” is not known."),
    ),
    "budget_type": (
        _WARNING,
        N_("The kind of budget “%(value)s” is not known."),
    ),
    "related_type": (
        _SKIPPED,
        N_("The kind of relation “%(value)s” is not known."),
    ),
    "no_related_identifier": (
        _SKIPPED,
        N_("The related activity has no identifier."),
    ),
    "url": (_SKIPPED, N_("“%(value)s” is not a web address.")),
    "language": (
        _WARNING,
        N_("The language “%(value)s” is not a code of two letters."),
    ),
    "more": (
        _WARNING,
        N_("%(count)s more problems in this activity are not listed."),
    ),
}
"""For every code of a problem, how much is lost and the sentence that says so."""


def problem(
    code: str,
    *,
    file: str,
    line: int | None,
    element: str,
    identifier: str | None = None,
    **values: object,
) -> Problem:
    """One problem, with its sentence from :data:`MESSAGES`; long values are cut short."""
    severity, text = MESSAGES[code]
    short = {name: _shorten(str(value)) for name, value in values.items()}
    return Problem(file, line, element, code, text, identifier, severity, short)


def line_of(element: etree._Element) -> int | None:
    """The line of the file an element begins on."""
    # The type stubs of lxml leave this attribute without a type.
    line: int | None = getattr(element, "sourceline", None)
    return line


def _shorten(value: str) -> str:
    value = " ".join(value.split())
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"


@dataclass(slots=True)
class Notes:
    """The problems of one activity while it is read, at most ``limit`` of them in full."""

    file: str
    limit: int
    identifier: str | None = None
    found: list[Problem] = field(default_factory=list)
    left_off: int = 0

    def add(self, code: str, where: etree._Element, **values: object) -> None:
        """Note a problem of an element."""
        if len(self.found) >= self.limit:
            self.left_off += 1
            return
        self.found.append(self.problem(code, where, **values))

    def problem(self, code: str, where: etree._Element, **values: object) -> Problem:
        """A problem of an element of this activity, without noting it."""
        return problem(
            code,
            file=self.file,
            line=line_of(where),
            element=str(where.tag),
            identifier=self.identifier,
            **values,
        )

    def listed(self, activity: etree._Element) -> list[Problem]:
        """Everything noted, closed by a count of what the limit left off."""
        if not self.left_off:
            return self.found
        return [*self.found, self.problem("more", activity, count=self.left_off)]
