"""The forms of meetings: convening and amending one, filling its agenda, its minutes, and what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any, cast

from app.accounts.models import Membership
from app.coordination import rules
from app.coordination.findings import Found
from app.coordination.models import ActionPoint, Meeting
from app.coordination.service import MeetingDraft, PointDraft
from app.courses.rules import TIME_ZONES
from app.foundation.forms import (
    BaseForm,
    CheckboxesField,
    DayField,
    InputRequired,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
    _l,
    choices,
    long_text,
    picked,
    short_text,
    worded,
)
from app.foundation.languages import LANGUAGES, say
from app.foundation.permissions import Actor
from app.foundation.permissions import Membership as Place
from app.foundation.web import current_language
from app.lessons.rules import is_safe_address
from app.notifications.rules import Part
from app.organisations.models import Organisation
from app.reference.countries import country_options

CONVENE = ("state", "donor", "regional", "secretariat")
LONGEST_ITEM = 500
LONGEST_POINT = 1000
LONGEST_ADDRESS = 500


class HourField(StringField):
    """A time of day as people type it: 14:30, 14h30, 9.15."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the hour; whatever it is, what was typed is shown again."""
        text = " ".join(valuelist).strip()
        self.raw_data = [text] if text else []
        self.data = rules.read_time(text) if text else None
        if text and self.data is None:
            raise ValueError(_l("Type a time of day like 14:30 or 14h30."))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%H:%M") if isinstance(self.data, time) else ""


