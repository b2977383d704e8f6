"""What a file is, told from its content: its name is a claim, and what the content does not bear out is refused."""

from __future__ import annotations

import re

from app.foundation.filing.archives import ArchiveRefused
from app.foundation.filing.looking.office import check_office

LARGEST_FILE = 10 * 1024 * 1024
# What a file begins with, so that a name cannot lie about the content (values as in the formats' specifications).
BEGINNINGS = {
    "pdf": b"%PDF-",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
    "odt": b"PK\x03\x04",
    "ods": b"PK\x03\x04",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "jpeg": b"\xff\xd8\xff",
}
TEXT_ENDINGS = frozenset({"txt", "csv"})
PICTURES = frozenset({"png", "jpg", "jpeg"})
ENDINGS = frozenset(BEGINNINGS) | TEXT_ENDINGS
MACRO_ENDINGS = frozenset({"docm", "xlsm", "dotm", "xltm", "xlsb", "pptm"})
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Files of Word and Excel before 2007, and those of today that a password locks, begin with this (MS-CFB 2.2)."""
LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
LOCKED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
END_OF_PDF = 4096
"""So far from the end of a PDF stands where its parts are (`startxref`); programs look no further either."""
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class FileRefused(ValueError):
    """A file that is not taken; `reason` is a key of file_fields.FILE_PROBLEMS, which says how to mend it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def ending_of(name: str) -> str:
    """The ending of a file's name, in small letters; empty where there is none."""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def check_file(name: str, content: bytes) -> None:
    """Take only what we know, and only if the content is what the name says.

    Raises:
        FileRefused: it is empty, over 10 MiB, of an unknown kind, or its content is not to be taken.
    """
    if not content:
        raise FileRefused("empty")
    if len(content) > LARGEST_FILE:
        raise FileRefused("large")
    ending = ending_of(name)
    if ending in MACRO_ENDINGS:
        raise FileRefused("macros")
    if ending not in ENDINGS:
        raise FileRefused("kind")
    if ending in TEXT_ENDINGS:
        _check_text(content)
    else:
        _check_beginning(ending, content)
        if ending == "pdf":
            _check_pdf(content)
        elif ending not in PICTURES:
            _check_office(ending, content)


def _check_beginning(ending: str, content: bytes) -> None:
    if content.startswith(BEGINNINGS[ending]):
        return
    if content.startswith(OLD_OFFICE) and BEGINNINGS[ending] == BEGINNINGS["docx"]:
        raise FileRefused("locked" if LOCKED_OFFICE in content else "old")
    raise FileRefused("other")


def _check_pdf(content: bytes) -> None:
    if b"startxref" not in content[-END_OF_PDF:]:
        raise FileRefused("broken")
    if LOCKED_PDF.search(content):
        raise FileRefused("locked")


def _check_office(ending: str, content: bytes) -> None:
    try:
        problem = check_office(ending, content)
    except ArchiveRefused as refused:
        raise FileRefused({"large": "explodes"}.get(refused.reason, refused.reason)) from refused
    if problem:
        raise FileRefused(problem)


def _check_text(content: bytes) -> None:
    if CONTROLS.search(text_of(content)):
        raise FileRefused("signs")


def text_of(content: bytes) -> str:
    """A plain text as people wrote it: in UTF-8, else as Western Windows programs save it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
