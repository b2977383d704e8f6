"""Imports as their organisation's people see them: the list, the counts, the activities page by page, the problems."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload

from app.exchange.intake import rules
from app.exchange.intake.models import FileImport, ImportParty, ImportProblem, ImportRow
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.paging import Page, page_number
from app.foundation.permissions import Actor
from app.jobs.queries import job_by_ref
from app.jobs.rules import DONE
from app.programmes.models import Programme

PAGE_SIZE = 20
PROBLEMS_SHOWN = 50


def may_read(reader: Actor) -> ColumnElement[bool]:
    """The criterion of imports that this reader may see: of organisations one writes for, and for the office all."""
    own = [m.organisation_id for m in reader.of_kind("donor", "regional", "ngo", "secretariat")]
    if reader.of_kind("secretariat"):
        return FileImport.id.is_not(None)
    return FileImport.organisation_id.in_(own) if own else false()


def imports_for(tx: Tx, reader: Actor, page: str | None) -> Page[FileImport]:
    """A page of the imports that the reader may see, newest first."""
    total = tx.scalar(select(func.count(FileImport.id)).where(may_read(reader))) or 0
    number = page_number(page, total, PAGE_SIZE)
    query = select(FileImport).where(may_read(reader)).options(joinedload(FileImport.organisation))
    rows = tx.scalars(query.order_by(FileImport.id.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    return Page(list(rows), number, total, PAGE_SIZE)


def find_import(tx: Tx, reader: Actor, ref: str) -> FileImport | None:
    """The import with this reference, if the reader may see it."""
    query = select(FileImport).where(FileImport.ref == ref, may_read(reader))
    return tx.scalar(query.options(joinedload(FileImport.organisation)))


def import_by_ref(tx: Tx, ref: str) -> FileImport | None:
    """The import with this reference, for the work in the background."""
    return tx.scalar(select(FileImport).where(FileImport.ref == ref).options(joinedload(FileImport.organisation)))


def counts_of(tx: Tx, made: FileImport) -> dict[str, int]:
    """How many activities have each outcome."""
    query = select(ImportRow.outcome, func.count()).where(ImportRow.import_id == made.id).group_by(ImportRow.outcome)
    found = {outcome: count for outcome, count in tx.execute(query)}  # noqa: C416 - rows are no pairs to the type checker
    return {outcome: found.get(outcome, 0) for outcome in rules.OUTCOMES}


def undone_counts(tx: Tx, made: FileImport) -> dict[str, int]:
    """What became of how many activities when the import was undone."""
    query = select(ImportRow.undone, func.count()).where(ImportRow.import_id == made.id, ImportRow.undone != "")
    return {undone: count for undone, count in tx.execute(query.group_by(ImportRow.undone))}  # noqa: C416 - the same


def saved_counts(tx: Tx, made: FileImport) -> dict[str, int]:
    """How many of its activities became a new programme, one that is held, or a changed one, in however many goes."""
    query = select(ImportRow.saved, func.count()).where(ImportRow.import_id == made.id).group_by(ImportRow.saved)
    found = {saved: count for saved, count in tx.execute(query)}  # noqa: C416 - the same
    return {saved: found.get(saved, 0) for saved in ("new", "held", "changed")}


def broke_off(tx: Tx, made: FileImport) -> bool:
    """Whether the work that was done for an import has ended before its end, whoever started it."""
    job = job_by_ref(tx, made.job_ref) if made.state in rules.AT_WORK else None
    return job is not None and job.is_over and job.state != DONE


def rows_of(tx: Tx, made: FileImport, outcome: str, page: str | None) -> Page[ImportRow]:
    """A page of the activities, in the order of the files; of one outcome, or of all."""
    where = [ImportRow.import_id == made.id, *([ImportRow.outcome == outcome] if outcome else [])]
    total = tx.scalar(select(func.count(ImportRow.id)).where(*where)) or 0
    number = page_number(page, total, PAGE_SIZE)
    query = select(ImportRow).where(*where).order_by(ImportRow.id)
    return Page(list(tx.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))), number, total, PAGE_SIZE)


def find_row(tx: Tx, made: FileImport, number: int) -> ImportRow | None:
    """One activity of an import."""
    return tx.scalar(select(ImportRow).where(ImportRow.import_id == made.id, ImportRow.id == number))


def row_left(tx: Tx, made: FileImport) -> list[ImportRow]:
    """Activities that were left as they are when the import was undone, since somebody has changed them; fifty."""
    query = select(ImportRow).where(ImportRow.import_id == made.id, ImportRow.undone == rules.LEFT)
    return list(tx.scalars(query.order_by(ImportRow.id).limit(PROBLEMS_SHOWN)))


def problems_of_rows(tx: Tx, made: FileImport, rows: Iterable[ImportRow]) -> dict[int, list[ImportProblem]]:
    """The problems of some activities, by the number of the row; a refused one stands with its own line."""
    wanted = list(rows)
    pairs = [and_(ImportProblem.file == row.file, ImportProblem.identifier == row.identifier) for row in wanted]
    if not pairs:
        return {}
    query = select(ImportProblem).where(ImportProblem.import_id == made.id, ImportProblem.identifier != "", or_(*pairs))
    found = list(tx.scalars(query.order_by(ImportProblem.id).limit(1000)))
    return {
        row.id: [one for one in found if (one.file, one.identifier) == (row.file, row.identifier)] for row in wanted
    }


def problems_of_files(tx: Tx, made: FileImport) -> list[ImportProblem]:
    """What is wrong with the files themselves, outside of any activity; fifty at most."""
    query = select(ImportProblem).where(ImportProblem.import_id == made.id, ImportProblem.identifier == "")
    return list(tx.scalars(query.order_by(ImportProblem.id).limit(PROBLEMS_SHOWN)))


def count_problems(tx: Tx, made: FileImport) -> int:
    """How many problems were written down."""
    return tx.scalar(select(func.count(ImportProblem.id)).where(ImportProblem.import_id == made.id)) or 0


def all_problems(made: FileImport) -> Select[ImportProblem]:
    """Every problem, in the order of the files."""
    return select(ImportProblem).where(ImportProblem.import_id == made.id).order_by(ImportProblem.id)


def parties_in_doubt(tx: Tx, made: FileImport) -> list[ImportParty]:
    """The reporters for which a name alone speaks, answered or not."""
    query = select(ImportParty).where(ImportParty.import_id == made.id, ImportParty.by_name)
    return list(tx.scalars(query.options(joinedload(ImportParty.organisation)).order_by(ImportParty.id)))


def open_parties(tx: Tx, made: FileImport) -> int:
    """How many reporters are still in doubt."""
    query = select(func.count(ImportParty.id)).where(ImportParty.import_id == made.id, ImportParty.by_name)
    return tx.scalar(query.where(ImportParty.answer == "")) or 0


def programme_of(tx: Tx, reader: Actor, row: ImportRow) -> Programme | None:
    """The programme that an activity has become, if the reader may see it."""
    query = readable(reader, Programme).where(Programme.iati_identifier == row.identifier)
    return tx.scalar(query)


def files_waiting(tx: Tx, since: datetime) -> list[str]:
    """The hashes of files that are still wanted: being read, being imported, or waiting to be since that moment."""
    waiting = FileImport.state.in_((rules.READING, rules.SAVING)) | (
        (FileImport.state == rules.READ) & (FileImport.created_at > since)
    )
    return [file["sha256"] for files in tx.scalars(select(FileImport.files).where(waiting)) for file in files]
