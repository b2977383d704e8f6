"""What people type to sign in, to accept an invitation, to invite others, and about themselves."""

from __future__ import annotations

from typing import Any

from app.accounts.near_words import words_of
from app.accounts.personal import PasswordDraft, ProfileDraft
from app.accounts.rules import ROLES, password_fault
from app.accounts.service import AcceptanceDraft, InvitationDraft
from app.foundation.forms import (
    BaseForm,
    EmailField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    ValidationError,
    _l,
    choices,
    needed,
    picked,
    short_text,
)
from app.foundation.languages import LANGUAGES, say
from app.organisations.forms import email_field


class SignInForm(BaseForm):
    """E-mail address and password; `next` and `carried` bring along where one was going and what one had typed."""

    email = EmailField(_l("E-mail address"), validators=needed(_l("Type your e-mail address.")))
    password = PasswordField(_l("Password"), validators=needed(_l("Type your password.")))
    next = HiddenField()
    carried = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """A page that was open for too long says so in words, and keeps what it carries."""
        sound = bool(super().validate(extra_validators))
        if self.csrf_token.errors:
            self.csrf_token.errors = []
            self.form_errors.append(
                _l("This page had been open for a long time. Type your password and send it again.")
            )
        return sound


class ProfileForm(BaseForm):
    """What people say about themselves."""

    name = short_text(_l("Your name"), _l("Write your name as colleagues know it."))
    language = SelectField(_l("Language of pages and e-mails"), validators=picked(_l("Choose a language.")))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.language.choices = choices(LANGUAGES.items())

    def draft(self) -> ProfileDraft:
        """What was filled in."""
        return ProfileDraft(self.name.data or "", self.language.data)


class PasswordForm(BaseForm):
    """The present password, and the new one twice, since a slip of the finger would lock its owner out."""

    current_password = PasswordField(_l("Present password"), validators=needed(_l("Type your present password.")))
    new_password = PasswordField(_l("New password"), validators=needed(_l("Type a new password.")))
    repeated_password = PasswordField(
        _l("New password once more"), validators=needed(_l("Type the new password a second time."))
    )

    def validate_repeated_password(self, field: Any) -> None:
        """Both have to be the same."""
        if field.data != self.new_password.data:
            raise ValidationError(_l("The two new passwords differ. Type both again."))

    def draft(self) -> PasswordDraft:
        """What was filled in."""
        return PasswordDraft(self.current_password.data or "", self.new_password.data or "")


class AcceptForm(ProfileForm):
    """An invited person makes an account."""

    password = PasswordField(_l("Password"), validators=needed(_l("Type a password of 12 characters or more.")))
    repeated_password = PasswordField(
        _l("Password once more"), validators=needed(_l("Type the password a second time."))
    )

    def __init__(self, invitation: Any, page_language: str, **kwargs: Any) -> None:
        super().__init__(name=invitation.name, language=invitation.language, **kwargs)
        self.email = str(invitation.email)
        self.near = words_of([invitation.organisation])
        self.page_language = page_language

    def validate_password(self, field: Any) -> None:
        """The rules of passwords."""
        fault = password_fault(field.data or "", self.email, self.near)
        if fault is not None:
            raise ValidationError(say(fault, self.page_language))

    def validate_repeated_password(self, field: Any) -> None:
        """Both have to be the same."""
        if field.data != self.password.data:
            raise ValidationError(_l("The two passwords differ. Type both again."))

    def acceptance(self) -> AcceptanceDraft:
        """What was filled in."""
        return AcceptanceDraft(self.name.data or "", self.password.data or "", self.language.data)


class JoinForm(BaseForm):
    """One button: an invited person who has an account says yes."""


class InviteForm(BaseForm):
    """Whom to invite, in which role and in which language."""

    email = email_field(_l("E-mail address"), _l("Write the e-mail address of the person to invite."))
    name = short_text(_l("Name"))
    language = SelectField(_l("Language of the e-mail"), validators=picked(_l("Choose a language.")))
    role = RadioField(_l("Role"), validators=picked(_l("Choose a role.")))

    def __init__(self, page_language: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.language.choices = choices(LANGUAGES.items())
        self.role.choices = choices((code, say(label.name, page_language)) for code, label in ROLES.items())
        if not self.language.data:
            self.language.data = page_language

    def draft(self) -> InvitationDraft:
        """What was filled in."""
        return InvitationDraft(self.email.data or "", self.name.data or "", self.language.data, self.role.data)
