"""The forms by which a sheet is sent, corrected in the page, and confirmed."""

from __future__ import annotations

from app.foundation.filing.fields import TableOfForm
from app.foundation.forms import BaseForm, FileField, _l


class SendForm(TableOfForm):
    """For which organisation, and the file."""

    file = FileField(_l("Filled-in sheet (XLSX or CSV)"))
    missing = _l("Choose the sheet that you have filled in.")


class RowsForm(BaseForm):
    """What is done with a sheet that was sent; the cells that are corrected come by names of their own."""
