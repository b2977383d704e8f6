"""The parts of the form of a need: a line, an indicator, whole numbers, files, and the lists that one picks from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.foundation.forms import (
    AmountField,
    CurrencyField,
    DayField,
    FieldList,
    Form,
    HiddenField,
    IntegerField,
    NumberRange,
    Optional,
    SelectChoice,
    SelectField,
    ValidationError,
    _l,
    choices,
    long_text,
    needed,
    picked,
    short_text,
    worded,
)
from app.foundation.languages import LANGUAGES, language_name
from app.foundation.web import current_language
from app.needs.rules import DISCLOSURE_NAMES, SENSITIVE_NAMES
from app.needs.service import IndicatorDraft, LineDraft, TextDraft
from app.reference.codelists import options, purpose_options
from app.reference.themes import theme_options
from app.reference.themes import themes as known_themes

MOST_PEOPLE = 1_000_000_000
DELIVERY_LANGUAGES = ("en", "fr", "es", "pt", "ar", "ht", "nl", "sw")
CURRENCY_BOX = {"maxlength": "3", "size": "4", "autocomplete": "off", "placeholder": "EUR"}
NO_CURRENCY = _l("Give the currency of this amount, such as EUR or XOF.")
OWN_LANGUAGE = _l("The need itself is written in this language. Choose another one, or remove this part.")
LANGUAGE_TWICE = _l("This language is given twice. Choose another one, or put both texts into one part.")


def kinds() -> list[SelectChoice]:
    """Kinds of assistance, with an empty first option."""
    return choices(options("assistance_kinds", current_language()), _l("Choose a kind"))


def units() -> list[SelectChoice]:
    """Units in which lines are counted, with an empty first option."""
    return choices(options("units", current_language()), _l("Choose a unit"))


def themes() -> list[SelectChoice]:
    """What assistance is about, by name."""
    return choices(theme_options(current_language()))


def instruments() -> list[SelectChoice]:
    """Conventions and agreements."""
    return choices(options("instruments", current_language()))


def purposes(chosen: str = "") -> list[SelectChoice]:
    """The DAC purpose codes of the themes, and the one chosen before, with an empty first option.

    All 101 codes would make up a tenth of a page that has to arrive over slow lines.
    """
    codes = {theme.more["purpose_code"] for theme in known_themes().values()} | {chosen}
    return choices(purpose_options(current_language(), codes), _l("Take it from the themes"))


def evaluation_bodies() -> list[SelectChoice]:
    """Bodies that evaluate States, with an empty first option."""
    return choices(options("evaluation_bodies", current_language()), _l("No evaluation"))


def written_languages() -> list[SelectChoice]:
    """Languages in which a need may be written, each by its own name."""
    return choices(LANGUAGES.items())


def other_languages() -> list[SelectChoice]:
    """Languages in which a need may be given besides, with an empty first option."""
    return choices(LANGUAGES.items(), _l("Choose a language"))


def delivery_languages() -> list[SelectChoice]:
    """Languages in which help may be given."""
    return choices((code, language_name(code, current_language())) for code in DELIVERY_LANGUAGES)


def tiers() -> list[SelectChoice]:
    """Who may see a need."""
    return worded(DISCLOSURE_NAMES.items())


def restrictable() -> list[SelectChoice]:
    """Fields that may be kept for members."""
    return worded(SENSITIVE_NAMES.items())


class CountField(IntegerField):  # type: ignore[misc]  # the library brings no types
    """A number of people: whole, not negative, typed as people write it (1 200)."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        range_ = NumberRange(0, MOST_PEOPLE, _l("Give a number between 0 and one thousand million."))
        super().__init__(label, [Optional(), range_], **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number."""
        text = "".join(valuelist).strip()
        self.data = None
        if not text:
            return
        plain = "".join(text.split()).removeprefix("+")
        if plain.startswith(("-", "−")):
            raise ValueError(_l("A number of people cannot be less than zero."))
        if not (plain.isascii() and plain.isdecimal() and len(plain) < 13):  # noqa: PLR2004 - longer is no number of people
            raise ValueError(_l("Type a whole number, such as 40."))
        self.data = int(plain)


def above_zero(_form: Any, field: Any) -> None:
    """Refuse a quantity of nothing."""
    if field.data is not None and field.data <= 0 and not field.errors:
        raise ValidationError(_l("Give a number greater than zero, such as 40."))


class RowForm(Form):  # type: ignore[misc]  # the library brings no types
    """A repeated part of the form; a row with nothing in it is no row, a row with anything in it must be whole."""

    asked: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Nothing has been typed or picked in this row."""
        fields = (self[name] for name in self.asked)
        return not any(field.data or str((field.raw_data or [""])[0]).strip() for field in fields)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the row unless it is blank."""
        return self.is_blank or super().validate(extra_validators)


class LineForm(RowForm):
    """One thing asked for."""

    asked = ("kind", "quantity", "unit", "description", "beneficiary_unit", "starts_on", "ends_on", "cost_amount")

    ref = HiddenField()
    kind = SelectField(_l("Kind of help"), needed(_l("Choose what kind of help this line asks for.")), choices=kinds)
    quantity = AmountField(_l("How many"), [*picked(_l("Say how many, such as 40.")), above_zero])
    unit = SelectField(_l("Unit"), needed(_l("Choose what is counted: participants, sets, days.")), choices=units)
    is_essential = SelectField(
        _l("How important"),
        choices=lambda: choices((("yes", _l("Essential")), ("no", _l("Desirable")))),
        default="yes",
    )
    description = long_text(_l("What exactly"), _l("Say in a sentence what is to be delivered."), 4000)
    beneficiary_unit = short_text(_l("For which unit"))
    starts_on = DayField(_l("From"))
    ends_on = DayField(_l("By when"))
    cost_amount = AmountField(_l("Cost of the whole line"), [Optional()])
    currency = CurrencyField(_l("Currency of the line"), render_kw=CURRENCY_BOX)

    def validate_ends_on(self, field: Any) -> None:
        """Refuse an end before its start."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_l("This is before the start of the line. Correct one of the two days."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the row, and that an amount has its currency."""
        sound = super().validate(extra_validators)
        return has_currency(self.cost_amount, self.currency) and sound

    def draft(self) -> LineDraft:
        """The line as the service takes it. The row has been validated."""
        amount = self.cost_amount.data
        quantity: Decimal = self.quantity.data or Decimal(0)
        return LineDraft(
            kind=self.kind.data, quantity=quantity, unit=self.unit.data,
            description=self.description.data or "", is_essential=self.is_essential.data != "no",
            beneficiary_unit=self.beneficiary_unit.data or "", starts_on=self.starts_on.data,
            ends_on=self.ends_on.data, cost_amount=amount,
            currency=self.currency.data or "" if amount is not None else "", ref=self.ref.data or None,
        )  # fmt: skip


class IndicatorForm(RowForm):
    """How one will know."""

    asked = ("name", "unit", "baseline", "target", "due_on")

    ref = HiddenField()
    name = short_text(_l("What is measured"), _l("Name what is counted, such as “seizures handed to a prosecutor”."))
    unit = short_text(_l("Measured in"), longest=60)
    baseline = short_text(_l("Value today"), longest=60)
    target = short_text(_l("Value aimed for"), _l("Give the value that you aim for, such as 25."), longest=60)
    due_on = DayField(_l("On which day"))

    def draft(self) -> IndicatorDraft:
        """The indicator as the service takes it. The row has been validated."""
        return IndicatorDraft(
            name=self.name.data or "", unit=self.unit.data or "", baseline=self.baseline.data or "",
            target=self.target.data or "", due_on=self.due_on.data, ref=self.ref.data or None,
        )  # fmt: skip


class TextForm(RowForm):
    """The chief words of the need in one more language."""

    asked = ("language", "title", "summary", "problem", "objectives")

    language = SelectField(
        _l("Language of these words"),
        needed(_l("Choose the language of these words, or empty all the boxes of this part.")),
        choices=other_languages,
    )
    title = short_text(
        _l("Title"), _l("Give the title in this language. If you do not want this language, remove this part.")
    )
    summary = long_text(_l("Public summary"), longest=1500)
    problem = long_text(_l("The problem"))
    objectives = long_text(_l("Objectives"))

    def draft(self) -> TextDraft:
        """The words as the service takes them. The row has been validated."""
        return TextDraft(**{name: self[name].data or "" for name in self.asked})


def each_language_once(rows: FieldList, own: str) -> None:
    """Blame a row whose language is that of the need itself, or of a row before it."""
    seen: set[str] = set()
    for row in rows:
        field = row.form.language
        if not field.data:
            continue
        if field.data == own:
            field.errors = [*field.errors, str(OWN_LANGUAGE)]
        elif field.data in seen:
            field.errors = [*field.errors, str(LANGUAGE_TWICE)]
        seen.add(field.data)
    if any(row.errors for row in rows):
        rows.errors = [row.errors for row in rows]


def has_currency(amount: Any, currency: Any) -> bool:
    """Blame the currency field if there is an amount without one."""
    if amount.data is None or currency.data:
        return True
    currency.errors = [*currency.errors, str(NO_CURRENCY)]
    return False
