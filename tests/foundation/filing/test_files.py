"""The same content is kept once, under the hash of it."""

from __future__ import annotations

from app.foundation.filing.files import file_path, store_file
from app.foundation.filing.store import FileStore

PDF = b"%PDF-1.7 ..."


def test_the_same_content_is_kept_once(tmp_path):
    first, second = store_file(FileStore(tmp_path), PDF), store_file(FileStore(tmp_path), PDF)
    assert first == second
    assert file_path(tmp_path, first).read_bytes() == PDF
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file_path(tmp_path, first)]
