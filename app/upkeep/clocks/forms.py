"""The forms by which the office and the desks acknowledge a need and send it on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.foundation.forms import BaseForm, CheckboxesField, _l, choices, long_text, picked
from app.organisations.models import Organisation

LONGEST_WORD = 1000


class AcknowledgeForm(BaseForm):
    """A word to the author, if there is one."""

    words = long_text(_l("A word to the author"), longest=LONGEST_WORD)


class CirculateForm(BaseForm):
    """To whom a need is sent on, and with which word."""

    organisations = CheckboxesField(
        _l("Send it on to"),
        validators=picked(_l("Choose at least one organisation that may see this need.")),
        render_kw={"dir": "auto"},
    )
    words = long_text(_l("A word to them"), longest=LONGEST_WORD)

    def __init__(self, organisations: Iterable[Organisation], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisations.choices = choices((one.ref, one.name) for one in organisations)
