"""A form that has a field of every kind and means nothing: it shows how each is drawn."""

from __future__ import annotations

from babel import Locale

from app.foundation.forms import (
    AmountField,
    BaseForm,
    BooleanField,
    CheckboxesField,
    CurrencyField,
    DayField,
    FieldList,
    Form,
    FormField,
    InputRequired,
    IntegerField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    _l,
    choices,
    long_text,
    short_text,
)
from app.foundation.web import current_language
from app.organisations.forms import email_field
from app.reference.codelists import options
from app.reference.countries import countries, country_options
from app.reference.themes import theme_options

REGIONS = {"africa": "002", "americas": "019", "asia": "142", "europe": "150", "oceania": "009"}
"""UN M49 codes of the regions, under which CLDR knows their names."""


def countries_by_region() -> list[SelectChoice]:
    """Every country under the name of its region."""
    language = current_language()
    names = Locale.parse(language).territories
    regions = {iso2: country.region for iso2, country in countries().items()}
    return [
        SelectChoice(iso2, name, optgroup=str(names[code]))
        for region, code in REGIONS.items()
        for iso2, name in country_options(language)
        if regions[iso2] == region
    ]


class LineForm(Form):
    """One row of a repeated part."""

    kind = SelectField(
        _l("Kind of assistance"), choices=lambda: choices(options("assistance_kinds", current_language()))
    )
    quantity = IntegerField(_l("How many"))
    starts_on = DayField(_l("From"))


class EveryField(BaseForm):
    """A field of every kind."""

    title = short_text(_l("Title"), _l("Give a title."))
    problem = long_text(_l("The problem"), _l("Say what the problem is."))
    email = email_field(_l("E-mail address"), _l("Type your e-mail address."))
    password = PasswordField(_l("Password"))
    people = IntegerField(_l("How many"), [InputRequired(_l("Give a number."))])
    day = DayField(_l("Starts on"))
    amount = AmountField(_l("Amount"))
    currency = CurrencyField(_l("Currency"))
    kind = SelectField(_l("Kind of assistance"))
    country = SelectField(_l("Country"))
    readers = RadioField(_l("Who may see it"), [InputRequired(_l("Choose who may see it."))])
    languages = CheckboxesField(_l("Languages"))
    themes = CheckboxesField(_l("Themes"), [InputRequired(_l("Choose one theme at least."))])
    countries = CheckboxesField(_l("Countries"))
    is_essential = BooleanField(_l("Without it the rest makes no sense"))
    files = MultipleFileField(_l("Files"))
    lines = FieldList(FormField(LineForm), _l("Lines"), max_entries=4)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        spoken = current_language()
        self.kind.choices = choices(options("assistance_kinds", spoken)[:5], _l("Choose a kind"))
        self.country.choices = choices(country_options(spoken), _l("Choose a country"))
        self.readers.choices = choices([("members", _l("Members")), ("public", _l("Everybody"))])
        self.languages.choices = choices(
            (code, Locale.parse(spoken).languages[code]) for code in ("en", "fr", "es", "pt")
        )
        self.themes.choices = choices(theme_options(spoken))
        self.countries.choices = countries_by_region()
