"""The form in which a person makes a token for a program."""

from __future__ import annotations

from app.api import rules
from app.api.service import TokenDraft
from app.foundation.forms import BaseForm, RadioField, _l, picked, short_text, worded

LONGEST_NAME = 60


class TokenForm(BaseForm):
    """What the token is for, what it may do, and for how long."""

    name = short_text(
        _l("What the token is for"), _l("Name the program that will use it, such as “our register”."), LONGEST_NAME
    )
    scope = RadioField(
        _l("What it may do"), picked(_l("Choose what it may do.")), default="read",
        choices=lambda: worded(rules.SCOPES.items()),
    )  # fmt: skip
    days = RadioField(
        _l("How long it holds"), picked(_l("Choose how long it holds.")), default="90",
        choices=lambda: worded((str(days), name) for days, name in rules.LIFETIMES.items()),
    )  # fmt: skip

    def draft(self) -> TokenDraft:
        """What was asked for. The form has been validated."""
        return TokenDraft(self.name.data or "", self.scope.data, int(self.days.data))
