"""The forms by which donors post, amend and close programmes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.foundation.filing.fields import WithFiles
from app.foundation.filing.files import Attachment
from app.foundation.forms import (
    AmountField,
    BaseForm,
    CheckboxesField,
    CurrencyField,
    DayField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    _l,
    change_rows,
    choices,
    long_text,
    needed,
    short_text,
    worded,
)
from app.foundation.languages import LANGUAGES, language_name, name_of, say
from app.foundation.web import current_language, now
from app.programmes import rules
from app.programmes.models import Programme
from app.programmes.service import LinkDraft, OfferDraft, ParticipantDraft, ProgrammeDraft, problems_in
from app.reference.codelists import options, purpose_options
from app.reference.countries import country_options
from app.reference.groupings import grouping_options
from app.reference.themes import theme_options

LONGEST_ROWS = 20
LANGUAGES_OF_WORK = (*LANGUAGES, "ar", "ru", "nl", "de", "it", "zh")
"""Languages that assistance is usually given in, by ISO 639-1 code."""
RESTRICTED = {"contact": _l("The contact"), "budget": _l("The budget")}


def listed(list_name: str, blank: Any = None) -> Any:
    """The options of a code list in the reader's language, read when a form is drawn."""
    return lambda: choices(options(list_name, current_language()), blank)


def spoken(codes: Iterable[str]) -> list[SelectChoice]:
    """Languages, named in the reader's."""
    return choices((code, language_name(code, current_language())) for code in codes)


def link_kinds() -> list[SelectChoice]:
    """How an identifier is related: the IATI types, and identifiers in other registers."""
    kinds = options("related_activity_types", current_language())
    return choices([*kinds, (rules.OTHER_REGISTER, _l("Identifier in another register"))], _l("Choose"))


class RowForm(Form):
    """One row of a repeated part; a row in which nothing was typed is passed over."""

    @property
    def is_blank(self) -> bool:
        """Nothing was typed or chosen in the row."""
        return not any(str(text).strip() for field in self for text in field.raw_data or ())

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the row, unless it is blank."""
        return self.is_blank or bool(super().validate(extra_validators))


class OfferRow(RowForm):
    """One kind of assistance with its capacity."""

    kind = SelectField(
        _l("Kind"), default="", choices=listed("assistance_kinds", _l("Choose")),
        validators=needed(_l("Choose the kind of assistance, or remove this row.")),
    )  # fmt: skip
    description = short_text(_l("What exactly"), longest=500)
    quantity = AmountField(_l("How many"))
    unit = SelectField(_l("Of what"), default="", choices=listed("units", _l("Choose")))


class ParticipantRow(RowForm):
    """An organisation that takes part."""

    role = SelectField(_l("Role"), default="4", choices=listed("organisation_roles"))
    name = short_text(_l("Organisation"), _l("Write the organisation’s name, or remove this row."))
    identifier = short_text(_l("IATI identifier"))
    organisation_type = HiddenField()

    @property
    def is_blank(self) -> bool:
        """Neither name nor identifier was typed; the role always has a value."""
        return not (self["name"].data or self.identifier.data)


class LinkRow(RowForm):
    """A related activity, or an identifier in another register."""

    kind = SelectField(
        _l("Relation"), default="", choices=link_kinds,
        validators=needed(_l("Choose how it is related, or remove this row.")),
    )  # fmt: skip
    identifier = short_text(_l("Identifier"), _l("Write the identifier, or remove this row."))


class ProgrammeForm(WithFiles, BaseForm):
    """Everything that a donor says of a programme. `programme` is the one that it amends, if any."""

    language = SelectField(
        _l("Language in which you write"), default=current_language, choices=lambda: spoken(LANGUAGES)
    )
    title = short_text(_l("Title"), _l("Write a title: what the programme gives, and where."))
    description = long_text(_l("Description"), _l("Describe what the programme does and for whom."))
    themes = CheckboxesField(_l("Themes"), choices=lambda: choices(theme_options(current_language())))
    offers = FieldList(FormField(OfferRow), _l("What it gives"), min_entries=1, max_entries=LONGEST_ROWS)
    countries = CheckboxesField(_l("Countries"), choices=lambda: choices(country_options(current_language())))
    groupings = CheckboxesField(_l("Groupings"), choices=lambda: choices(grouping_options(current_language())))
    languages = CheckboxesField(_l("Languages of assistance"), choices=lambda: spoken(LANGUAGES_OF_WORK))
    status = SelectField(_l("Status"), default=rules.IMPLEMENTATION)
    accepting = RadioField(_l("May States ask for it?"), default="yes")
    apply_by = DayField(_l("Until when one may ask"))
    starts_on = DayField(_l("Starts on"))
    ends_on = DayField(_l("Ends on"))
    budget_amount = AmountField(_l("Amount"))
    currency = CurrencyField(_l("Currency"))
    conditions = long_text(_l("Conditions"))
    contact = long_text(_l("Contact"), longest=2000)
    website = short_text(_l("Website"), longest=500)
    participants = FieldList(FormField(ParticipantRow), _l("Who takes part"), max_entries=LONGEST_ROWS * 5)
    purpose_code = SelectField(
        _l("DAC purpose code"),
        default="",
        choices=lambda: choices(purpose_options(current_language()), _l("Not stated")),
    )
    aid_type = SelectField(_l("Type of aid"), default="", choices=listed("aid_types", _l("Not stated")))
    finance_type = SelectField(_l("Type of finance"), default="", choices=listed("finance_types", _l("Not stated")))
    flow_type = SelectField(_l("Type of flow"), default="", choices=listed("flow_types", _l("Not stated")))
    iati_identifier = short_text(_l("IATI identifier"))
    links = FieldList(FormField(LinkRow), _l("Related activities and other identifiers"), max_entries=LONGEST_ROWS * 5)
    disclosure = SelectField(
        _l("Who may see this programme"), default="public", choices=lambda: worded(rules.DISCLOSURE_NAMES.items())
    )
    named = CheckboxesField(_l("Organisations that may see it"), render_kw={"dir": "auto"})
    restricted_fields = CheckboxesField(
        _l("Only for verified organisations"), choices=lambda: choices(RESTRICTED.items())
    )

    def __init__(
        self,
        organisations: Sequence[tuple[str, str]],
        programme: Programme | None = None,
        kept: Sequence[Attachment] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.programme = programme
        self.offer_kept(kept)
        self.named.choices = choices(organisations)
        statuses = rules.statuses_to_choose(programme.status if programme else None)
        self.status.choices = choices((code, name_of("activity_status", code, current_language())) for code in statuses)
        silent = programme is not None and programme.accepting == "unknown"
        answers = [pair for pair in rules.ACCEPTING.items() if pair[0] != "unknown" or silent]
        self.accepting.choices = worded(answers)
        if programme:
            self._keep_codes(programme)

    def _keep_codes(self, programme: Programme) -> None:
        # An imported programme may carry codes that our lists do not offer; they are kept, not refused.
        have = {"themes": "theme", "countries": "country", "groupings": "grouping", "languages": "language"}
        codes: dict[str, list[str]] = {field: programme.codes(facet) for field, facet in have.items()}
        for name in ("language", "purpose_code", "aid_type", "finance_type", "flow_type"):
            codes[name] = [getattr(programme, name)]
        for name, values in codes.items():
            known = {choice.value for choice in self[name].choices}
            self[name].choices = [*self[name].choices, *choices((v, v) for v in values if v not in known)]

    def changed_rows(self) -> bool:
        """Whether the form was sent to add or remove a row, which has been done then."""
        changed = [change_rows(rows) for rows in (self.offers, self.participants, self.links)]
        return any(changed)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields, then what the rules say of them together."""
        is_sound = bool(super().validate(extra_validators))
        problems = problems_in(self.draft(), self.programme, now().date())
        self.mark(problems)
        return is_sound and not problems

    def mark(self, problems: Iterable[rules.Problem]) -> None:
        """Put each message at its field, where none stands yet."""
        for problem in problems:
            field = self._field(problem.field)
            if not field.errors:
                field.errors = [say(problem.message, current_language())]
        for rows in (self.offers, self.participants, self.links):
            if not rows.errors and any(row.errors for row in rows):
                rows.errors = [row.errors for row in rows]

    def _field(self, name: str) -> Any:
        if name.count("-") != 2:  # noqa: PLR2004 - a part of a row is list-number-part
            return self[name]
        rows, at, part = name.split("-")
        return filled(self[rows])[int(at)][part]

    def draft(self) -> ProgrammeDraft:
        """What was typed, as plain values."""
        offers = [OfferDraft(**typed(row, OfferDraft)) for row in filled(self.offers)]
        participants = [ParticipantDraft(**typed(row, ParticipantDraft)) for row in filled(self.participants)]
        links = [LinkDraft(**typed(row, LinkDraft)) for row in filled(self.links)]
        values = typed(self, ProgrammeDraft)
        values |= {"named": tuple(int(number) for number in self.named.data or () if number.isdecimal())}
        values |= {"offers": tuple(offers), "participants": tuple(participants), "links": tuple(links)}
        return ProgrammeDraft(**values)


