"""Files are taken for what they are, not for what they say they are, and the same content is kept once."""

from __future__ import annotations

import pytest

from app.foundation.files import LARGEST_FILE, FileRefused, check_file, file_path, store_file

PDF = b"%PDF-1.7 ..."


@pytest.mark.parametrize(
    ("name", "content"), [("plan.pdf", PDF), ("PLAN.PDF", PDF), ("list.csv", b"a,b"), ("a.docx", b"PK\x03\x04.")]
)
def test_what_is_taken(name, content):
    check_file(name, content)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("plan.pdf", b"", "empty"),
        ("plan.pdf", PDF + b"x" * LARGEST_FILE, "large"),
        ("plan.pdf", b"MZ\x90", "kind"),
        ("plan.exe", b"MZ\x90", "kind"),
        ("plan.pdf.html", b"<html>", "kind"),
        ("pdf", PDF, "kind"),
        ("list.csv", b"a\x00b", "kind"),
    ],
)
def test_what_is_refused(name, content, reason):
    with pytest.raises(FileRefused) as caught:
        check_file(name, content)
    assert caught.value.reason == reason


def test_the_same_content_is_kept_once(tmp_path):
    first, second = store_file(tmp_path, PDF), store_file(tmp_path, PDF)
    assert first == second
    assert file_path(tmp_path, first).read_bytes() == PDF
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file_path(tmp_path, first)]
