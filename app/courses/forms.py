"""The forms by which centres post, amend and withdraw courses, and announce, change and cancel their sessions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from app.courses import rules
from app.courses.models import Course, CourseSession
from app.courses.service import CourseDraft, SessionDraft, problems_in, problems_in_session
from app.foundation.filing.fields import WithFiles
from app.foundation.filing.files import Attachment
from app.foundation.forms import (
    AmountField,
    BaseForm,
    CheckboxesField,
    CurrencyField,
    DayField,
    HiddenField,
    InputRequired,
    IntegerField,
    NumberRange,
    Optional,
    SelectChoice,
    SelectField,
    _l,
    choices,
    long_text,
    short_text,
    worded,
)
from app.foundation.languages import LANGUAGES, language_name, say
from app.foundation.web import current_language, now
from app.reference.codelists import purpose_options
from app.reference.countries import country_options
from app.reference.groupings import grouping_options
from app.reference.themes import theme_options

LANGUAGES_OF_WORK = (*LANGUAGES, "ar", "ru", "nl", "de", "it", "zh")
"""Languages that courses are usually given in, by ISO 639-1 code."""
MOST_HOURS = 5000
MARK = _l("Write the mark that one needs as a whole number from 0 to 100, or leave it empty.")
MOST_SEATS = 10_000


def spoken(codes: Iterable[str]) -> list[SelectChoice]:
    """Languages, named in the reader's."""
    return choices((code, language_name(code, current_language())) for code in codes)


def whole_number(label: Any, message: Any, most: int, first: Any) -> IntegerField:
    """A number from 1 to `most`; the message says how to mend anything else, `first` whether it may be missing."""
    return IntegerField(label, [first, NumberRange(1, most, message)], invalid_value_message=message)


