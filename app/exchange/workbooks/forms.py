"""The forms by which a workbook is sent, and its rows are saved."""

from __future__ import annotations

from app.foundation.filing.fields import TableForm
from app.foundation.forms import BaseForm, FileField, HiddenField, _l


class UploadForm(TableForm):
    """The workbook that was filled in."""

    file = FileField(_l("Filled-in workbook (XLSX)"))
    missing = _l("Choose the workbook that you have filled in.")


class SaveForm(BaseForm):
    """The rows are saved as they were seen; what is chosen for rows in conflict comes by names of its own."""

    seen = HiddenField()
