"""The forms by which a sheet is sent, corrected in the page, and confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.foundation.forms import BaseForm, FileField, SelectField, _l, choices


class SendForm(BaseForm):
    """For which organisation, and the file."""

    organisation = SelectField(_l("For which organisation"))
    file = FileField(_l("Filled-in sheet (XLSX or CSV)"))

    def __init__(self, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisation.choices = choices(owners)
        if len(owners) == 1:
            self.organisation.data = owners[0][0]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; without a file there is nothing to read."""
        is_sound = bool(super().validate(extra_validators))
        if not getattr(self.file.data, "filename", ""):
            self.file.errors = [_l("Choose the sheet that you have filled in.")]
            return False
        return is_sound

    def content(self, most: int) -> tuple[str, bytes]:
        """The name of the file and its content; of one that is too large no more than shows that it is."""
        return str(self.file.data.filename), bytes(self.file.data.stream.read(most + 1))


class RowsForm(BaseForm):
    """What is done with a sheet that was sent; the cells that are corrected come by names of their own."""
