"""What an owner answers by the link of a mail: a button, and for what came of a need a word on why."""

from __future__ import annotations

from app.foundation.forms import BaseForm, HiddenField, _l, long_text

LONGEST_WHY = 2000


class OwnerForm(BaseForm):
    """The button says which answer; `words` are asked for where the question is what came of a need."""

    answer = HiddenField()
    words = long_text(_l("Why, or what is still missing"), longest=LONGEST_WHY)