class MeetingForm(BaseForm):
    """Everything that a convener says of a meeting. `meeting` is the one that it amends, if any."""

    organisation = SelectField(_l("Who convenes it"), validators=picked(_l("Choose the organisation you write for.")))
    country = SelectField(_l("Country"), validators=picked(_l("Choose the country that the meeting is about.")))
    title = short_text(_l("Title"), _l("Give the meeting a title of one line."))
    language = SelectField(_l("Language that you write in"), validators=picked(_l("Choose a language.")))
    forum = SelectField(_l("Which group meets"), default="mini_dublin", validators=picked(_l("Choose the group.")))
    held_on = DayField(_l("Day"), [InputRequired(_l("Say on which day it is held, like 2027-03-01."))])
    begins_at = HourField(_l("Begins at"))
    time_zone = SelectField(_l("Time zone"), default="UTC")
    place = short_text(_l("Place"))
    link = short_text(_l("Link to take part from afar"), longest=LONGEST_ADDRESS)
    invited = CheckboxesField(_l("Organisations invited"), render_kw={"dir": "auto"})
    agenda = long_text(_l("What it is for"), longest=4000)
    disclosure = RadioField(_l("Who may know of the meeting"), default="members", validators=picked(_l("Choose one.")))
    minutes_for = RadioField(
        _l("Who may read the minutes and what was agreed"), default="named", validators=picked(_l("Choose one."))
    )
    minutes = long_text(_l("Minutes"))

    def __init__(
        self,
        *args: Any,
        reader: Actor,
        organisations: Sequence[Organisation],
        meeting: Meeting | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(*args, **kw)
        spoken = current_language()
        self.places: Sequence[Place] = reader.of_kind(*CONVENE)
        self.meeting = meeting
        self.numbers = {one.ref: one.id for one in organisations}
        self.organisation.choices = choices((m.organisation_ref, m.organisation_name) for m in self.places)
        self.country.choices = choices(country_options(spoken), _l("Choose a country"))
        self.language.choices = choices(LANGUAGES.items())
        self.forum.choices = worded(rules.FORUMS.items())
        zones = [meeting.time_zone] if meeting and meeting.time_zone not in TIME_ZONES else []
        self.time_zone.choices = choices((zone, zone) for zone in (*TIME_ZONES, *zones))
        self.invited.choices = choices((one.ref, one.named(spoken)) for one in organisations)
        self.disclosure.choices = worded(rules.TIERS.items())
        self.minutes_for.choices = worded(rules.TIERS.items())
        if meeting is not None:
            # What it is about and whose it is stay: its agenda and its rights follow from them.
            del self.organisation, self.country
        if meeting is None or meeting.status != "held":
            del self.minutes

    def validate_link(self, field: Any) -> None:
        """A link that others may follow without harm."""
        if field.data and not is_safe_address(field.data):
            raise ValidationError(_l("Give a whole address that begins with https://, or leave it empty."))

    @property
    def organisation_id(self) -> int:
        """The organisation that was chosen; 0, which belongs to nobody, if it is none of this person's."""
        chosen = (m.organisation_id for m in self.places if m.organisation_ref == self.organisation.data)
        return next(chosen, 0)

    def draft(self) -> MeetingDraft:
        """What was typed, as plain values."""
        return MeetingDraft(
            country=self.meeting.country if self.meeting else self.country.data,
            language=self.language.data,
            title=self.title.data,
            forum=self.forum.data,
            held_on=cast(date, self.held_on.data),
            begins_at=self.begins_at.data,
            time_zone=self.time_zone.data,
            place=self.place.data or "",
            link=self.link.data or "",
            invited=tuple(self.numbers[ref] for ref in self.invited.data or ()),
            agenda=self.agenda.data or "",
            disclosure=self.disclosure.data,
            minutes_for=self.minutes_for.data,
            minutes=(self.minutes.data or "") if "minutes" in self else None,
        )


def values_of(meeting: Meeting, invited: Sequence[Organisation]) -> dict[str, Any]:
    """What the form shows when a meeting is opened for amending."""
    columns = (
        "title", "language", "forum", "held_on", "begins_at", "time_zone", "place", "link", "agenda", "disclosure",
        "minutes", "version",
    )  # fmt: skip
    values = {name: getattr(meeting, name) for name in columns}
    return values | {
        "invited": [one.ref for one in invited],
        "minutes_for": meeting.field_disclosure.get("minutes", meeting.disclosure),
    }


class AgendaForm(BaseForm):
    """An item in one's own words, and the findings that are to be spoken of."""

    text = long_text(_l("An item in your own words"), longest=LONGEST_ITEM)
    findings = CheckboxesField(_l("What Counterpart has found"))

    def __init__(self, *args: Any, found: Sequence[Found], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {finding.key: finding for finding in found}
        # What has changed since the page was opened is no longer found under its key, and passed over.
        self.findings.choices = choices((key, key) for key in {*self.found, *(self.findings.data or ())})

    def validate(self, extra_validators: Any = None) -> bool:
        """Something has to be put on the agenda."""
        is_sound = bool(super().validate(extra_validators))
        if not self.text.data and not self.chosen():
            self.text.errors = [*self.text.errors, _l("Write an item, or choose a finding.")]
            return False
        return is_sound

    def chosen(self) -> list[Found]:
        """The findings that were chosen and are still there."""
        return [self.found[key] for key in self.findings.data or () if key in self.found]


class MinutesForm(BaseForm):
    """What was said at a meeting."""

    minutes = long_text(_l("Minutes"), _l("Write what was said and decided, in a few lines at least."))


class ReasonForm(BaseForm):
    """Why a meeting is not held."""

    reason = long_text(_l("Reason"), _l("Write the reason in a sentence: those who are invited read it."), longest=2000)


class PointForm(BaseForm):
    """Something that was agreed: what, who owes it, and by when."""

    text = long_text(_l("What is to be done"), _l("Say what is to be done, as an instruction."), LONGEST_POINT)
    organisation = SelectField(_l("Which organisation does it"), validators=picked(_l("Choose who does it.")))
    person = SelectField(_l("Person"))
    due_on = DayField(_l("By when"), [InputRequired(_l("Say by when it is done, like 2027-03-01."))])
    records = short_text(_l("Records that it is about"))

    def __init__(
        self, *args: Any, organisations: Sequence[Organisation], people: Sequence[Membership], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        spoken = current_language()
        self.table = organisations
        self.numbers = {one.ref: one.id for one in organisations}
        self.people = {f"{m.organisation.ref}/{m.account.ref}": m for m in people}
        self.organisation.choices = choices(
            ((one.ref, one.named(spoken)) for one in organisations), _l("Choose an organisation")
        )
        named = ((key, f"{m.account.name} – {m.organisation.named(spoken)}") for key, m in self.people.items())
        self.person.choices = choices(named, _l("Nobody in particular"))

    def validate_person(self, field: Any) -> None:
        """Whoever does it belongs to the organisation that owes it."""
        member = self.people.get(field.data)
        if member is not None and member.organisation.ref != self.organisation.data:
            raise ValidationError(_l("This person is of another organisation. Choose one who fits, or nobody."))

    def draft(self, records: Sequence[Part]) -> PointDraft:
        """What was typed, as plain values; `records` are those that were named."""
        member = self.people.get(self.person.data)
        return PointDraft(
            text=self.text.data,
            organisation_id=self.numbers[self.organisation.data],
            due_on=cast(date, self.due_on.data),
            account_id=member.account_id if member else None,
            records=tuple(records),
        )


def values_of_point(point: ActionPoint, records: Sequence[str]) -> dict[str, Any]:
    """What the form shows when an action point is opened for amending; `records` are those that the person may see."""
    owner = point.organisation.ref
    return {
        "text": point.text, "organisation": owner, "due_on": point.due_on, "records": " ".join(records),
        "person": f"{owner}/{point.account.ref}" if point.account else "",
    }  # fmt: skip


class ReopenForm(BaseForm):
    """Why an action point has to be done after all."""

    reason = long_text(_l("Reason"), _l("Write in a sentence why it has to be done after all."), longest=LONGEST_POINT)


class CloseForm(BaseForm):
    """How an action point ended."""

    status = RadioField(_l("How it ended"), validators=picked(_l("Choose how it ended.")))
    note = long_text(_l("What came of it, or why nobody will do it"), longest=LONGEST_POINT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.status.choices = worded(rules.ENDINGS.items())

    def validate(self, extra_validators: Any = None) -> bool:
        """What is dropped is dropped with a reason."""
        is_sound = bool(super().validate(extra_validators))
        if self.status.data == "dropped" and not self.note.data:
            self.note.errors = [*self.note.errors, _l("Say why nobody will do it.")]
            return False
        return is_sound


def say_on(form: Any, field: str, reason: Any) -> None:
    """Put what a service refused beside the field that it is about."""
    form[field].errors = [*form[field].errors, say(reason, current_language())]
