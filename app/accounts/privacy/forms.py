"""What people confirm before their account is closed or a place is given up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.accounts.models import Membership
from app.foundation.forms import BaseForm, BooleanField, SelectField, _l, choices, needed


class CloseForm(BaseForm):
    """A tick that says that it is meant."""

    sure = BooleanField(
        _l("I know that this cannot be undone"), validators=needed(_l("Tick that you know that this cannot be undone."))
    )


class LeaveForm(BaseForm):
    """To whom one hands over, if to anybody."""

    successor = SelectField(_l("Hand over to"))

    def __init__(self, colleagues: Iterable[Membership], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        people = ((place.account.ref, place.account.name) for place in colleagues)
        self.successor.choices = choices(people, blank=_l("Nobody"))
