"""The form in which a need is written: all that a donor would ask, read into a draft, or said back where wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from app.foundation.drafts import Draft
from app.foundation.filing.fields import chosen_in, sound_files
from app.foundation.filing.files import Attachment
from app.foundation.forms import (
    AmountField,
    BaseForm,
    CheckboxesField,
    CurrencyField,
    DayField,
    FieldList,
    FormField,
    MultipleFileField,
    Optional,
    RadioField,
    SelectField,
    ValidationError,
    _l,
    choices,
    long_text,
    needed,
    picked,
    short_text,
)
from app.foundation.languages import LANGUAGES, say
from app.foundation.messages import Message, msg
from app.foundation.permissions import Membership
from app.foundation.text import fold
from app.foundation.web import current_language
from app.needs import form_parts as parts
from app.needs import rules
from app.needs.coach import CoachDraft, CoachLine
from app.needs.form_parts import CountField, IndicatorForm, LineForm, TextForm
from app.needs.models import Need
from app.needs.service import NeedDraft, ResultDraft
from app.needs.snapshots import FACETS
from app.reference.countries import countries, country_name
from app.reference.groupings import groupings_of, members
from app.reference.themes import themes

TEXTS = (
    "language", "title", "summary", "problem", "causes", "effects", "place", "beneficiary_unit", "capacity", "baseline",
    "objectives", "past_help", "requested_elsewhere", "national_plan", "own_contribution", "sustainability",
    "absorption", "contact", "evaluation_body", "evaluation_recommendation", "disclosure",
)  # fmt: skip
VALUES = (
    "beneficiaries", "beneficiaries_women", "beneficiaries_men", "budget_amount", "starts_on", "ends_on",
    "offers_due_on", "evaluation_on",
)  # fmt: skip
DAYS = ("starts_on", "ends_on", "offers_due_on")


class NeedForm(BaseForm):
    """A need in the making. `places` are the organisations that the person may ask for; `need` is what it amends."""

    saved: Draft | None = None

    organisation = SelectField(_l("Organisation that asks"), needed(_l("Choose the organisation that asks.")))
    language = SelectField(_l("Language in which you write"), choices=parts.written_languages)
    title = short_text(_l("Title"), _l("Give a title that says what is asked for, and for whom."))
    summary = long_text(_l("Public summary"), longest=1500)
    themes = CheckboxesField(
        _l("Themes"), picked(_l("Choose at least one theme: donors search by it.")), choices=parts.themes
    )
    countries = CheckboxesField(_l("Countries"), picked(_l("Choose the country, or countries, that the help is for.")))
    place = short_text(_l("Place"))
    problem = long_text(_l("The problem"), _l("Describe the problem: what happens, where, how often."))
    causes = long_text(_l("Causes"))
    effects = long_text(_l("Effects"))
    beneficiary_unit = short_text(_l("Unit that will use the help"))
    beneficiaries = CountField(_l("How many people"))
    beneficiaries_women = CountField(_l("Of these, women"))
    beneficiaries_men = CountField(_l("Of these, men"))
    capacity = long_text(_l("What you have today"))
    baseline = long_text(_l("Where you start from"))
    lines = FieldList(FormField(LineForm), _l("What you ask for"), min_entries=1, max_entries=60)
    budget_amount = AmountField(_l("Budget in all"), [Optional()])
    currency = CurrencyField(_l("Currency of the budget"), render_kw=parts.CURRENCY_BOX)
    starts_on = DayField(_l("Wanted from"))
    ends_on = DayField(_l("Wanted by"))
    offers_due_on = DayField(_l("Offers until"))
    delivery_languages = CheckboxesField(_l("Languages of delivery"), choices=parts.delivery_languages)
    objectives = long_text(_l("Objectives"))
    indicators = FieldList(FormField(IndicatorForm), _l("Indicators"), min_entries=1, max_entries=40)
    other_texts = FieldList(FormField(TextForm), _l("In another language"), max_entries=4)
    past_help = long_text(_l("Help so far, and by whom"))
    requested_elsewhere = long_text(_l("Asked elsewhere"))
    national_plan = long_text(_l("National plan"))
    own_contribution = long_text(_l("Your own contribution"))
    sustainability = long_text(_l("What stays afterwards"))
    absorption = long_text(_l("Limits on what you can take in"))
    evaluation_body = SelectField(_l("Evaluation by"), choices=parts.evaluation_bodies)
    evaluation_on = DayField(_l("Day of the evaluation"))
    evaluation_recommendation = long_text(_l("Its recommendation"))
    purpose_code = SelectField(_l("Purpose code (OECD DAC)"))
    instruments = CheckboxesField(_l("Conventions and agreements"), choices=parts.instruments)
    contact = long_text(_l("Contact"), longest=1000)
    files = MultipleFileField(_l("Files"), [sound_files])
    unwanted_files = CheckboxesField(_l("Remove these files"))
    disclosure = RadioField(_l("Who may see this need"), choices=parts.tiers, default="public")
    named = CheckboxesField(_l("Organisations that may see it"), coerce=str, render_kw={"dir": "auto"})
    restricted_fields = CheckboxesField(_l("For members only"), choices=parts.restrictable)

    def __init__(
        self,
        places: Sequence[Membership],
        *,
        today: date,
        need: Need | None = None,
        named: Iterable[int] = (),
        organisations: Iterable[tuple[int, str]] = (),
        files: Sequence[Attachment] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data=_values_of(need, named) if need else _beginning(places), **kwargs)
        self.need, self.today, self.places = need, today, places
        self.organisation.choices = choices((m.organisation_ref, m.organisation_name) for m in places)
        self.purpose_code.choices = parts.purposes(need.purpose_code if need else "")
        self.countries.choices = choices(_country_choices(places, self.countries.data or ()))
        self.named.choices = choices((str(key), name) for key, name in organisations)
        self.unwanted_files.choices = choices((file.ref, file.name) for file in files)
        if need is not None or len(places) == 1:
            del self.organisation
        if not files:
            del self.unwanted_files
        if need is not None and not self.version.data:
            self.version.data = str(need.version)

    @property
    def organisation_id(self) -> int:
        """The organisation that asks."""
        if "organisation" not in self:
            return self.places[0].organisation_id
        return next(m.organisation_id for m in self.places if m.organisation_ref == self.organisation.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check every field, then what must fit together."""
        sound = super().validate(extra_validators)
        sound = parts.has_currency(self.budget_amount, self.currency) and sound
        problems = self._problems()
        for problem in problems:
            field = self[problem.field]
            field.errors = [*field.errors, say(problem.message, current_language())]
        return sound and not problems

    def _problems(self) -> list[rules.Problem]:
        days = {name: self[name].data for name in DAYS}
        if self.need is None:
            problems = rules.date_problems(**days, today=self.today)
        else:
            before = {name: getattr(self.need, name) for name in DAYS}
            problems = rules.new_date_problems(self.today, before, days)
        problems += rules.people_problems(*(self[name].data for name in VALUES[:3]))
        if all(entry.form.is_blank for entry in self.lines):
            problems.append(rules.Problem("lines", NO_LINES))
        if self.disclosure.data == "named" and not self.named.data:
            problems.append(rules.Problem("named", NOBODY_NAMED))
        return problems

    def validate_title(self, field: Any) -> None:
        """A title is one line."""
        if "\n" in (field.data or ""):
            raise ValidationError(_l("Write the title on one line."))

    def validate_other_texts(self, field: Any) -> None:
        """Each language is given once."""
        parts.each_language_once(field, self.language.data)

    def draft(self) -> NeedDraft:
        """What was written, as the service takes it. The form has been validated, or is shown beside another."""
        values: dict[str, Any] = {name: self[name].data or "" for name in TEXTS}
        values |= {name: self[name].data for name in VALUES}
        values |= {name: tuple(self[name].data or ()) for name in (*FACETS, "restricted_fields")}
        values["named"] = tuple(int(key) for key in self.named.data or ())
        values["currency"] = self.currency.data or "" if self.budget_amount.data is not None else ""
        values["purpose_code"] = self.purpose_code.data or _purpose_of(values["themes"])
        return NeedDraft(
            **values,
            lines=tuple(row.form.draft() for row in self.lines if not row.form.is_blank),
            indicators=tuple(row.form.draft() for row in self.indicators if not row.form.is_blank),
            other_texts=tuple(row.form.draft() for row in self.other_texts if not row.form.is_blank),
        )

    def coach_draft(self) -> CoachDraft:
        """What the coach sees; nothing needs to be right yet."""
        texts = ("language", "problem", "objectives", "beneficiary_unit", "baseline", "capacity", "past_help")
        return CoachDraft(
            **{name: self[name].data or "" for name in (*texts, "requested_elsewhere")},
            beneficiaries=self.beneficiaries.data,
            ends_on=self.ends_on.data,
            indicators=sum(bool(row.form.name.data) for row in self.indicators),
            lines=tuple(_coach_line(row) for row in self.lines if not row.form.is_blank),
        )

    @property
    def chosen_files(self) -> list[tuple[str, bytes]]:
        """The files that were chosen, each with its plain name and its content."""
        return chosen_in(self.files)


