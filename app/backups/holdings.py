"""The files that belong to the rows of a database: which ones rows name, and where they lie below the data directory.

What the site makes anew (index, open data) or what only developers look at (mail) is no part of a backup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

import sqlalchemy as sa

from app.backups.reading import LOT, Snapshot
from app.exchange.intake import uploading
from app.exchange.workbooks import keeping
from app.foundation.audit.seals import NOTEBOOK
from app.foundation.filing.files import file_name
from app.foundation.filing.store import FOLDERS
from app.jobs import service as jobs

DIGEST = re.compile(r"[0-9a-f]{64}")
NAMES = re.compile(
    rf"(jobs/)?files/(?P<first>[0-9a-f]{{2}})/(?P=first)[0-9a-f]{{62}}|incoming/[0-9a-f]{{64}}"
    rf"|workbooks/{keeping.KEY.pattern}\.xlsx|{re.escape(NOTEBOOK)}"
)


@dataclass(frozen=True)
class Holding:
    """A file that a row names, by its place below the data directory.

    Where `must` is not set, it is one that the site lets go of by itself after some days, and nothing is lost.
    """

    name: str
    must: bool


def is_file_of_ours(name: str) -> bool:
    """Whether a file may be called so, and so lies in a folder of the site's."""
    return NAMES.fullmatch(name) is not None


def is_content(name: str, sha256: str) -> bool:
    """Whether a file has the content after which it is called; one that is called by something else always has."""
    last = PurePosixPath(name).name
    return not DIGEST.fullmatch(last) or last == sha256


def holdings(moment: Snapshot) -> Iterator[Holding]:
    """Every file that the rows of this moment name, each once."""
    seen: set[str] = set()
    for holding in _named(moment):
        if holding.name not in seen:
            seen.add(holding.name)
            yield holding


def _named(moment: Snapshot) -> Iterator[Holding]:
    columns = {table.name: table.names for table in moment.tables}
    for digest in chain(_reports(moment, columns), _digests(moment, columns)):
        yield Holding(file_name(digest), must=True)
    for table, names in PASSING.items():
        if table in columns:
            for name in names(moment):
                yield Holding(name, must=False)


def _reports(moment: Snapshot, columns: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The files of signed reports."""
    if "regional_reports" in columns:
        for text in _values(moment, "regional_reports", "made"):
            for kept in json.loads(text).values():
                yield kept["file_sha256"]


def _results(moment: Snapshot) -> Iterator[str]:
    for digest in _values(moment, "jobs", "file_sha256", sa.column("file_sha256") != ""):
        yield f"{jobs.FOLDER}/{file_name(digest)}"


def _uploads(moment: Snapshot) -> Iterator[str]:
    for text in _values(moment, "file_imports", "files"):
        for file in json.loads(text):
            yield uploading.name_of(file)


def _workbooks(moment: Snapshot) -> Iterator[str]:
    for key in _values(moment, "workbook_uploads", "key"):
        yield keeping.name_of(key)


PASSING: dict[str, Callable[[Snapshot], Iterator[str]]] = {
    "jobs": _results,
    "file_imports": _uploads,
    "workbook_uploads": _workbooks,
}
"""What the site lets go of by itself, by the table whose rows name it."""


def _digests(moment: Snapshot, columns: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Attached files, but for those whose content the scanner refused: these are taken off the disk."""
    if "state" not in columns["attachments"]:
        return _values(moment, "attachments", "sha256")
    refused: sa.Select[Any] = (
        sa.select(sa.column("sha256")).select_from(sa.table("attachments")).where(sa.column("state") == "refused")
    )
    return _values(moment, "attachments", "sha256", sa.column("sha256").not_in(refused))


def _values(moment: Snapshot, table: str, column: str, *where: sa.ColumnElement[bool]) -> Iterator[str]:
    """What stands in a column of text or JSON, each value once."""
    shown = sa.cast(sa.column(column), sa.Text).label("shown")
    query = sa.select(shown).select_from(sa.table(table)).where(*where).distinct()
    for (value,) in moment.connection.execute(query, execution_options={"yield_per": LOT}):
        yield value


def files_below(folder: Path) -> Iterator[str]:
    """The files of ours that lie below the data directory now, by their names; half-written ones do not count."""
    for part in FOLDERS:
        for path in (folder / part).rglob("*"):
            name = path.relative_to(folder).as_posix()
            if is_file_of_ours(name):
                yield name