class NewProgrammeForm(ProgrammeForm):
    """A programme that is posted for the first time: for one of the organisations that the person edits for."""

    organisation = SelectField(_l("Organisation that offers it"))

    def __init__(self, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisation.choices = choices(owners)
        if len(owners) == 1:
            self.organisation.data = owners[0][0]


class CloseForm(BaseForm):
    """How and why a programme ends."""

    ending = SelectField(_l("What happens to it"))
    reason = long_text(
        _l("Reason"), _l("Write the reason in a sentence or two: it stands in the programme’s history."), longest=2000
    )

    def __init__(self, programme: Programme, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        codes = rules.endings_of(programme.status)
        self.ending.choices = choices((code, name_of("activity_status", code, current_language())) for code in codes)


def filled(rows: Any) -> list[Any]:
    """The forms of the rows in which something was typed."""
    return [row.form for row in rows if not row.form.is_blank]


def typed(form: Any, draft: type[Any]) -> dict[str, Any]:
    """The values of a form's fields that a draft has too; lists as tuples, nothing as nothing of the right kind."""
    values = {}
    for name, kind in draft.__annotations__.items():
        if name in form and form[name].type != "FieldList":
            values[name] = _value(form[name].data, is_text=kind == "str")
    return values


def _value(data: Any, *, is_text: bool) -> Any:
    if isinstance(data, list):
        return tuple(data)
    return data or "" if is_text else data


def values_of(programme: Programme, named: Sequence[str]) -> dict[str, Any]:
    """A programme as the form shows it."""
    names = ("kind", "description", "quantity", "unit")
    values = {name: getattr(programme, name) for name in ProgrammeDraft.__annotations__ if hasattr(programme, name)}
    values |= {
        "version": str(programme.version),
        "themes": programme.codes("theme"),
        "countries": programme.codes("country"),
        "groupings": programme.codes("grouping"),
        "languages": programme.codes("language"),
        "offers": [{name: getattr(offer, name) for name in names} for offer in programme.offers],
        "participants": [
            {name: getattr(p, name) for name in ParticipantDraft.__annotations__} for p in programme.participants
        ],
        "links": [{"kind": link.kind, "identifier": link.identifier} for link in programme.links],
        "named": list(named),
        "restricted_fields": list(programme.field_disclosure),
    }
    return values
