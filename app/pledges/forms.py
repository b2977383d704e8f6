"""The forms of pledges: what a donor promises line by line, what either side answers, and what was delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.foundation.filing.fields import chosen_in, sound_files
from app.foundation.forms import (
    AmountField,
    BaseForm,
    CheckboxesField,
    CurrencyField,
    DataRequired,
    DayField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    MultipleFileField,
    Optional,
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
from app.foundation.languages import name_of, number_text, say
from app.foundation.messages import Message
from app.foundation.permissions import Actor, Membership
from app.needs.form_parts import RowForm, above_zero, has_currency
from app.needs.models import Need, NeedLine
from app.pledges import rules
from app.pledges.deliveries import ContributionDraft
from app.pledges.making import PledgeDraft, PledgeLineDraft, TrancheDraft
from app.pledges.models import Pledge, PledgeLine
from app.pledges.reckoning import Coverage
from app.programmes.models import Programme

GIVERS = ("donor", "regional", "centre", "state")
"""Kinds of organisation that pledge."""
LONGEST_REASON = 2000
FIRMNESS = {
    "pledged": _l("A pledge: we promise it, and the recipient may accept it"),
    "interest": _l("An interest: we think of it, and it binds nobody"),
}
WHO_SEES = {
    "as_need": _l("Whoever may see the need"),
    "members": _l("People of verified organisations"),
    "own": _l("Only the recipient and my own organisation"),
}
SCOPES = {
    "lines": _l("A part: what I write into the lines below"),
    "whole": _l("The whole: everything that is still open, in kind"),
}
MOST_TRANCHES = 20
HIDDEN = {"donor": _l("Our name"), "amount": _l("How much we give")}


def named(codes: Mapping[str, Message], spoken: str) -> list[tuple[str, str]]:
    """(code, name) of one of the code lists in rules, in the language spoken."""
    return [(code, say(name, spoken)) for code, name in codes.items()]


def giving_for(reader: Actor) -> tuple[Membership, ...]:
    """The organisations for which this person may pledge."""
    return reader.of_kind(*GIVERS)


class LineForm(Form):
    """What is promised for one line: a quantity, an amount of money, or both; all empty is nothing."""

    need_line = HiddenField()
    quantity = AmountField(_l("Quantity"))
    amount = AmountField(_l("Money"))
    currency = CurrencyField(_l("Currency"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Money needs its currency."""
        is_sound = bool(super().validate(extra_validators))
        if self.amount.data and not self.currency.data:
            self.currency.errors = [*self.currency.errors, _l("Give the currency of the amount, such as EUR or XOF.")]
            return False
        return is_sound

    @property
    def is_empty(self) -> bool:
        """Whether nothing is promised for the line."""
        return not self.quantity.data and not self.amount.data


