"""What people type around links: an address, a new password."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import BaseForm, PasswordField, ValidationError, _l, needed
from app.organisations.forms import email_field


class AddressForm(BaseForm):
    """One e-mail address."""

    email = email_field(_l("E-mail address"), _l("Type your e-mail address."))


class NewPasswordForm(BaseForm):
    """A new password, twice."""

    new_password = PasswordField(_l("New password"), validators=needed(_l("Type a new password.")))
    repeated_password = PasswordField(
        _l("New password once more"), validators=needed(_l("Type the new password a second time."))
    )

    def validate_repeated_password(self, field: Any) -> None:
        """Both have to be the same."""
        if field.data != self.new_password.data:
            raise ValidationError(_l("The two new passwords differ. Type both again."))


class ConfirmForm(BaseForm):
    """One button: a link that is only looked at (by a mail scanner, say) changes nothing."""
