"""The forms by which a workbook is sent, and its rows are saved."""

from __future__ import annotations

from typing import Any

from app.foundation.forms import BaseForm, FileField, HiddenField, _l


class UploadForm(BaseForm):
    """The workbook that was filled in."""

    file = FileField(_l("Filled-in workbook (XLSX)"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; without a file there is nothing to read."""
        is_sound = bool(super().validate(extra_validators))
        if not getattr(self.file.data, "filename", ""):
            self.file.errors = [_l("Choose the workbook that you have filled in.")]
            return False
        return is_sound

    def content(self, most: int) -> tuple[str, bytes]:
        """The name of the file and its content; of one that is too large no more than shows that it is."""
        return str(self.file.data.filename), bytes(self.file.data.stream.read(most + 1))


class SaveForm(BaseForm):
    """The rows are saved as they were seen; what is chosen for rows in conflict comes by names of its own."""

    seen = HiddenField()
