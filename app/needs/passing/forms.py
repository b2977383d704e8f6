"""What is said by those who look at a need before it is posted."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import BaseForm, RadioField, _l, choices, long_text, picked


class PassingForm(BaseForm):
    """Whether a need may be posted, and what has to be changed if not."""

    decision = RadioField(_l("Decision"), validators=picked(_l("Choose whether it may be posted.")))
    reason = long_text(_l("What has to be changed"), longest=2000)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        ways = (("passed", _l("It may be posted")), ("returned", _l("It goes back to its author")))
        self.decision.choices = choices(ways)
