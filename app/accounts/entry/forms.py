"""What people type on their way in: a code, a passkey's answer, the password once more."""

from __future__ import annotations

from app.accounts.forms import SignInForm
from app.foundation.forms import BaseForm, HiddenField, PasswordField, StringField, _l, needed


class CodeForm(BaseForm):
    """The code of an app, or a recovery code; `next` and `carried` go on from the sign-in form."""

    code = StringField(_l("Code"), validators=needed(_l("Type the code that the app shows, or a recovery code.")))
    next = HiddenField()
    carried = HiddenField()


class PasskeyForm(BaseForm):
    """What the browser answers for a passkey, filled in by a script."""

    credential = HiddenField()
    next = HiddenField()
    carried = HiddenField()


class ProveForm(BaseForm):
    """The password once more, before what matters; `next` is what was asked for, `carried` what was sent there."""

    password = PasswordField(_l("Password"), validators=needed(_l("Type your password.")))
    next = HiddenField()
    carried = HiddenField()


__all__ = ["CodeForm", "PasskeyForm", "ProveForm", "SignInForm"]
