"""The forms of validation: deciding with clearer words, asking somebody to review, and leaving a comment."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import (
    BaseForm,
    BooleanField,
    EmailField,
    HiddenField,
    _l,
    long_text,
    needed,
    short_text,
)
from app.lessons import rules
from app.lessons.forms import LONGEST_PART
from app.lessons.models import Lesson
from app.lessons.validating.service import Wording

DECISIONS = frozenset({"validate", "return"})


class DecideForm(BaseForm):
    """The word on a lesson: validated, in clearer words where they help, or returned with what is to be mended."""

    decision = HiddenField()
    title = short_text(_l("Title"), _l("Give it a title of one line."))
    context = long_text(_l("When"), _l("Say when and where this was, and what was attempted."), LONGEST_PART)
    action = long_text(_l("What was done"), _l("Say what was done, and by whom."), LONGEST_PART)
    result = long_text(_l("What it led to"), _l("Say what came of it, with a figure if you have one."), LONGEST_PART)
    cause = long_text(_l("Why"), longest=LONGEST_PART)
    instruction = long_text(
        _l("Next time"), _l("Say what somebody else should do next time, as an instruction."), LONGEST_PART
    )
    close_words = BooleanField(_l("Something in the author's words puts somebody at risk: show them to nobody else"))
    reason = long_text(_l("What is to be mended"), longest=LONGEST_PART)

    def __init__(self, *args: Any, lesson: Lesson, **kwargs: Any) -> None:
        shown = {part: getattr(lesson, part) for part in rules.WORDS}
        super().__init__(*args, **{**shown, "version": lesson.version, **kwargs})

    def validate(self, extra_validators: Any = None) -> bool:
        """A lesson is returned with a reason only, and then its words do not matter."""
        is_sound = bool(super().validate(extra_validators))
        if self.decision.data not in DECISIONS:
            return False
        if self.decision.data != "return":
            return is_sound
        for part in rules.WORDS:
            self[part].errors = []
        if not self.reason.data:
            self.reason.errors = [*self.reason.errors, _l("Say what the author should mend.")]
        return not self.errors

    @property
    def is_edited(self) -> bool:
        """Whether the words are to be looked at: edited already, or not sound."""
        return any(self[part].errors for part in rules.WORDS) or (self.is_posted and bool(self.errors))

    def wording(self) -> Wording:
        """How the lesson is to be read."""
        return Wording({part: self[part].data or "" for part in rules.WORDS}, bool(self.close_words.data))


class ReviewerForm(BaseForm):
    """Whom the secretariat asks to review a lesson."""

    email = EmailField(_l("E-mail address of the reviewer"), needed(_l("Give the e-mail address of an account.")))

    def blame(self, reason: str) -> None:
        """Say why this person cannot review the lesson."""
        words = {
            "unknown": _l("Nobody has an account with this address. Invite the person first."),
            "author": _l("This person belongs to the organisation that told the lesson. Ask somebody else."),
            "place": _l("This person writes for no verified organisation. Ask somebody else."),
            "closed": _l(
                "This person may not see the lesson, and reviewing gives nobody a right to. Ask somebody else."
            ),
        }
        self.email.errors = [*self.email.errors, words[reason]]


class DismissForm(BaseForm):
    """Takes a review back."""


class CommentForm(BaseForm):
    """A word for the author, the reviewer and the secretariat."""

    text = long_text(_l("Your comment"), _l("Write what the others should know."), LONGEST_PART)
