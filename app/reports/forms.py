"""The forms of reports: which one is wanted, and whether a paper was made here."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import BaseForm, RadioField, SelectField, _l, choices, picked, short_text, worded
from app.foundation.languages import LANGUAGES
from app.foundation.permissions import Membership
from app.foundation.web import current_language
from app.reports.making import Order
from app.reports.rules import DONOR, FORMS, KINDS, STATE, Signer, kinds_of


class OrderForm(BaseForm):
    """Which report, of which of one's organisations, in which language and form, and who will sign it."""

    kind = RadioField(_l("Which report"), validators=picked(_l("Choose which report you want.")))
    organisation = SelectField(_l("Of which organisation"), validators=picked(_l("Choose the organisation.")))
    language = SelectField(_l("Language of the report"), validators=picked(_l("Choose a language.")))
    form = RadioField(_l("As what"), default="pdf", validators=picked(_l("Choose one.")))
    name = short_text(_l("Name of who signs"))
    function = short_text(_l("Function of who signs"))
    place = short_text(_l("Place of signing"))

    def __init__(self, *args: Any, places: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        offered = {kind for place in places for kind in kinds_of(place.organisation_kind)}
        self.kind.choices = worded((kind, KINDS[kind]) for kind in (STATE, DONOR) if kind in offered)
        self.organisation.choices = choices((one.organisation_ref, one.organisation_name) for one in places)
        self.language.choices = choices(LANGUAGES.items())
        self.form.choices = worded(FORMS.items())
        self.language.data = self.language.data or current_language()
        self.kind.data = self.kind.data or (self.kind.choices[0].value if self.kind.choices else None)

    def validate(self, extra_validators: Any = None) -> bool:
        """Only a State has an account of a State."""
        is_sound = bool(super().validate(extra_validators))
        chosen = self.place_chosen
        if is_sound and chosen is not None and self.kind.data not in kinds_of(chosen.organisation_kind):
            self.organisation.errors = [
                *self.organisation.errors, _l("This organisation has no such report. Choose another one of yours.")
            ]  # fmt: skip
            return False
        return is_sound

    @property
    def place_chosen(self) -> Membership | None:
        """The place in the organisation that was chosen."""
        return next((one for one in self.places if one.organisation_ref == self.organisation.data), None)

    def order(self) -> Order:
        """What was typed, as plain values."""
        place = self.place_chosen
        signer = Signer(self.name.data or "", self.function.data or "", self.place.data or "")
        number = place.organisation_id if place else 0
        return Order(self.kind.data, number, self.language.data, self.form.data, signer=signer)
