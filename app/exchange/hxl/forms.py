"""The forms by which a 3W table is sent, and saved once it has been looked at."""

from __future__ import annotations

from app.foundation.filing.fields import TableOfForm
from app.foundation.forms import BaseForm, FileField, SelectField, _l, choices
from app.foundation.languages import LANGUAGES, language_name
from app.foundation.web import current_language


class SendForm(TableOfForm):
    """For which organisation, in which language its texts are, and the file."""

    language = SelectField(
        _l("Language in which the texts are written"),
        default=current_language,
        choices=lambda: choices((code, language_name(code, current_language())) for code in LANGUAGES),
    )
    file = FileField(_l("Table with HXL hashtags (XLSX or CSV)"))
    missing = _l("Choose the table that you want to send.")


class SaveForm(BaseForm):
    """What was looked at is saved."""
