"""Files in forms: what is taken of those that were chosen, and what a person is told of the others."""

from __future__ import annotations

from typing import Any

from app.foundation.files import LARGEST_FILE, FileRefused, check_file, plain_name
from app.foundation.forms import ValidationError, _l
from app.foundation.security_log import note

FILE_PROBLEMS = {
    "empty": _l("“%(name)s” is empty. Choose the file again."),
    "large": _l("“%(name)s” is larger than %(megabytes)s MB. Split it, or scan it at a lower resolution."),
    "kind": _l("“%(name)s” cannot be taken. Send it as PDF, Word, Excel, OpenDocument, PNG, JPEG, TXT or CSV."),
}


def sound_files(_form: Any, field: Any) -> None:
    """Refuse files of kinds that are not taken, naming the file."""
    for file in field.data or ():
        name = getattr(file, "filename", "")
        if not name:
            continue
        content = file.stream.read(LARGEST_FILE + 1)
        file.stream.seek(0)
        try:
            check_file(name, content)
        except FileRefused as refusal:
            note("file", reason=refusal.reason)
            values = {"name": name[:60], "megabytes": LARGEST_FILE // 1024 // 1024}
            raise ValidationError(str(FILE_PROBLEMS[refusal.reason]) % values) from None


def chosen_in(field: Any) -> list[tuple[str, bytes]]:
    """The files that were chosen in a field, each with its plain name and its content."""
    chosen = [file for file in field.data or () if getattr(file, "filename", "")]
    return [(plain_name(file.filename), file.stream.read()) for file in chosen]
