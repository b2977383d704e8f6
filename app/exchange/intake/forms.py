"""The form by which files of activities are brought in: the files, and for the secretariat for whom."""

from __future__ import annotations

from typing import Any

from app.exchange.intake import rules
from app.exchange.intake.uploading import UploadRefused
from app.foundation.forms import BaseForm, MultipleFileField, SelectField, _l, choices, picked

BY_REPORTER = "by-reporter"
PROBLEMS = {
    "none": _l("Choose one file at least."),
    "empty": _l("“%(name)s” is empty. Choose the file again."),
    "many": _l("These are more than %(most)s files. Import them in several goes."),
    "large": _l("The files are larger than %(megabytes)s MB together. Import them in several goes."),
}


class ImportForm(BaseForm):
    """Files, all for one organisation or each activity for its reporter."""

    files = MultipleFileField(_l("IATI files"))
    owner = SelectField(_l("Whose programmes they are"), validators=picked(_l("Choose whose programmes they are.")))

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owner.choices = choices(owners)

    def refuse(self, refused: UploadRefused) -> None:
        """Say at the field why the files cannot be taken, and how to mend it."""
        values = {"name": refused.name[:60], "most": rules.MOST_FILES, "megabytes": rules.LARGEST // 1024 // 1024}
        self.files.errors = [*self.files.errors, str(PROBLEMS[refused.reason]) % values]
