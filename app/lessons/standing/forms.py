"""The form in which somebody says how another lesson stands to this one."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import BaseForm, RadioField, _l, long_text, picked, short_text, worded
from app.lessons.standing.rules import KINDS

LONGEST_SENTENCE = 500


class TieForm(BaseForm):
    """Which other lesson, whether it says the same or the opposite, and why one thinks so."""

    other = short_text(_l("The other lesson"), _l("Give the reference of the other lesson, such as L-7KQ2-MX4T."))
    kind = RadioField(_l("How it stands to this one"), validators=picked(_l("Choose how the two stand.")))
    sentence = long_text(_l("Why, in a sentence"), _l("Say in a sentence why."), LONGEST_SENTENCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = worded(KINDS.items())

    def blame(self, reason: str) -> None:
        """Say what stands in the way of this tie."""
        words = {
            "same": _l("This is the lesson itself. Give the reference of another one."),
            "there": _l("How these two stand is said already; whoever said it can take it back."),
            "unknown": _l("There is no such lesson that you may see. Look at its page for the reference."),
        }
        self.other.errors = [*self.other.errors, words[reason]]


class UntieForm(BaseForm):
    """Takes back what was said of two lessons."""
