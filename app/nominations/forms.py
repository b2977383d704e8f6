"""The forms by which candidates are put forward and decided on, and by which a centre says how seats are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.courses.forms import whole_number
from app.foundation.forms import (
    BaseForm,
    CheckboxesField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    InputRequired,
    IntegerField,
    NumberRange,
    Optional,
    SelectField,
    _l,
    choices,
    long_text,
    short_text,
    worded,
)
from app.foundation.languages import LANGUAGES, say
from app.foundation.web import current_language
from app.nominations import rules, seating
from app.nominations.models import Intake
from app.nominations.rules import Candidate
from app.nominations.seating import Quota
from app.nominations.service import IntakeDraft, NominationDraft
from app.reference.countries import country_options
from app.reference.groupings import grouping_options

RANK = _l("Write the rank as a whole number: 1 is the first of yours.")
SEATS = _l("Write how many seats: a whole number from 0 on.")
LONGEST_NAME = 120
MOST_QUOTAS = 12


def say_on(form: Any, problems: Iterable[rules.Problem]) -> None:
    """Put each message at its field, or above the form where it has none."""
    for problem in problems:
        text = say(problem.message, current_language())
        if problem.field in form:
            form[problem.field].errors = [*form[problem.field].errors, text]
        else:
            form.form_errors = [*form.form_errors, text]


class CandidateForm(BaseForm):
    """What is said of one candidate of one's own organisation."""

    name = short_text(_l("Name"), _l("Write the candidate's name as it shall stand on a certificate."), LONGEST_NAME)
    post = short_text(_l("Post"), longest=LONGEST_NAME)
    unit = short_text(_l("Unit or office"), longest=LONGEST_NAME)
    sex = SelectField(_l("Sex"), default="", choices=lambda: worded(rules.SEXES.items(), _l("Not stated")))
    language = SelectField(
        _l("Language in which to write to this person"),
        default=current_language,
        choices=lambda: choices(LANGUAGES.items()),
    )
    email = EmailField(_l("E-mail address"))
    phone = short_text(_l("Telephone"), longest=40)
    motivation = long_text(_l("Why this person"), longest=2000)
    line = SelectField(_l("Which of your needs does it serve?"), default="")

    def __init__(self, lines: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.line.choices = choices(lines, _l("None of them"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then what the rules say of a person."""
        is_sound = bool(super().validate(extra_validators))
        problems = [one for one in rules.candidate_problems(self.candidate()) if not self[one.field].errors]
        say_on(self, problems)
        return is_sound and not problems

    def candidate(self) -> Candidate:
        """The person that was typed."""
        names = ("name", "email", "post", "unit", "sex", "language", "phone")
        return Candidate(**{name: (self[name].data or "").strip() for name in names})


class NominationForm(CandidateForm):
    """One candidate who is put forward for the first time."""

    organisation = SelectField(_l("For which organisation"))
    rank = whole_number(_l("Rank among your candidates"), RANK, rules.MOST_RANK, InputRequired(RANK))

    def __init__(self, owners: Sequence[tuple[str, str]], lines: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(lines, **kwargs)
        self.organisation.choices = choices(owners)
        if len(owners) == 1:
            self.organisation.data = owners[0][0]

    def draft(self, line: Any) -> NominationDraft:
        """What was typed, with the line that it names."""
        return NominationDraft(self.candidate(), self.motivation.data or "", self.rank.data or 0, line)


class QuotaForm(Form):
    """One quota: whom it counts, whether at least or at most, and how many seats."""

    who = SelectField(_l("For whom"), default="", validate_choice=False)
    bound = SelectField(
        _l("At least or at most"), default=seating.FLOOR, choices=lambda: worded(seating.BOUNDS.items())
    )
    seats = IntegerField(_l("Seats"), [Optional(), NumberRange(0, 10_000, SEATS)], invalid_value_message=SEATS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; a row that names somebody says how many seats."""
        is_sound = bool(super().validate(extra_validators))
        if self.who.data and self.seats.data is None and not self.seats.errors:
            self.seats.errors = [SEATS]
            return False
        return is_sound


class QuotaList(FieldList):
    """Rows of quotas, each with the same options, the empty row that scripts copy too."""

    options: Sequence[Any] = ()

    def append_entry(self, *args: Any, **kwargs: Any) -> Any:
        """One more row."""
        entry = super().append_entry(*args, **kwargs)
        entry.form.who.choices = self.options
        return entry


class IntakeForm(BaseForm):
    """How the seats of a session are given."""

    reserve = IntegerField(
        _l("How many may wait"), [NumberRange(0, rules.MOST_RESERVE, _l("Write a whole number from 0 to 1000."))],
        default=rules.RESERVE, invalid_value_message=_l("Write a whole number from 0 to 1000."),
    )  # fmt: skip
    answer_days = whole_number(
        _l("Days to confirm a seat"), _l("Write a whole number from 1 to 60."), rules.MOST_ANSWER_DAYS,
        InputRequired(_l("Write a whole number from 1 to 60.")),
    )  # fmt: skip
    keep_months = whole_number(
        _l("Months after which personal data is erased"), _l("Write a whole number from 1 to 120."),
        rules.MOST_KEEP_MONTHS, InputRequired(_l("Write a whole number from 1 to 120.")),
    )  # fmt: skip
    instructors = long_text(_l("Instructors"), longest=2000)
    link = short_text(_l("Link to take part from afar"), longest=500)
    quotas = QuotaList(FormField(QuotaForm), max_entries=MOST_QUOTAS)

    def __init__(self, organisations: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.names = dict(organisations)
        self.quotas.options = choices(whom(organisations), _l("Nobody in particular"))
        for entry in self.quotas.entries:
            entry.form.who.choices = self.quotas.options
        if not self.quotas.entries:
            self.quotas.append_entry()

    def draft(self) -> IntakeDraft:
        """What was typed, as plain values; rows in which nobody is named are passed over."""
        return IntakeDraft(
            reserve=self.reserve.data or 0,
            answer_days=self.answer_days.data or rules.ANSWER_DAYS,
            keep_months=self.keep_months.data or rules.KEEP_MONTHS,
            link=self.link.data or "",
            instructors=self.instructors.data or "",
            quotas=tuple(self._quotas()),
        )

    def _quotas(self) -> Iterable[Quota]:
        for entry in self.quotas.entries:
            dimension, _colon, code = (entry.form.who.data or "").partition(":")
            if dimension in seating.DIMENSIONS and code:
                name = self.names.get(code, "") if dimension == seating.ORGANISATION else ""
                yield Quota(dimension, code, entry.form.bound.data, entry.form.seats.data or 0, name)


def whom(organisations: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Everybody whom a quota may count: sexes, groupings, countries, organisations; with names for the reader."""
    language = current_language()
    found = [(f"{seating.SEX}:{code}", say(name, language)) for code, name in rules.SEXES.items()]
    found += [(f"{seating.GROUPING}:{code}", name) for code, name in grouping_options(language)]
    found += [(f"{seating.COUNTRY}:{code}", name) for code, name in country_options(language)]
    return found + [(f"{seating.ORGANISATION}:{ref}", name) for ref, name in organisations]


def values_of_intake(intake: Intake) -> dict[str, Any]:
    """How seats are given, as the form shows it."""
    names = ("reserve", "answer_days", "keep_months", "link", "instructors")
    rows = [{"who": f"{q.dimension}:{q.code}", "bound": q.bound, "seats": q.seats} for q in intake.all_quotas]
    return {name: getattr(intake, name) for name in names} | {"quotas": rows}


class AcceptForm(BaseForm):
    """The candidates who are accepted together."""

    chosen = CheckboxesField(_l("Candidates"), validate_choice=False)


class RejectForm(BaseForm):
    """Why a candidate is turned down."""

    reason = long_text(
        _l("Reason"),
        _l("Write the reason in a sentence or two: the candidate and who nominated read it."),
        longest=2000,
    )


class WithdrawForm(BaseForm):
    """Why a candidate does not come."""

    reason = long_text(_l("Reason"), longest=2000)


class AnswerForm(BaseForm):
    """The candidate's answer, by the link of the mail."""

    # The button that is pressed says it; a hidden field of that name would speak first.
    answer = short_text("")
    reason = long_text(_l("Reason"), longest=2000)


class OneResult(Form):
    """How it ended for one candidate."""

    ref = HiddenField()
    status = SelectField(_l("Result"), default="", validate_choice=False)
    mark = IntegerField(
        _l("Mark"), [NumberRange(0, 100, _l("Write a mark from 0 to 100."))],
        invalid_value_message=_l("Write a mark from 0 to 100."),
    )  # fmt: skip


class ResultsForm(BaseForm):
    """The list of those who had a seat, and how it ended for each."""

    rows = FieldList(FormField(OneResult))
