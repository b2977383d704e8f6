"""The forms of sponsored seats: how many, for whom and what is paid; and the reasons of whoever says no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.courses.forms import whole_number
from app.foundation.forms import (
    BaseForm,
    CheckboxesField,
    InputRequired,
    SelectField,
    _l,
    choices,
    long_text,
    worded,
)
from app.foundation.languages import name_of
from app.foundation.web import current_language
from app.needs.models import NeedLine
from app.nominations.sponsors import rules
from app.nominations.sponsors.service import SponsorDraft

SEATS = _l("Write how many seats you pay for, as a whole number.")
MOST_SEATS = 10_000


class SponsorForm(BaseForm):
    """Seats that one's own organisation pays for."""

    organisation = SelectField(_l("For which organisation"))
    seats = whole_number(_l("Seats"), SEATS, MOST_SEATS, InputRequired(SEATS))
    line = SelectField(_l("For a line of a need"), default="")
    countries = CheckboxesField(_l("Or for people of these States"))
    pays = CheckboxesField(_l("What you pay for"), choices=lambda: worded(rules.PAYS.items()))
    note = long_text(_l("What the centre has to know"), longest=2000)

    def __init__(
        self, owners: Sequence[tuple[str, str]], lines: Sequence[tuple[str, str]], reach: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        language = current_language()
        self.organisation.choices = choices(owners)
        # The only place is not asked for; but whoever names another one is told, and does not offer for this one.
        if len(owners) == 1 and not (self.is_posted and self.organisation.data):
            self.organisation.data = owners[0][0]
        self.line.choices = choices(lines, _l("None of them"))
        named = sorted(((code, name_of("country", code, language)) for code in reach), key=lambda pair: pair[1])
        self.countries.choices = choices(named)

    def draft(self, line: NeedLine | None) -> SponsorDraft:
        """What was typed, with the line that it names."""
        return SponsorDraft(
            seats=self.seats.data or 0,
            countries=tuple(self.countries.data or ()),
            need_line=line,
            pays=tuple(self.pays.data or ()),
            note=self.note.data or "",
        )


class AcceptForm(BaseForm):
    """The centre takes the offer."""


class DeclineForm(BaseForm):
    """Why the centre does not take the offer."""

    reason = long_text(_l("Reason"), _l("Write the reason in a sentence or two: the sponsor reads it."), longest=2000)


class WithdrawForm(BaseForm):
    """Why the sponsor takes the offer back."""

    reason = long_text(_l("Reason"), _l("Write the reason in a sentence or two: the centre reads it."), longest=2000)
