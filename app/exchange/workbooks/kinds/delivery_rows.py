"""The rows of a workbook of contributions: one in which a delivery is recorded, and one that stands here already.

A delivery is never written anew. All that a side can do with one is what its page lets it do: say its own figure once,
and take over the other side's where the two differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.exchange.workbooks.columns import in_short, plain_text
from app.foundation.forms import (
    AmountField,
    BaseForm,
    Optional,
    SelectField,
    StringField,
    ValidationError,
    _l,
    choices,
    needed,
)
from app.foundation.languages import number_text
from app.foundation.web import current_language
from app.pledges import rules
from app.pledges.forms import DeliveryForm
from app.pledges.models import Contribution, Pledge

READ_ONLY = {"readonly": True}
CONFIRMED: Mapping[str, Any] = {
    "donor": _l("By the donor"),
    "recipient": _l("By the recipient"),
    "both": _l("By both sides"),
    "differ": _l("The two sides differ"),
}

ENDED = _l("Nothing more is recorded of this pledge: it has ended.")
TOLD = _l("Nothing is written in this column: it tells what the other side says. Put it back as it was.")
STAYS = _l(
    "What was recorded is not written anew. Put it back as it was; record what else was delivered in an empty row, or "
    "write to the other side on the page of the pledge."
)
SAID = _l(
    "Your side has said this figure, and the other side has not answered yet. Put it back as it was; if the other side "
    "says another one, you can take that over here."
)
SETTLED = _l(
    "Both sides have confirmed this figure, and it counts for good. Put it back as it was; record what else was "
    "delivered in an empty row."
)


@dataclass(frozen=True)
class Promised:
    """A line of a pledge, as a list names it; `is_open` tells whether something can still be delivered of it."""

    pledge: Pledge
    number: int
    name: str
    label: str
    is_open: bool


@dataclass(frozen=True)
class Recorded:
    """A delivery that stands here, and for which sides of its pledge the person speaks who has the workbook."""

    part: Contribution
    pledge: Pledge
    of: str
    title: str
    gives: bool
    receives: bool

    @property
    def ref(self) -> str:
        """Its reference."""
        return self.part.ref

    @property
    def version(self) -> int:
        """The version of its pledge: a delivery has none of its own."""
        return self.pledge.version

    @property
    def answer(self) -> str:
        """What this side can still answer to it."""
        return self.part.answer_open(gives=self.gives, receives=self.receives)

    @property
    def figures(self) -> tuple[Decimal | None, Decimal | None]:
        """What this side says, and what the other side says."""
        return self.part.figures(gives=self.gives, receives=self.receives)

    @property
    def confirmed(self) -> str:
        """Who has confirmed it, as a code of CONFIRMED."""
        if self.part.donor_confirmed_at is None:
            return "recipient"
        if self.part.recipient_confirmed_at is None:
            return "donor"
        return "differ" if self.part.is_disputed else "both"

    def texts(self) -> dict[str, str]:
        """What stands in its cells and is not written anew, each in its one form."""
        _own, theirs = self.figures
        return {
            "of": self.of,
            "said": "" if theirs is None else in_short(theirs),
            "delivered_on": self.part.delivered_on.isoformat(),
            "note": plain_text(self.part.note),
            "confirmed": self.confirmed,
        }


class DeliveryRow(DeliveryForm):
    """A delivery, with the line of a pledge that it is of."""

    of = SelectField(_l("Of what"), needed(_l("Choose what was delivered.")))
    said = AmountField(_l("The other side says"), [Optional()], render_kw=READ_ONLY)
    confirmed = SelectField(_l("Confirmed"), choices=lambda: choices(CONFIRMED.items(), blank=""), render_kw=READ_ONLY)

    def __init__(
        self,
        lines: Mapping[str, Promised],
        options: Sequence[Any],
        pledge: Pledge,
        names: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(pledge=pledge, names=names, **kwargs)
        self.pledge, self.promised = pledge, lines
        self.of.choices = list(options)

    def validate_of(self, field: Any) -> None:
        """Something can still be delivered of it."""
        chosen = self.promised.get(field.data)
        if chosen and not chosen.is_open:
            raise ValidationError(ENDED)

    def validate_said(self, field: Any) -> None:
        """It is for the other side to say."""
        if field.data is not None:
            raise ValidationError(TOLD)

    def validate_confirmed(self, field: Any) -> None:
        """It follows from what both sides say."""
        if field.data:
            raise ValidationError(TOLD)


class RecordedRow(BaseForm):
    """A delivery that stands here: its own side's figure can be written as long as the rules let it be, and no more."""

    of = StringField(_l("Of what"), render_kw=READ_ONLY)
    much = AmountField(_l("How much"))
    said = StringField(_l("The other side says"), render_kw=READ_ONLY)
    delivered_on = StringField(_l("Delivered on"), render_kw=READ_ONLY)
    note = StringField(_l("Note"), render_kw=READ_ONLY)
    confirmed = StringField(_l("Confirmed"), render_kw=READ_ONLY)

    def __init__(self, record: Recorded, **kwargs: Any) -> None:
        self.record, self.stands = record, record.texts()
        own, _theirs = record.figures
        super().__init__(data={**self.stands, "much": own}, **kwargs)
        if not record.answer:
            self.much.render_kw = READ_ONLY

    def _unchanged(self, field: Any, message: Any) -> None:
        if plain_text(field.data or "") != self.stands[field.name]:
            raise ValidationError(message)

    def validate_of(self, field: Any) -> None:
        """It stays."""
        self._unchanged(field, STAYS)

    validate_delivered_on = validate_note = validate_of

    def validate_said(self, field: Any) -> None:
        """It is for the other side to say."""
        self._unchanged(field, TOLD)

    validate_confirmed = validate_said

    def validate_much(self, field: Any) -> None:
        """One's own figure, once; where the two sides differ, the other side's."""
        own, theirs = self.record.figures
        if field.data == own or field.errors or self.record.answer == rules.CONFIRM:
            return
        if self.record.answer != rules.AGREE:
            raise ValidationError(SETTLED if self.record.confirmed == "both" else SAID)
        if field.data != theirs:
            said = number_text(theirs or Decimal(0), current_language())
            text = _l(
                "The other side says %(much)s. Write that to agree with it, or put your own figure back.", much=said
            )
            raise ValidationError(text)
