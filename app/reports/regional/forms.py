"""The forms of regional reports: what the desk types, and who signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from app.foundation.forms import (
    BaseForm,
    DayField,
    FieldList,
    Form,
    FormField,
    InputRequired,
    RadioField,
    SelectField,
    ValidationError,
    _l,
    choices,
    long_text,
    picked,
    short_text,
    worded,
)
from app.foundation.languages import LANGUAGES
from app.foundation.permissions import Membership
from app.foundation.web import current_language
from app.reference.themes import theme_options
from app.reports.models import RegionalReport
from app.reports.regional import rules
from app.reports.regional.rules import RegionalDraft
from app.reports.rules import Signer

LONGEST_RECOMMENDATION = 1000


class SituationForm(Form):
    """What there is to say of one theme."""

    theme = SelectField(_l("Theme"))
    text = long_text(_l("Situation"), longest=8000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theme.choices = choices(theme_options(current_language()), _l("Choose a theme"))

    def validate_theme(self, field: Any) -> None:
        """A text is about a theme."""
        if self.text.data and not field.data:
            raise ValidationError(_l("Choose the theme that this text is about."))


class RecommendationForm(Form):
    """One thing that is recommended, and to whom."""

    text = long_text(_l("What is recommended"), longest=LONGEST_RECOMMENDATION)
    to = short_text(_l("To whom"))


class OutcomeForm(Form):
    """What became of one thing that the last report recommended."""

    status = RadioField(_l("What became of it"), default="open")
    note = long_text(_l("How"), longest=LONGEST_RECOMMENDATION)
    points = short_text(_l("Action points of meetings"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status.choices = worded(rules.OUTCOMES.items())

    def validate_status(self, field: Any) -> None:
        """What is dropped is dropped with a reason; an empty note is not looked at, so that it is asked for here."""
        if field.data == "dropped" and not self.note.data:
            raise ValidationError(_l("Say in a sentence why it was dropped."))


class RegionalForm(BaseForm):
    """Everything that a desk types; `report` is the draft that is written on, if any."""

    organisation = SelectField(_l("Desk"), validators=picked(_l("Choose the organisation you write for.")))
    title = short_text(_l("Title"), _l("Give the report a title of one line."))
    language = SelectField(_l("Language that you write in"), validators=picked(_l("Choose a language.")))
    starts_on = DayField(_l("From"), [InputRequired(_l("Say from which day on it reports, like 2027-01-01."))])
    ends_on = DayField(_l("Until"), [InputRequired(_l("Say until which day it reports, like 2027-06-30."))])
    disclosure = RadioField(_l("Who reads it"), default="members", validators=picked(_l("Choose one.")))
    introduction = long_text(_l("Introduction"), longest=8000)
    situations = FieldList(FormField(SituationForm), _l("Situation by theme"), min_entries=1,
                           max_entries=rules.MOST_SITUATIONS)  # fmt: skip
    recommendations = FieldList(FormField(RecommendationForm), _l("Recommendations"), min_entries=1,
                                max_entries=rules.MOST_RECOMMENDATIONS)  # fmt: skip
    follow_up = FieldList(FormField(OutcomeForm), _l("Follow-up of the last report"))

    def __init__(
        self, *args: Any, places: Sequence[Membership], report: RegionalReport | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places, self.report = places, report
        self.organisation.choices = choices((one.organisation_ref, one.organisation_name) for one in places)
        self.language.choices = choices(LANGUAGES.items())
        self.disclosure.choices = worded(rules.AUDIENCES.items())
        if report is not None:
            del self.organisation

    def validate_ends_on(self, field: Any) -> None:
        """It ends after it begins."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_l("This is before the first day. Give a later day, or correct the first."))

    def validate_situations(self, field: Any) -> None:
        """Each theme once."""
        chosen = [row.form.theme.data for row in field.entries if row.form.theme.data and row.form.text.data]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_l("A theme stands here twice. Put both texts into one."))

    @property
    def organisation_id(self) -> int:
        """The desk that was chosen; 0, which belongs to nobody, if it is none of this person's."""
        chosen = (m.organisation_id for m in self.places if m.organisation_ref == self.organisation.data)
        return next(chosen, 0)

    def draft(self) -> RegionalDraft:
        """What was typed, as plain values."""
        situations = (row.form for row in self.situations.entries)
        recommended = (row.form for row in self.recommendations.entries)
        outcomes = (row.form for row in self.follow_up.entries)
        return RegionalDraft(
            language=self.language.data,
            title=self.title.data,
            starts_on=cast(date, self.starts_on.data),
            ends_on=cast(date, self.ends_on.data),
            disclosure=self.disclosure.data,
            introduction=self.introduction.data or "",
            situations={one.theme.data: one.text.data for one in situations if one.theme.data and one.text.data},
            recommendations=tuple((one.text.data, one.to.data or "") for one in recommended if one.text.data),
            outcomes=tuple(
                (one.status.data, one.note.data or "", tuple((one.points.data or "").upper().replace(",", " ").split()))
                for one in outcomes
            ),
        )


def values_of(report: RegionalReport) -> dict[str, Any]:
    """What the form shows when a draft is opened."""
    columns = ("title", "language", "starts_on", "ends_on", "disclosure", "introduction", "version")
    values = {name: getattr(report, name) for name in columns}
    return values | {
        "situations": [{"theme": theme, "text": text} for theme, text in report.situations.items()],
        "recommendations": list(report.recommendations),
        "follow_up": [{**row, "points": " ".join(row["points"])} for row in report.follow_up],
    }


class SignForm(BaseForm):
    """Who signs a regional report."""

    name = short_text(_l("Name"), _l("Type the name of who signs."))
    function = short_text(_l("Function"), _l("Type the function of who signs."))
    place = short_text(_l("Place"), _l("Type the place of signing."))

    def signer(self) -> Signer:
        """What was typed, as plain values."""
        return Signer(self.name.data, self.function.data, self.place.data)


class DropForm(BaseForm):
    """A draft is thrown away."""
