"""Files in forms: what is taken of those that were chosen, and what a person is told of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from app.foundation.db import Tx
from app.foundation.filing.files import (
    LARGEST_FILE,
    Attachment,
    FileRefused,
    FileStore,
    check_file,
    keep_files,
    plain_name,
    take_off,
)
from app.foundation.filing.looking.reading import MOST_PIXELS, check_picture
from app.foundation.forms import (
    BaseForm,
    CheckboxesField,
    MultipleFileField,
    SelectField,
    ValidationError,
    _l,
    choices,
)
from app.foundation.security_log import note

MEGA = 1024 * 1024

FILE_PROBLEMS = {
    "empty": _l("“%(name)s” is empty. Choose the file again."),
    "large": _l("“%(name)s” is larger than %(megabytes)s MB. Split it, or scan it at a lower resolution."),
    "kind": _l("“%(name)s” cannot be taken. Send it as PDF, Word, Excel, OpenDocument, PNG, JPEG, TXT or CSV."),
    "other": _l("“%(name)s” cannot be taken: it is not what its name says. Open it in your program and save it anew."),
    "old": _l("“%(name)s” cannot be taken: it is of an old kind. Save it as DOCX, XLSX or PDF, and send that."),
    "broken": _l("“%(name)s” cannot be taken: it is damaged. Open it in your program and save it anew, or as PDF."),
    "locked": _l("“%(name)s” cannot be taken: a password locks it. Remove the password and send it again."),
    "macros": _l("“%(name)s” cannot be taken: it holds macros. Save it without them, as DOCX, XLSX or PDF."),
    "active": _l("“%(name)s” cannot be taken: another file or a program is embedded in it. Save it as PDF."),
    "outside": _l(
        "“%(name)s” cannot be taken: it would fetch parts from elsewhere. Break these links, or save it as PDF."
    ),
    "declares": _l("“%(name)s” cannot be taken: parts of it are written in a way that can do harm. Save it as PDF."),
    "explodes": _l("“%(name)s” cannot be taken: unpacked it is far too large. Leave large pictures or sheets out."),
    "signs": _l("“%(name)s” cannot be read as text. Save it in your program as text in UTF-8."),
    "pixels": _l(
        "“%(name)s” has too many pixels. Save the picture smaller, with at most %(megapixels)s million pixels."
    ),
}
"""Why a file is not taken, and how to mend it, by the reason of a FileRefused."""


@dataclass(frozen=True)
class FileProblem:
    """Why a file is not taken: the reason of a FileRefused, and words that say how to mend it."""

    reason: str
    words: str


def problem_of(name: str, content: bytes) -> FileProblem | None:
    """Why a file is not taken, in the language of whoever sends it; nothing where it is taken. A refusal is noted."""
    try:
        check_file(name, content)
        check_picture(name, content)
    except FileRefused as refusal:
        note("file", reason=refusal.reason)
        values = {
            "name": plain_name(name)[:60], "megabytes": LARGEST_FILE // MEGA, "megapixels": MOST_PIXELS // 10**6,
        }  # fmt: skip
        return FileProblem(refusal.reason, str(FILE_PROBLEMS[refusal.reason]) % values)
    return None


def sound_files(_form: Any, field: Any) -> None:
    """Refuse files that are not taken, naming each of them, so that all can be mended at once."""
    problems = []
    for file in field.data or ():
        name = getattr(file, "filename", "")
        if not name:
            continue
        content = file.stream.read(LARGEST_FILE + 1)
        file.stream.seek(0)
        if problem := problem_of(name, content):
            problems.append(problem.words)
    if problems:
        raise ValidationError(" ".join(problems))


class TableForm(BaseForm):
    """A table that somebody sends in the field `file`; `missing` is said where none was chosen."""

    file: Any
    missing: Any

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields; without a file there is nothing to read."""
        is_sound = bool(super().validate(extra_validators))
        if not getattr(self.file.data, "filename", ""):
            self.file.errors = [self.missing]
            return False
        return is_sound

    def content(self, most: int) -> tuple[str, bytes]:
        """The name of the file and its content; of one that is too large no more than shows that it is."""
        return str(self.file.data.filename), bytes(self.file.data.stream.read(most + 1))


class TableOfForm(TableForm):
    """A table of one of several organisations, by reference and name; of a single one nobody has to say it."""

    organisation = SelectField(_l("For which organisation"))

    def __init__(self, owners: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.organisation.choices = choices(owners)
        if len(owners) == 1:
            self.organisation.data = owners[0][0]


class WithFiles:
    """What a form has besides where files can be attached to its record: new ones, and those that are to go."""

    files = MultipleFileField(_l("Files"), [sound_files])
    unwanted_files = CheckboxesField(_l("Remove these files"))

    def offer_kept(self, kept: Sequence[Attachment]) -> None:
        """Let the files that are there be taken off; without any there is nothing to ask."""
        self.unwanted_files.choices = choices((file.ref, file.name) for file in kept)
        if not kept:
            del self.unwanted_files

    @property
    def has_lost_files(self) -> bool:
        """Whether files were chosen that a browser does not keep when the form comes back."""
        return any(getattr(file, "filename", "") for file in self.files.data or ())

    def keep_files(self, tx: Tx, record: Any, account_id: int | None, store: FileStore, now: datetime) -> None:
        """Take off and keep what was chosen, in the transaction of the move. The caller has asked who may.

        Raises:
            FileRefused: a file is not taken.
        """
        take_off(tx, record.ref, self.unwanted_files.data or () if "unwanted_files" in cast("Any", self) else ())
        keep_files(tx, record, account_id, chosen_in(self.files), store, now)


def chosen_in(field: Any) -> list[tuple[str, bytes]]:
    """The files that were chosen in a field, each with its plain name and its content."""
    chosen = [file for file in field.data or () if getattr(file, "filename", "")]
    return [(plain_name(file.filename), file.stream.read()) for file in chosen]
