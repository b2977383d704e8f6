"""What is looked for in the record, as it is typed: words, a kind of events, and days."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import DayField, Form, SelectField, StringField, _l, worded
from app.record.kinds import KINDS
from app.record.queries import Filters

LONGEST_WORDS = 200


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())[:LONGEST_WORDS]


class SearchForm(Form):
    """The search of the record; it changes nothing, so it carries no key."""

    q = StringField(_l("Reference, person, organisation or network address"), filters=[_tidy])
    kind = SelectField(_l("Kind of event"), validate_choice=False)
    since = DayField(_l("From this day on"))
    until = DayField(_l("Until this day"))

    def __init__(self, typed: Any) -> None:
        super().__init__(typed)
        self.kind.choices = worded([(code, kind.name) for code, kind in KINDS.items()], blank=_l("All kinds"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the days can be read, and come one after the other."""
        is_sound = bool(super().validate(extra_validators))
        if is_sound and self.since.data and self.until.data and self.until.data < self.since.data:
            self.until.errors = [_l("This day is before the first one. Give a later day, or change the first.")]
            return False
        return is_sound

    def filters(self) -> Filters:
        """What was typed, read; a kind that there is none of is passed over."""
        kind = self.kind.data if self.kind.data in KINDS else ""
        return Filters(self.q.data or "", kind, self.since.data, self.until.data)
