"""The forms by which a 3W table is sent, and saved once it has been looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.foundation.forms import BaseForm, FileField, SelectField, _l, choices
from app.foundation.languages import LANGUAGES, language_name
from app.foundation.web import current_language


class SendForm(BaseForm):
    """For which organisation, in which language its texts are, and the file."""

    organisation = SelectField(_l("For which organisation"))
    language = SelectField(
        _l("Language in which the texts are written"),
        default=current_language,
        choices=lambda: choices((code, language_name(code, current_language())) for code in LANGUAGES),
    )
    file = FileField(_l("Table with HXL hashtags (XLSX or CSV)"))

    def __init__(self, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisation.choices = choices(owners)
        if len(owners) == 1:
            self.organisation.data = owners[0][0]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; without a file there is nothing to read."""
        is_sound = bool(super().validate(extra_validators))
        if not getattr(self.file.data, "filename", ""):
            self.file.errors = [_l("Choose the table that you want to send.")]
            return False
        return is_sound

    def content(self, most: int) -> tuple[str, bytes]:
        """The name of the file and its content; of one that is too large no more than shows that it is."""
        return str(self.file.data.filename), bytes(self.file.data.stream.read(most + 1))


class SaveForm(BaseForm):
    """What was looked at is saved."""
