"""Small documents of every kind that people attach, made by hand, so that a test can put into them what it likes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

TYPES = "[Content_Types].xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "application/vnd.openxmlformats-officedocument."
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def pdf(text: str = "plan", more: bytes = b"") -> bytes:
    """A PDF of one page that says something; `more` stands among its objects."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    out += more
    begin = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % begin)


def archive(parts: Mapping[str, str | bytes], first: str = "") -> bytes:
    """An archive of parts; `first` is kept unpacked, as ODF wants its mimetype."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content, zipfile.ZIP_STORED if name == first else zipfile.ZIP_DEFLATED)
    return file.getvalue()


def docx(text: str = "plan", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word document; `more` are further parts, or others in the place of its own."""
    parts: dict[str, str | bytes] = {
        TYPES: f'<Types><Override PartName="/w" ContentType="{OFFICE}wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"/>',
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body>'
        "</w:document>",
    }
    return archive(parts | dict(more or {}))


def xlsx(text: str = "plan", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook with one text."""
    parts: dict[str, str | bytes] = {
        TYPES: f'<Types><Override PartName="/x" ContentType="{OFFICE}spreadsheetml.sheet.main+xml"/></Types>',
        "xl/workbook.xml": '<workbook><sheets><sheet name="Costs"/></sheets></workbook>',
        "xl/sharedStrings.xml": f"<sst><si><t>{text}</t></si></sst>",
    }
    return archive(parts | dict(more or {}))


def odf(kind: str, text: str = "plan", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A text ("odt") or a sheet ("ods") of OpenDocument."""
    types = {"odt": "text", "ods": "spreadsheet"}
    body = "<o:table xmlns:o='urn:table' o:name='Costs'/>" if kind == "ods" else ""
    parts: dict[str, str | bytes] = {
        "mimetype": f"application/vnd.oasis.opendocument.{types[kind]}",
        "content.xml": f"<c xmlns:t='urn:text'>{body}<t:p>{text}</t:p></c>",
    }
    return archive(parts | dict(more or {}), first="mimetype")


def png(width: int = 2, height: int = 2) -> bytes:
    """A black picture; a large one is only said to be so large."""
    rows = (b"\x00" * (width + 1)) * height if width * height < 10_000 else b""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
