"""The answer to one lesson: beside a form that is being filled in, and on the page of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.foundation.forms import BaseForm, Form, SelectField, _l, short_text, worded
from app.foundation.languages import say
from app.foundation.web import current_language
from app.matching.advice.models import LessonAnswer
from app.matching.advice.rules import ANSWERS, AnswerDraft, AnswerRefused, check_answer

LONGEST_REASON = 300
ASKED = _l("Your answer")
WHY = _l("Because")


def prefix_of(ref: str) -> str:
    """What the fields about one lesson begin with."""
    return f"lesson-{ref}-"


def said_before(answer: LessonAnswer | None) -> dict[str, str]:
    """What the fields hold when they are opened."""
    return {"says": answer.says, "reason": answer.reason} if answer is not None else {}


class BesideForm(Form):
    """What one says to a lesson while one drafts; it travels with the form that it stands beside."""

    says = SelectField(ASKED, validate_choice=False)
    reason = short_text(WHY, longest=LONGEST_REASON)

    def __init__(self, typed: Mapping[str, Any] | None, ref: str, answer: LessonAnswer | None = None) -> None:
        super().__init__(typed or None, data=said_before(answer), prefix=prefix_of(ref))
        self.says.choices = worded(ANSWERS.items(), blank=_l("Not said yet"))

    def draft(self) -> AnswerDraft:
        """What was said, as plain values."""
        return AnswerDraft(self.says.data or "", self.reason.data or "")

    @property
    def is_touched(self) -> bool:
        """Something was said or typed."""
        return bool(self.says.data or self.reason.data)


class AnswerForm(BaseForm):
    """The same on the page of a record, where it is sent by itself."""

    says = SelectField(ASKED)
    reason = short_text(WHY, longest=LONGEST_REASON)

    def __init__(self, ref: str, answer: LessonAnswer | None = None, **kwargs: Any) -> None:
        super().__init__(data=said_before(answer), prefix=prefix_of(ref), **kwargs)
        self.says.choices = worded(ANSWERS.items(), blank=_l("Not said yet"))

    def draft(self) -> AnswerDraft:
        """What was said, as plain values."""
        return AnswerDraft(self.says.data or "", self.reason.data or "")

    def is_sound(self) -> bool:
        """Sent, and answered whole; otherwise the fields carry the messages."""
        if not super().is_sound():
            return False
        try:
            check_answer(self.draft())
        except AnswerRefused as refused:
            self[refused.field].errors = [say(refused.message, current_language())]
            return False
        return True