class TrancheForm(RowForm):
    """A planned disbursement; a row with nothing in it is no row."""

    asked = ("due_on", "amount")

    due_on = DayField(_l("Paid on"), validators=[DataRequired(_l("Give the day on which this part is to be paid."))])
    amount = AmountField(_l("Amount"), validators=[DataRequired(_l("Give the amount of this part.")), above_zero])
    currency = CurrencyField(_l("Currency"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the row, and that an amount has its currency."""
        sound = super().validate(extra_validators)
        return has_currency(self.amount, self.currency) and sound


class PledgeForm(BaseForm):
    """A pledge against the lines of one need, or against everything that is open of it."""

    scope = RadioField(_l("What you take on"), default="lines", choices=choices(SCOPES.items()))
    organisation = SelectField(_l("Who pledges"), validators=picked(_l("Choose the organisation that pledges.")))
    lines = FieldList(FormField(LineForm))
    firmness = RadioField(
        _l("How firm it is"), default="pledged", choices=choices(FIRMNESS.items()),
        validators=picked(_l("Choose how firm it is.")),
    )  # fmt: skip
    programme = SelectField(_l("From which programme"))
    source_of_funds = SelectField(_l("Source of funds"), validators=picked(_l("Choose where the money comes from.")))
    conditions = long_text(_l("Conditions"))
    implementing_partner = short_text(_l("Who will carry it out"))
    declared_relation = SelectField(_l("Beside what others do"))
    authorised_by = short_text(_l("Who has authorised it"))
    further_approval = short_text(_l("Which approval is still needed"))
    tranches = FieldList(FormField(TrancheForm), max_entries=MOST_TRANCHES)
    files = MultipleFileField(_l("Evidence"), [sound_files])
    expires_on = DayField(_l("It stands until"))
    disclosure = RadioField(_l("Who may see this pledge"), default="as_need", choices=choices(WHO_SEES.items()))
    hidden = CheckboxesField(_l("Keep between both sides"), choices=choices(HIDDEN.items()))

    def __init__(
        self, *args: Any, reader: Actor, need: Need, programmes: Sequence[Programme], spoken: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.places = giving_for(reader)
        self.need_lines = {line.ref: line for line in need.lines}
        self.programmes = {programme.ref: programme for programme in programmes}
        self.organisation.choices = choices([(m.organisation_ref, m.organisation_name) for m in self.places])
        titles = [(programme.ref, programme.title) for programme in programmes]
        self.programme.choices = choices(titles, blank=_l("No programme"))
        self.source_of_funds.choices = choices(named(rules.SOURCES, spoken))
        self.declared_relation.choices = choices(named(rules.RELATIONS, spoken), blank=_l("Nothing to declare"))

    @property
    def organisation_id(self) -> int:
        """The organisation that was chosen; 0, which belongs to nobody, if it is none of this person's."""
        chosen = (m.organisation_id for m in self.places if m.organisation_ref == self.organisation.data)
        return next(chosen, 0)

    def entry_of(self, line: NeedLine) -> LineForm | None:
        """The fields for one line of the need."""
        return next((entry.form for entry in self.lines if entry.form.need_line.data == line.ref), None)

    def validate_lines(self, _field: Any) -> None:
        """Something is promised, for lines that the need still has."""
        if self.is_whole:
            return
        promised = [entry.form for entry in self.lines if not entry.form.is_empty]
        if not promised:
            raise ValidationError(_l("Promise a quantity or an amount for at least one line."))
        if any(entry.need_line.data not in self.need_lines for entry in promised):
            raise ValidationError(_l("A line that you promised something for is no longer part of the need."))

    @property
    def is_whole(self) -> bool:
        """Whether everything that is open is promised, whatever stands in the lines."""
        return bool(self.scope.data == "whole")

    @property
    def chosen_files(self) -> list[tuple[str, bytes]]:
        """The files that were chosen, each with its plain name and its content."""
        return chosen_in(self.files)

    def draft(self) -> PledgeDraft:
        """What was promised, as plain values."""
        programme = self.programmes.get(self.programme.data or "")
        lines = (
            () if self.is_whole else tuple(self._line(entry.form) for entry in self.lines if not entry.form.is_empty)
        )
        return PledgeDraft(
            lines=lines,
            is_whole=self.is_whole,
            is_interest=self.firmness.data == "interest",
            programme_id=programme.id if programme else None,
            conditions=self.conditions.data or "",
            source_of_funds=self.source_of_funds.data,
            implementing_partner=self.implementing_partner.data or "",
            declared_relation=self.declared_relation.data or "",
            authorised_by=self.authorised_by.data or "",
            further_approval=self.further_approval.data or "",
            tranches=tuple(_tranche(row.form) for row in self.tranches if not row.form.is_blank),
            expires_on=self.expires_on.data,
            disclosure="" if self.disclosure.data == "as_need" else self.disclosure.data,
            hidden=tuple(self.hidden.data or ()),
        )

    def _line(self, entry: LineForm) -> PledgeLineDraft:
        return PledgeLineDraft(
            need_line_id=self.need_lines[entry.need_line.data].id,
            quantity=entry.quantity.data or None,
            amount=entry.amount.data or None,
            currency=(entry.currency.data or "") if entry.amount.data else "",
        )


def _tranche(row: TrancheForm) -> TrancheDraft:
    if row.due_on.data is None or row.amount.data is None:
        raise ValueError("a sound row has a day and an amount")
    return TrancheDraft(row.due_on.data, row.amount.data, row.currency.data or "")


def what_is_open(need: Need, covered: Mapping[int, Coverage]) -> list[dict[str, Any]]:
    """The lines of the form as it is opened: what nobody covers yet."""
    return [
        {
            "need_line": line.ref,
            "quantity": covered[line.id].open or None,
            "currency": line.currency or need.currency,
        }
        for line in need.lines
    ]


class DeclineForm(BaseForm):
    """The recipient's no, with its cause and its reason."""

    cause = RadioField(_l("Why"), default="other", choices=lambda: worded(rules.CAUSES.items()))
    reason = long_text(_l("Reason"), _l("Give the reason; the other side reads it."), longest=LONGEST_REASON)


class ConfirmForm(BaseForm):
    """How much arrived of a delivery that the other side has recorded: the same, or another figure."""

    much = AmountField(_l("How much arrived"), validators=[Optional()])


class AcceptForm(BaseForm):
    """The recipient's yes; the reason is asked for only where it takes more than it asked for."""

    reason = long_text(_l("Why you accept more than you asked for"), longest=LONGEST_REASON)


class ReasonForm(BaseForm):
    """A no, by either side, with its reason."""

    reason = long_text(_l("Reason"), _l("Give the reason; the other side reads it."), longest=LONGEST_REASON)


class DeliveryForm(BaseForm):
    """What arrived: of which line, how much in the measure in which it was promised, and when."""

    line = SelectField(_l("Of what"), validators=picked(_l("Choose what was delivered.")))
    # What was typed and cannot be read is told as such, and not as if nothing had been typed.
    much = AmountField(_l("How much"), validators=picked(_l("Say how much was delivered.")))
    delivered_on = DayField(_l("Delivered on"), validators=picked(_l("Give the day of the delivery.")))
    note = long_text(_l("Note"), longest=LONGEST_REASON)

    def __init__(self, *args: Any, pledge: Pledge, names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pledge_lines = {str(number): line for number, line in enumerate(pledge.lines, 1)}
        self.line.choices = choices([(number, names[line.id]) for number, line in self.pledge_lines.items()])

    def draft(self) -> ContributionDraft:
        """What was recorded, as plain values."""
        line = self.pledge_lines[self.line.data]
        in_kind = line.quantity is not None
        if self.delivered_on.data is None:
            raise ValueError("a sound form has a day")
        return ContributionDraft(
            pledge_line_id=line.id,
            delivered_on=self.delivered_on.data,
            quantity=self.much.data if in_kind else None,
            amount=None if in_kind else self.much.data,
            currency="" if in_kind else line.currency,
            note=self.note.data or "",
        )


def line_name(line: PledgeLine, need_line: NeedLine | None, spoken: str) -> str:
    """A line of a pledge in a few words: the kind, and the measure in which it was promised."""
    measure = line.currency if line.quantity is None else name_of("unit", need_line.unit, spoken) if need_line else ""
    kind = name_of("kind", need_line.kind, spoken) if need_line else number_text(line.quantity or 0, spoken)
    return f"{kind} ({measure})" if measure else kind
