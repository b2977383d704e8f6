"""The parts that every form is made of: what people type is read generously, kept on error, and answered in words."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    PasswordField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import DateField as WTDateField
from wtforms import DecimalField as WTDecimalField
from wtforms import FieldList as WTFieldList
from wtforms import RadioField as WTRadioField
from wtforms import SelectField as WTSelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    DataRequired,
    Email,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)
from wtforms.widgets import TextInput

from app.foundation.days import SHAPES, parse_day
from app.foundation.languages import say
from app.foundation.messages import Message
from app.foundation.money import COMMON_CURRENCIES, LARGEST_AMOUNT, MoneyError, is_currency, parse_amount
from app.foundation.options import KnownOptions
from app.foundation.sentences import _l
from app.foundation.web import current_language

__all__ = [
    "COMMON_CURRENCIES", "AmountField", "BaseForm", "BooleanField", "CheckboxesField", "CurrencyField",
    "DataRequired", "DayField", "Email", "EmailField", "FieldList", "FileField", "Form", "FormField", "HiddenField",
    "InputRequired", "IntegerField", "Length", "MultipleFileField", "NumberRange", "Optional", "PasswordField",
    "RadioField", "SelectChoice", "SelectField", "SelectMultipleField", "StringField", "TextAreaField",
    "ValidationError", "_l", "choices", "long_text", "needed", "picked", "short_text", "worded",
]  # fmt: skip

EARLIEST_DAY = date(1990, 1, 1)
LATEST_DAY = date(2100, 12, 31)
LONGEST_LINE = 200
LONGEST_TEXT = 20_000
LONGEST_ROW_NUMBER = 3
"""Digits: no form has more than a thousand rows."""

Validators = Sequence[Callable[[Any, Any], Any]]
AnyForm = TypeVar("AnyForm", bound="BaseForm")


def choices(pairs: Iterable[tuple[str, Any]], blank: Any = None) -> list[SelectChoice]:
    """Options for a select; `blank` is the label of the empty option, if there is one."""
    first = [SelectChoice("", blank)] if blank is not None else []
    return first + [SelectChoice(value, label) for value, label in pairs]


def worded(names: Iterable[tuple[str, Message | str]], blank: Any = None) -> list[SelectChoice]:
    """Options from the codes of rules, with their names in the reader's language."""
    return choices(((code, say(name, current_language())) for code, name in names), blank)


def needed(message: Any) -> list[Any]:
    """The field has to be filled in; the message says how."""
    return [DataRequired(message)]


def picked(message: Any) -> list[Any]:
    """One option at least has to be picked."""
    return [InputRequired(message)]


def short_text(label: Any, message: Any = None, longest: int = LONGEST_LINE) -> StringField:
    """One line of text, required if there is a message for its absence."""
    return StringField(label, validators=[*_presence(message), _at_most(longest)], filters=[_tidy])


def long_text(label: Any, message: Any = None, longest: int = LONGEST_TEXT) -> TextAreaField:
    """Some paragraphs of text."""
    return TextAreaField(label, validators=[*_presence(message), _at_most(longest)], filters=[_tidy])


def _presence(message: Any) -> list[Any]:
    return needed(message) if message is not None else [Optional()]


def _at_most(longest: int) -> Callable[[Any, Any], None]:
    def check(_form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > longest:
            # What is too long is not looked at any further: some checks take long over long texts.
            raise StopValidation(
                field.gettext("This is %(length)d characters long; shorten it to %(longest)d, or attach a file.")
                % {"length": length, "longest": longest}
            )

    # docs/rules.md is written from it.
    vars(check)["longest"] = longest
    return check


def _tidy(text: str | None) -> str | None:
    # Postgres takes no NUL characters, and nobody types one.
    return text.replace("\x00", "").replace("\r\n", "\n").strip() if text else text


CHOOSE = _l("Choose one of the list.")


class SelectField(WTSelectField):
    """One of a list."""

    widget = KnownOptions()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"invalid_choice_message": CHOOSE, **kwargs})


class RadioField(WTRadioField):
    """One of a few, all of them in view."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"invalid_choice_message": CHOOSE, **kwargs})


class CheckboxesField(SelectMultipleField):
    """Several of a list, drawn as checkboxes."""


class FieldList(WTFieldList):
    """Rows of a repeated part; a row whose number no browser of ours would send is passed over."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        # The library takes “²” and five thousand digits for numbers, and fails over both.
        for name in formdata:
            number = name[len(prefix) + 1 :].split("-", 1)[0] if name.startswith(f"{prefix}-") else ""
            if number.isascii() and number.isdecimal() and len(number) <= LONGEST_ROW_NUMBER:
                yield int(number)


