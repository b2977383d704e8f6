"""The forms of limits: what a State can take in at most, and why a limit is ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from app.foundation.forms import (
    BaseForm,
    DayField,
    InputRequired,
    IntegerField,
    NumberRange,
    RadioField,
    SelectField,
    _l,
    choices,
    long_text,
    needed,
    picked,
    short_text,
    worded,
)
from app.foundation.languages import LANGUAGES, say
from app.foundation.permissions import Actor, Membership
from app.needs.limits import rules
from app.needs.limits.models import Limit
from app.needs.limits.rules import Problem
from app.needs.limits.service import COLUMNS, LimitDraft
from app.reference.codelists import options
from app.reference.themes import theme_options

LONGEST_REASON = 2000
LONGEST_UNIT = 120


def setting_for(reader: Actor) -> tuple[Membership, ...]:
    """The States' organisations for which this person may set limits."""
    return reader.of_kind(*rules.CAN_SET)


class LimitForm(BaseForm):
    """At most so many of what, for which country, about what, from when to when, and why."""

    organisation = SelectField(_l("Organisation"), validators=picked(_l("Choose the organisation you write for.")))
    measure = RadioField(_l("What is limited"), validators=picked(_l("Choose what you want to limit.")))
    most = IntegerField(
        _l("At most"),
        validators=[
            InputRequired(_l("Give a number, such as 3. With 0 you say that you can take in nothing more.")),
            NumberRange(0, rules.MOST_ALLOWED, _l("Give a number from 0 to 100000.")),
        ],
    )
    theme = SelectField(_l("Theme"))
    kind = SelectField(_l("Kind of assistance"))
    beneficiary_unit = short_text(_l("Beneficiary unit"), longest=LONGEST_UNIT)
    starts_on = DayField(_l("From"), needed(_l("Give the first day on which the limit holds.")))
    ends_on = DayField(_l("Until"))
    language = SelectField(_l("Language that you write in"), validators=picked(_l("Choose a language.")))
    reason = long_text(_l("Reason"), _l("Say why you cannot take in more: donors plan with it."), LONGEST_REASON)
    disclosure = RadioField(_l("Who may see it"), default="public", validators=picked(_l("Choose who may see it.")))

    def __init__(self, *args: Any, reader: Actor, spoken: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = setting_for(reader)
        self.organisation.choices = choices([(m.organisation_ref, m.organisation_name) for m in self.places])
        self.measure.choices = worded(rules.MEASURES.items())
        self.theme.choices = choices(theme_options(spoken), blank=_l("Every theme"))
        self.kind.choices = choices(options("assistance_kinds", spoken), blank=_l("Every kind"))
        self.language.choices = choices(LANGUAGES.items())
        self.disclosure.choices = worded(rules.DISCLOSURE_NAMES.items())
        self.spoken = spoken

    @property
    def organisation_id(self) -> int:
        """The organisation that was chosen; 0, which belongs to nobody, if it is none of this person's."""
        chosen = (m.organisation_id for m in self.places if m.organisation_ref == self.organisation.data)
        return next(chosen, 0)

    def mark(self, problems: Iterable[Problem]) -> None:
        """Say beside each field what does not hold together."""
        for problem in problems:
            field = self[problem.field]
            field.errors = [*field.errors, say(problem.message, self.spoken)]

    def draft(self) -> LimitDraft:
        """What was said, as plain values."""
        return LimitDraft(
            measure=self.measure.data,
            most=self.most.data,
            starts_on=cast(date, self.starts_on.data),
            reason=self.reason.data,
            language=self.language.data,
            theme=self.theme.data or "",
            kind=self.kind.data or "",
            beneficiary_unit=self.beneficiary_unit.data or "",
            ends_on=self.ends_on.data,
            disclosure=self.disclosure.data,
        )


class EndLimitForm(BaseForm):
    """Why a limit holds no longer."""

    reason = long_text(_l("Reason"), _l("Say why the limit is no longer needed."), LONGEST_REASON)


def values_of(limit: Limit) -> Mapping[str, Any]:
    """What the form shows when a limit is opened for amending."""
    own = {name: getattr(limit, name) for name in COLUMNS}
    return {**own, "organisation": limit.organisation.ref, "version": limit.version}
