"""What is said of a match, and what the secretariat decides on it, as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.foundation.forms import BaseForm, HiddenField, RadioField, _l, long_text, worded
from app.foundation.languages import say
from app.foundation.web import current_language
from app.matching.feedback.models import MatchAnswer
from app.matching.feedback.rules import NOT_FIT, REASONS, VERDICTS, AnswerDraft, AnswerRefused, check_answer

LONGEST_WORDS = 1000


class AnswerForm(BaseForm):
    """An organisation's word on a match: useful, or not a fit with the reason."""

    says = HiddenField()
    reason = RadioField(_l("Why is it not a fit?"), validate_choice=False)
    words = long_text(_l("In your own words"), longest=LONGEST_WORDS)

    def __init__(self, *args: Any, answer: MatchAnswer | None = None, **kwargs: Any) -> None:
        is_reason = answer is not None and answer.says == NOT_FIT
        opened = {"reason": answer.reason, "words": answer.words} if answer and is_reason else {}
        super().__init__(*args, data=opened, **kwargs)
        self.reason.choices = worded(REASONS.items())

    def draft(self) -> AnswerDraft:
        """What was said, as plain values."""
        return AnswerDraft(self.says.data or "", self.reason.data or "", self.words.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        """What is not a fit has a reason, and another reason has words."""
        if not super().validate(extra_validators):
            return False
        try:
            check_answer(self.draft())
        except AnswerRefused as refused:
            put_error(self, refused)
            return False
        return True


class ReviewForm(BaseForm):
    """The secretariat's decision on a match, for everybody."""

    verdict = RadioField(_l("What is to become of this pair?"), validate_choice=False)
    note = long_text(_l("Why you decide so"), longest=LONGEST_WORDS)

    def __init__(self, *args: Any, decisions: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict.choices = worded((code, VERDICTS[code]) for code in decisions)


def put_error(form: Any, refused: AnswerRefused) -> None:
    """Put a refusal at the field that it is about."""
    field = form[refused.field]
    field.errors = [*field.errors, say(refused.message, current_language())]