class DayField(WTDateField):
    """A day that people can type: 2027-03-31, 31/03/2027, or 31 March 2027 in the site's languages."""

    # A browser's own date field takes no words, and shows its placeholder in the browser's language.
    widget = TextInput()

    def __init__(self, label: Any = None, validators: Validators | None = None, **kwargs: Any) -> None:
        super().__init__(label, [*(validators or [Optional()])], format=list(SHAPES), **kwargs)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day; whatever it is, what was typed is shown again."""
        text = " ".join(valuelist).strip()
        self.raw_data = [text] if text else []
        self.data = None
        if not text:
            return
        self.data = parse_day(text)
        if self.data is None:
            raise ValueError(_l("Type a day like 2027-03-31 or 31/03/2027."))
        if not EARLIEST_DAY <= self.data <= LATEST_DAY:
            wrong, self.data = self.data, None
            raise ValueError(
                _l("The year %(year)d cannot be right here: give a day between 1990 and 2100.", year=wrong.year)
            )


class AmountField(WTDecimalField):
    """A positive number of up to two decimals, typed as people write numbers (12 500,50)."""

    # A browser's own number field refuses the comma and the space of 12 500,50.
    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number."""
        text = " ".join(valuelist).strip()
        self.raw_data = [text] if text else []
        self.data = None
        if not text:
            return
        try:
            amount = parse_amount(text)
        except MoneyError:
            raise ValueError(_l("Type a number, such as 12500 or 12 500,50.")) from None
        if amount < 0:
            raise ValueError(_l("This cannot be less than zero."))
        if amount > LARGEST_AMOUNT:
            raise ValueError(_l("This number is too large to be right."))
        self.data = amount.quantize(Decimal("0.01"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return format(self.data.normalize(), "f") if self.data else "0"


class CurrencyField(StringField):
    """An ISO 4217 code; the usual ones are suggested with their names, any that exists is taken."""

    def __init__(self, label: Any = None, validators: Validators | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("render_kw", {"maxlength": "3", "size": "4", "autocomplete": "off"})
        super().__init__(label, [*(validators or [Optional()])], filters=[_upper], **kwargs)

    def pre_validate(self, _form: Any) -> None:
        """Refuse a code that is no currency."""
        if self.data and not is_currency(self.data):
            raise ValidationError(
                _l("“%(code)s” is not a currency. Use three letters, such as EUR or XOF.", code=self.data[:12])
            )


def _upper(text: str | None) -> str | None:
    return text.strip().upper() if text else text


class BaseForm(FlaskForm):
    """A form that can be sent twice without harm (`form_key`) and knows which version it was opened on.

    `guard` is what is asked in it before it is posted, `guarded` what was found (app.foundation.guarding).
    """

    form_key = HiddenField()
    version = HiddenField()
    guard: Any = ""
    guarded: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(16)

    @property
    def key(self) -> str:
        """The form's own random key, the same through autosaves and repeated clicks."""
        return str(self.form_key.data)[:64]

    @property
    def opened_version(self) -> int | None:
        """The version of the record that the person saw when the form was opened."""
        text = str(self.version.data or "")
        return int(text) if text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004 - longer is no version

    @property
    def is_posted(self) -> bool:
        """Whether the form has been sent, rather than asked for."""
        return bool(self.is_submitted())

    def is_sound(self) -> bool:
        """Sent, and everything in it can be read; otherwise the fields carry the messages."""
        return bool(self.validate_on_submit())


def posted_fields() -> list[tuple[str, str]]:
    """What was typed, field by field, without tokens and passwords."""
    hidden = {"csrf_token", "add-row", "remove-row"}
    typed = request.form.items(multi=True)
    return [(name, value) for name, value in typed if name not in hidden and "password" not in name]


def change_rows(entries: FieldList) -> bool:
    """Add or remove a row of a repeated part, as the buttons for pages without JavaScript ask; whether one did."""
    if request.form.get("add-row") == entries.name:
        entries.append_entry()
        return True
    gone = request.form.get("remove-row", "")
    kept = [entry for entry in entries.entries if entry.name != gone]
    if len(kept) == len(entries.entries):
        return False
    entries.entries = kept
    # WTForms numbers the rows when the form is sent again; without this the next row to go would not be found.
    entries._compact_indices()  # noqa: SLF001 - there is no public name for it
    return True
