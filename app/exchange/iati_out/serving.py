"""Giving out what is kept on the shelf: made anew where it does not hold any more, 304 for whoever has it already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from werkzeug.utils import send_file

from app.exchange.iati_out import shelf
from app.foundation.db import Tx
from app.foundation.web import found, now, request, site

SHARED = "public, no-cache"
"""Anybody may keep the file, and asks each time whether it still holds."""


def kept_file(
    tx: Tx, name: str, mark: str, make: Callable[[Tx, BinaryIO], int], mimetype: str, download_name: str
) -> Any:
    """A file as it has to be now; 404 where there is nothing to tell."""
    folder = site().settings.data_dir
    note = found(shelf.take(folder, name, mark, lambda target: make(tx, target), now()))
    answer = send_file(
        shelf.path_of(folder, name), request.environ, mimetype=mimetype, download_name=download_name,
        etag=note.digest[:32], last_modified=note.modified_at,
    )  # fmt: skip
    answer.headers["Cache-Control"] = SHARED
    return answer
