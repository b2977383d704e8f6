"""What people type to set up a second step."""

from __future__ import annotations

from app.accounts.proof.rules import LONGEST_NAME
from app.foundation.forms import BaseForm, HiddenField, StringField, _l, needed, short_text


class AppForm(BaseForm):
    """An authenticator app: what one calls it, and the code that it shows. `sealed` carries its secret, unreadable."""

    name = short_text(_l("Name of the device"), _l("Give it a name by which you will know it."), LONGEST_NAME)
    code = StringField(_l("Code that the app shows"), validators=needed(_l("Type the six digits that the app shows.")))
    sealed = HiddenField()


class NewPasskeyForm(BaseForm):
    """A passkey: what one calls it; a script fills in what the device has made."""

    name = short_text(_l("Name of the passkey"), _l("Give it a name by which you will know it."), LONGEST_NAME)
    credential = HiddenField()
