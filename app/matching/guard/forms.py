"""The answers to what the guard asks, one for each record that seems to be the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.foundation.forms import Form, RadioField, _l, long_text, worded
from app.foundation.languages import say
from app.foundation.web import current_language
from app.matching.relations.rules import ANSWERS, REPLACED, AnswerDraft, AnswerRefused, check_answer

LONGEST_SENTENCE = 500


def prefix_of(ref: str) -> str:
    """What the fields about one record begin with."""
    return f"guard-{ref}-"


class AnswerForm(Form):
    """How what is about to be posted stands to a record that is there already."""

    says = RadioField(_l("How does yours stand to it?"), validate_choice=False)
    sentence = long_text(_l("Why, in a sentence"), longest=LONGEST_SENTENCE)

    def __init__(self, typed: Mapping[str, Any] | None, ref: str) -> None:
        super().__init__(typed, prefix=prefix_of(ref))
        # What is not posted yet cannot have been replaced.
        self.says.choices = worded((code, name) for code, name in ANSWERS.items() if code != REPLACED)

    def draft(self) -> AnswerDraft:
        """What was said, as plain values."""
        return AnswerDraft(self.says.data or "", self.sentence.data or "")

    def is_given(self) -> bool:
        """Whether the question is answered whole; otherwise the fields carry the messages."""
        if not self.validate():
            return False
        try:
            check_answer(self.draft())
        except AnswerRefused as refused:
            self[refused.field].errors = [say(refused.message, current_language())]
            return False
        return True