class RuledForm(BaseForm):
    """A form whose values are checked together by the rules, once each has been read."""

    def problems(self) -> list[rules.Problem]:
        """What the rules say of what was typed."""
        raise NotImplementedError

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then what the rules say of them together."""
        is_sound = bool(super().validate(extra_validators))
        problems = self.problems()
        self.mark(problems)
        return is_sound and not problems

    def mark(self, problems: Iterable[rules.Problem]) -> None:
        """Put each message at its field, where none stands yet."""
        for problem in problems:
            field = self[problem.field]
            if not field.errors:
                field.errors = [say(problem.message, current_language())]

    def keep_codes(self, codes: dict[str, list[str]]) -> None:
        """A record may carry codes that our lists do not offer; they are kept, not refused."""
        for name, values in codes.items():
            known = {choice.value for choice in self[name].choices}
            self[name].choices = [*self[name].choices, *choices((v, v) for v in values if v not in known)]


class CourseForm(WithFiles, RuledForm):
    """Everything that a centre says of a course. `course` is the one that it amends, if any."""

    language = SelectField(
        _l("Language in which you write"), default=current_language, choices=lambda: spoken(LANGUAGES)
    )
    title = short_text(_l("Title"), _l("Write a title: what one learns."))
    type = SelectField(_l("Type of course"), default="course", choices=lambda: worded(rules.TYPES.items()))
    code = short_text(_l("Your own code for it"), longest=40)
    description = long_text(_l("Description"), _l("Describe what the course is about and how it is taught."))
    themes = CheckboxesField(_l("Themes"), choices=lambda: choices(theme_options(current_language())))
    objectives = long_text(_l("What one can do afterwards"))
    audience = long_text(_l("Whom it is for"))
    prerequisites = long_text(_l("What one has to know or be before"))
    level = SelectField(_l("Level"), default="", choices=lambda: worded(rules.LEVELS.items(), _l("Not stated")))
    format = SelectField(_l("Form"), default="on_site", choices=lambda: worded(rules.FORMATS.items()))
    languages = CheckboxesField(_l("Languages of teaching"), choices=lambda: spoken(LANGUAGES_OF_WORK))
    hours = whole_number(
        _l("Hours of teaching"), _l("Write the hours as a whole number from 1 to 5000, or leave it empty."),
        MOST_HOURS, Optional(),
    )  # fmt: skip
    countries = CheckboxesField(_l("Countries"), choices=lambda: choices(country_options(current_language())))
    groupings = CheckboxesField(_l("Groupings"), choices=lambda: choices(grouping_options(current_language())))
    fee_amount = AmountField(_l("Amount"))
    currency = CurrencyField(_l("Currency"))
    fee_includes = CheckboxesField(_l("The fee includes"), choices=lambda: worded(rules.INCLUDED.items()))
    fee_covers = long_text(_l("What the fee covers"), longest=2000)
    hosts = short_text(_l("Given together with"))
    assessment = long_text(_l("How one is assessed"), longest=2000)
    pass_mark = IntegerField(
        _l("Pass mark"), [Optional(), NumberRange(0, rules.MOST_MARK, MARK)], invalid_value_message=MARK
    )
    certificate = long_text(_l("Which certificate one gets"), longest=2000)
    recognised_by = short_text(_l("Who recognises the certificate"))
    purpose_code = SelectField(
        _l("DAC purpose code"),
        default="",
        choices=lambda: choices(purpose_options(current_language()), _l("Not stated")),
    )
    disclosure = SelectField(
        _l("Who may see this course"), default="public", choices=lambda: worded(rules.DISCLOSURE_NAMES.items())
    )
    named = CheckboxesField(_l("Organisations that may see it"), render_kw={"dir": "auto"})

    def __init__(
        self,
        organisations: Sequence[tuple[str, str]],
        course: Course | None = None,
        kept: Sequence[Attachment] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.offer_kept(kept)
        self.named.choices = choices(organisations)
        if course:
            have = {"themes": "theme", "countries": "country", "groupings": "grouping", "languages": "language"}
            codes = {field: course.codes(facet) for field, facet in have.items()}
            self.keep_codes(
                codes | {n: [getattr(course, n)] for n in ("language", "type", "purpose_code", "level", "format")}
            )

    def problems(self) -> list[rules.Problem]:
        """What the rules say of the course."""
        return problems_in(self.draft())

    def draft(self) -> CourseDraft:
        """What was typed, as plain values."""
        named = tuple(int(number) for number in self.named.data or () if number.isdecimal())
        return CourseDraft(**(typed(self, CourseDraft) | {"named": named}))


class NewCourseForm(CourseForm):
    """A course that is posted for the first time: for one of the centres that the person edits for."""

    organisation = SelectField(_l("Centre that gives it"))

    def __init__(self, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisation.choices = choices(owners)
        if len(owners) == 1:
            self.organisation.data = owners[0][0]


class SessionForm(RuledForm):
    """Everything that a centre says of one dated run. `session` is the one that it amends, if any."""

    starts_on = DayField(_l("Starts on"), [InputRequired(_l("Say on which day it starts, like 2027-03-01."))])
    ends_on = DayField(_l("Ends on"), [InputRequired(_l("Say on which day it ends, like 2027-03-19."))])
    time_zone = SelectField(_l("Time zone"), default="UTC", choices=lambda: choices((z, z) for z in rules.TIME_ZONES))
    place = short_text(_l("Place"))
    country = SelectField(
        _l("Country"),
        default="",
        choices=lambda: choices(country_options(current_language()), _l("Online, or not known yet")),
    )
    seats = whole_number(
        _l("Seats"), _l("Write how many seats there are: a whole number from 1 to 10000."), MOST_SEATS,
        InputRequired(_l("Write how many seats there are: a whole number from 1 to 10000.")),
    )  # fmt: skip
    register_by = DayField(_l("Register by"))
    languages = CheckboxesField(_l("Languages of this session"), choices=lambda: spoken(LANGUAGES_OF_WORK))
    copied_from = HiddenField()
    status = SelectField(_l("Registration"), default="open", choices=lambda: worded(rules.SESSION_CHOICES.items()))

    def __init__(self, course: Course, session: CourseSession | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        known = {one.ref for one in course.sessions}
        self.copied_from.data = self.copied_from.data if self.copied_from.data in known else ""
        zones = [session.time_zone] if session else []
        spoken_here = [*course.codes("language"), *(session.languages if session else ())]
        self.keep_codes({"time_zone": zones, "languages": list(dict.fromkeys(spoken_here))})

    def problems(self) -> list[rules.Problem]:
        """What the rules say of the session, as soon as its days can be read; seats that cannot have their message."""
        if not (self.starts_on.data and self.ends_on.data):
            return []
        return problems_in_session(replace(self.draft(), seats=self.seats.data or 1), self.session, now())

    def draft(self) -> SessionDraft:
        """What was typed, as plain values."""
        return SessionDraft(**(typed(self, SessionDraft) | {"country": self.country.data or None}))


class ReasonForm(BaseForm):
    """Why a course is withdrawn or a session cancelled."""

    reason = long_text(
        _l("Reason"), _l("Write the reason in a sentence or two: it stands in the history."), longest=2000
    )


def typed(form: Any, draft: type[Any]) -> dict[str, Any]:
    """The values of a form's fields that a draft has too; lists as tuples, no text as empty text."""
    values = {}
    for name, kind in draft.__annotations__.items():
        if name in form:
            data = form[name].data
            values[name] = tuple(data or ()) if kind.startswith("tuple") else (data or "" if kind == "str" else data)
    return values


def values_of(course: Course, named: Sequence[int]) -> dict[str, Any]:
    """A course as the form shows it."""
    values = {name: getattr(course, name) for name in CourseDraft.__annotations__ if hasattr(course, name)}
    return values | {
        "version": str(course.version),
        "themes": course.codes("theme"),
        "countries": course.codes("country"),
        "groupings": course.codes("grouping"),
        "languages": course.codes("language"),
        "named": [str(number) for number in named],
    }


def values_of_session(session: CourseSession) -> dict[str, Any]:
    """A session as the form shows it."""
    values = {name: getattr(session, name) for name in SessionDraft.__annotations__}
    return values | {"version": str(session.version), "country": session.country or ""}