NO_LINES: Message = msg("Add at least one line: what you ask for, and how many.")
NOBODY_NAMED: Message = msg("Name at least one organisation, or choose another circle of readers.")


def _coach_line(row: Any) -> CoachLine:
    line: LineForm = row.form
    return CoachLine(
        kind=line.kind.data or "", description=line.description.data or "", quantity=line.quantity.data,
        unit=line.unit.data or "", beneficiary_unit=line.beneficiary_unit.data or "", ends_on=line.ends_on.data,
        field=line.description.id,
    )  # fmt: skip


def _beginning(places: Sequence[Membership]) -> dict[str, Any]:
    language = current_language()
    own = [place.country for place in places[:1] if place.country]
    return {"language": language if language in LANGUAGES else "en", "countries": own}


def _values_of(need: Need, named: Iterable[int]) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(need, name) for name in (*TEXTS, *VALUES, "currency", "purpose_code")}
    values |= {name: need.codes(facet) for name, facet in FACETS.items()}
    values |= {"named": [str(key) for key in named], "restricted_fields": sorted(need.field_disclosure)}
    values["lines"] = [_row_values(line, LineForm) for line in need.lines]
    values["indicators"] = [_row_values(indicator, IndicatorForm) for indicator in need.indicators]
    values["other_texts"] = [{name: getattr(text, name) for name in TextForm.asked} for text in need.other_texts]
    return values


