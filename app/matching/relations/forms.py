"""How two records stand to each other, as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.foundation.forms import BaseForm, RadioField, SelectField, _l, choices, long_text, worded
from app.foundation.languages import say
from app.foundation.permissions import Membership
from app.foundation.web import current_language
from app.matching.relations.rules import ANSWERS, AnswerDraft, AnswerRefused, check_answer

LONGEST_SENTENCE = 500


class RelationForm(BaseForm):
    """An organisation's answer: how its record stands to the other one, and why."""

    organisation = SelectField(_l("You answer for"), validate_choice=False)
    says = RadioField(_l("How does it stand to the other?"), validate_choice=False)
    sentence = long_text(_l("Why, in a sentence"), longest=LONGEST_SENTENCE)

    def __init__(self, *args: Any, places: Sequence[Membership] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        self.organisation.choices = choices([(m.organisation_ref, m.organisation_name) for m in places])
        self.says.choices = worded(ANSWERS.items())

    @property
    def organisation_id(self) -> int:
        """The organisation that was chosen, or the only one; 0, which belongs to nobody, if it is none of these."""
        chosen = self.organisation.data or next((m.organisation_ref for m in self.places), "")
        return next((m.organisation_id for m in self.places if m.organisation_ref == chosen), 0)

    def draft(self) -> AnswerDraft:
        """What was said, as plain values."""
        return AnswerDraft(self.says.data or "", self.sentence.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """An answer is one of the list, and says why."""
        if not super().validate(extra_validators):
            return False
        try:
            check_answer(self.draft())
        except AnswerRefused as refused:
            field = self[refused.field]
            field.errors = [*field.errors, say(refused.message, current_language())]
            return False
        return True
