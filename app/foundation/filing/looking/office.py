"""Office documents (DOCX, XLSX, ODT, ODS) before anybody opens them: what they are, and what in them could act.

A document is an archive of parts. Nothing here reads what a document says: only the list of its parts, what kinds they
claim to be, and what they lead to.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable

from app.foundation.filing.archives import SMALL, ArchiveRefused, Bounds, opened, pieces, unpacked

BOUNDS = Bounds(parts=2000, unpacked=64 * 1024 * 1024)
CONTENT_TYPES, MIMETYPE, MANIFEST = "[Content_Types].xml", "mimetype", "META-INF/manifest.xml"
OOXML = {
    "docx": b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
}
ODF = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
# By name, in small letters: where programs keep what runs, and what a computer would run by its name.
MACROS = re.compile(r"(^|/)vba(project|data)[^/]*$|^basic/|^scripts/|(^|/)xl/macrosheets/")
RUNNABLE = re.compile(r"\.(exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk|reg|sh|py|docm|xlsm)$")
ACTIVE = re.compile(r"(^|/)(activex/|oleobject[^/]*\.bin$)")
ACTIVE_BEGINNINGS = (b"MZ", b"\x7fELF", b"#!", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
READ_AS_XML = re.compile(r"\.(xml|rels|rdf|vml)$")
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
RELATION = re.compile(r"<(?:[\w.-]+:)?Relationship\b[^>]*>")
OUTSIDE = re.compile(r"""TargetMode\s*=\s*["']\s*External""", re.IGNORECASE)
LINK = re.compile(r"""Type\s*=\s*["'][^"']*/hyperlink["']""")
EDGE = 16
"""Bytes carried from one piece to the next, so that nothing hides on the edge between two."""


def check_office(ending: str, content: bytes) -> str:
    """Why a document is not taken: one of other, broken, locked, macros, active, outside, declares; or nothing.

    Raises:
        ArchiveRefused: as an archive it is not to be opened.
    """
    with opened(content, BOUNDS) as archive:
        names = {part.filename.lower() for part in archive.infolist()}
        return _kind(archive, ending) or _by_name(names) or _by_content(archive)


def _kind(archive: zipfile.ZipFile, ending: str) -> str:
    names = set(archive.namelist())
    if ending in OOXML:
        if CONTENT_TYPES not in names:
            return "other"
        types = _small(archive, CONTENT_TYPES)
        if b"macroEnabled" in types:
            return "macros"
        return "" if OOXML[ending] in types else "other"
    if MIMETYPE not in names or _small(archive, MIMETYPE).strip() != ODF[ending]:
        return "other"
    manifest = _small(archive, MANIFEST) if MANIFEST in names else b""
    if b"encryption-data" in manifest:
        return "locked"
    return "active" if b"application/vnd.sun.star.oleobject" in manifest else ""


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    part = archive.getinfo(name)
    if part.file_size > SMALL:
        raise ArchiveRefused("broken")
    return unpacked(archive, part)


def _by_name(names: Iterable[str]) -> str:
    for problem, pattern in (("macros", MACROS), ("active", ACTIVE), ("active", RUNNABLE)):
        if any(pattern.search(name) for name in names):
            return problem
    return ""


def _by_content(archive: zipfile.ZipFile) -> str:
    for part in archive.infolist():
        problem = _relations(archive, part) if part.filename.endswith(".rels") else _part(archive, part)
        if problem:
            return problem
    return ""


def _part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    """Look through one part without keeping it. All of them are read to the end: none may be longer than is said."""
    is_xml = bool(READ_AS_XML.search(part.filename.lower()))
    before, is_first, problem = b"", True, ""
    for piece in pieces(archive, part):
        if is_first and piece.startswith(ACTIVE_BEGINNINGS):
            problem = "active"
        if is_xml and (DECLARES.search(before + piece) or b"\x00" in piece):
            # A part in UTF-16 would hide from this search; no program writes its parts so.
            problem = problem or "declares"
        before, is_first = piece[-EDGE:], False
    return problem


def _relations(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> str:
    text = _small(archive, part.filename)
    if DECLARES.search(text) or b"\x00" in text:
        return "declares"
    for written in RELATION.findall(text.decode("utf-8", "replace")):
        relation = html.unescape(written)
        # A link that somebody may click is no matter; what a program fetches by itself when it opens the document is.
        if OUTSIDE.search(relation) and not LINK.search(relation):
            return "outside"
    return ""