def _row_values(row: Any, form: type[Any]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in (*form.asked, "ref")}
    if form is LineForm:
        values |= {"is_essential": "yes" if row.is_essential else "no", "currency": row.currency}
    return values


def _country_choices(places: Sequence[Membership], chosen: Iterable[str]) -> list[tuple[str, str]]:
    language = current_language()
    own = {place.country for place in places if place.country}
    groups = {place.grouping for place in places if place.grouping} | {g for c in own for g in groupings_of(c)}
    near = own | {iso2 for group in groups for iso2 in members(group)}
    offered = (near or set(countries())) | (set(chosen) & set(countries()))
    named = [(iso2, country_name(iso2, language)) for iso2 in offered]
    return sorted(named, key=lambda pair: (pair[0] not in own, fold(pair[1])))


def _purpose_of(codes: Sequence[str]) -> str:
    known: Mapping[str, Any] = themes()
    return next((known[code].more["purpose_code"] for code in codes if code in known), "")


class EndForm(BaseForm):
    """Why a need is closed or withdrawn."""

    status = RadioField(
        _l("What happens to this need"),
        picked(_l("Choose whether it is closed or withdrawn.")),
        choices=lambda: choices(
            (
                ("closed", _l("Close it: it was met, or as far as it could be. It stays readable.")),
                ("withdrawn", _l("Withdraw it: you no longer ask for it. Only your organisation still sees it.")),
            )
        ),
    )
    status_reason = long_text(_l("Why"), _l("Say why in a sentence: donors who follow this need read it."), 2000)


class ResultForm(BaseForm):
    """What an indicator showed on a day."""

    actual = short_text(_l("Value measured"), _l("Give the value that was measured, such as 18."), 60)
    measured_on = DayField(_l("Measured on"), picked(_l("Give the day of the measurement.")))
    evidence = long_text(_l("Evidence"), longest=4000)

    def __init__(self, *, today: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.today = today

    def draft(self) -> ResultDraft:
        """What was measured. The form has been validated."""
        return ResultDraft(self.actual.data, self.measured_on.data or self.today, self.evidence.data or "")

    def validate_measured_on(self, field: Any) -> None:
        """Nothing is measured in the future."""
        if field.data and field.data > self.today:
            raise ValidationError(_l("This day has not come yet. Give the day on which it was measured."))
