"""What an applicant fills in about an organisation, and what the secretariat decides."""

from __future__ import annotations

import re
from typing import Any

from app.foundation.forms import (
    BaseForm,
    BooleanField,
    EmailField,
    Length,
    RadioField,
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
from app.foundation.languages import LANGUAGES, say
from app.foundation.messages import N_, Message
from app.organisations.details import DetailsDraft
from app.organisations.rules import KINDS, KINDS_THAT_APPLY, PASSING, Identity, is_domain, tidy_domain
from app.organisations.service import ApplicationDraft, Decision
from app.reference.countries import country_options
from app.reference.groupings import grouping_options

EMAIL = re.compile(r"^[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}$")
WEBSITE = re.compile(r"^https?://[^\s/<>\"][^\s/<>\".]*\.[^\s<>\"]+$", re.IGNORECASE)
LONGEST_EMAIL = 254
MOVE_NAMES: dict[str, str] = {
    "check": N_("I have checked it; a second person may verify it"),
    "verify": N_("Verify it and invite the applicant as focal point"),
    "refuse": N_("Refuse the application"),
    "trust": N_("Let it publish without review"),
    "suspend": N_("Suspend it"),
    "reinstate": N_("Reinstate it"),
    "designate": N_("Make it the national focal point of its State"),
    "relieve": N_("Let it no longer be the national focal point of its State"),
}


def is_address(_form: Any, field: Any) -> None:
    """The field has to be an e-mail address."""
    if field.data and not EMAIL.match(field.data):
        raise ValidationError(_l("Type a whole e-mail address, such as name@ministry.example."))


def email_field(label: Any, message: Any) -> EmailField:
    """An e-mail address, kept in lower case."""
    return EmailField(label, validators=[*needed(message), Length(max=LONGEST_EMAIL), is_address], filters=[_plain])


def _plain(text: str | None) -> str | None:
    return text.replace("\x00", "").strip().casefold() if text else text


def _website(text: str | None) -> str | None:
    if not text:
        return text
    return text if "://" in text else f"https://{text}"


def refuse(form: BaseForm, message: Message, language: str, field: str = "") -> None:
    """Show at the field, or above the form, why a service could not do what was asked."""
    text = say(message, language)
    if field in form:
        form[field].errors = [*form[field].errors, text]
    else:
        form.form_errors.append(text)


class ApplicationForm(BaseForm):
    """An organisation asks to be let in; the applicant becomes its focal point when it is verified."""

    kind = RadioField(_l("What kind of organisation is it?"), validators=picked(_l("Choose the kind of organisation.")))
    name = short_text(_l("Official name"), _l("Write the official name of the organisation, in its own language."))
    language = SelectField(_l("Language it works in"), validators=picked(_l("Choose the language it works in.")))
    acronym = short_text(_l("Acronym"), longest=30)
    country = SelectField(_l("Country"))
    grouping = SelectField(_l("Whose States it works for"))
    website = short_text(_l("Website"))
    email_domain = short_text(
        _l("E-mail domain"), _l("Write what follows the @ in the organisation’s e-mail addresses.")
    )
    iati_identifier = short_text(_l("IATI organisation identifier"), longest=100)
    about = long_text(_l("What it does"), longest=2000)
    applicant_name = short_text(_l("Your name"), _l("Write your name: the secretariat will answer to you."))
    applicant_email = email_field(_l("Your work e-mail address"), _l("Write your e-mail address at the organisation."))
    letter = long_text(
        _l("Why it should be here"),
        _l("Say in a few sentences what the organisation wants to do here and who can confirm it."),
        longest=5000,
    )
    different = BooleanField(_l("It is a different organisation"))

    def __init__(self, language: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.kind.choices = choices((kind, say(KINDS[kind].name, language)) for kind in KINDS_THAT_APPLY)
        self.language.choices = choices(LANGUAGES.items())
        self.country.choices = choices(country_options(language), blank=_l("Choose a country"))
        self.grouping.choices = choices(grouping_options(language), blank=_l("None"))
        if not self.language.data:
            self.language.data = language
        self.email_domain.data = tidy_domain(self.email_domain.data or "")
        self.website.data = _website(self.website.data)

    def validate_country(self, field: Any) -> None:
        """Every organisation sits somewhere; only a regional one may leave it open."""
        if not field.data and self.kind.data != "regional":
            raise ValidationError(_l("Choose the country in which the organisation has its seat."))

    def validate_grouping(self, field: Any) -> None:
        """A regional organisation works for the States of a grouping."""
        if not field.data and self.kind.data == "regional":
            raise ValidationError(_l("Choose the grouping whose States this organisation works for."))

    def validate_website(self, field: Any) -> None:
        """A website is an address of the web."""
        if field.data and not WEBSITE.match(field.data):
            raise ValidationError(_l("Write the website like https://www.ministry.example, or leave it out."))

    def validate_email_domain(self, field: Any) -> None:
        """A domain has a dot and no spaces."""
        if not is_domain(field.data or ""):
            raise ValidationError(_l("Write the domain like ministry.example: what follows the @ in your address."))

    def identity(self) -> Identity:
        """What tells this organisation from others."""
        return Identity(
            (self.name.data or "",),
            self.country.data or None,
            self.email_domain.data or "",
            self.iati_identifier.data or None,
        )

    def draft(self) -> ApplicationDraft:
        """What was filled in, as plain values."""
        texts = ("acronym", "website", "about")
        needs = ("kind", "name", "language", "email_domain", "applicant_name", "applicant_email", "letter")
        return ApplicationDraft(
            **{name: self[name].data for name in needs},
            **{name: self[name].data or "" for name in texts},
            country=self.country.data or None,
            grouping=self.grouping.data or None,
            iati_identifier=self.iati_identifier.data or None,
        )


class DetailsForm(BaseForm):
    """What a verified organisation says about itself; its name and e-mail domain are the secretariat's to change."""

    acronym = short_text(_l("Acronym"), longest=30)
    about = long_text(_l("What it does"), longest=2000)
    website = short_text(_l("Website"))
    language = SelectField(_l("Language it works in"), validators=picked(_l("Choose the language it works in.")))

    validate_website = ApplicationForm.validate_website

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.language.choices = choices(LANGUAGES.items())
        self.website.data = _website(self.website.data)

    def draft(self) -> DetailsDraft:
        """What was filled in."""
        texts = {name: self[name].data or "" for name in ("acronym", "about", "website")}
        return DetailsDraft(**texts, language=self.language.data)


class MergeForm(BaseForm):
    """Into which record this one goes, and why."""

    into = short_text(_l("Reference of the record that stays"), _l("Type a reference such as O-7KQ2-MX4T."), 20)
    reason = long_text(_l("Reason"), _l("Write the reason: the record keeps it."), longest=2000)
    sure = BooleanField(
        _l("I have compared both records, and they are the same organisation"),
        validators=needed(_l("Tick that you have compared both records.")),
    )


class PassingForm(BaseForm):
    """How needs of the State pass its national focal point."""

    passing = RadioField(_l("Needs of the State’s other authorities"), validators=picked(_l("Choose one of the ways.")))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.passing.choices = worded(PASSING.items())


class DecideForm(BaseForm):
    """A decision of the secretariat about one organisation; a tick says that it is meant."""

    move = RadioField(_l("Decision"), validators=picked(_l("Choose what is decided.")))
    reason = long_text(_l("Reason"), longest=2000)
    sure = BooleanField(
        _l("I have checked what this rests on, and I mean it"),
        validators=needed(_l("Tick that you have checked what the decision rests on.")),
    )

    def __init__(self, moves: list[str], language: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.move.choices = choices((move, say(MOVE_NAMES[move], language)) for move in moves)

    def decision(self) -> Decision:
        """What was decided."""
        return Decision(self.move.data, self.reason.data or "")
