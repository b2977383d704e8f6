"""An import as it is kept: its files, what was found of each activity and each reporter, and what was wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.exchange.intake import rules
from app.foundation.db import Base, Identified, Versioned
from app.organisations.models import Organisation


class FileImport(Identified, Versioned, Base):
    """One import of one or several files for one organisation; `by_reporter`: each activity is its reporter's.

    `files` are rows of name, sha256 and size (bytes); the files themselves lie in the folder `incoming` until they have
    been imported. `job_ref` is the work in the background that is or was done for it last. Times are UTC.
    """

    __tablename__ = "file_imports"
    reference_prefix = "IM"
    record_kind = "import"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    by_reporter: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[int]
    state: Mapped[str] = mapped_column(default=rules.READING)
    files: Mapped[list[dict[str, Any]]]
    job_ref: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(index=True)
    saved_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()


class ImportPart:
    """What every row of an import has."""

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("file_imports.id", ondelete="CASCADE"))


class ImportRow(ImportPart, Base):
    """One activity: what would become of it (rules.OUTCOMES), and, field by field, what it would change.

    `changes` holds [old, new] by field. Once it is imported, `programme_id` is its programme, `saved_version` the
    number of that version, and `before` the whole programme as it was, empty where there was none; `undone` says what
    became of it when the import was undone.
    """

    __tablename__ = "import_rows"
    __table_args__ = (
        Index("ix_import_rows_outcome", "import_id", "outcome", "id"),
        Index("ix_import_rows_identifier", "import_id", "identifier"),
    )

    file: Mapped[str]
    line: Mapped[int]
    identifier: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    programme_id: Mapped[int | None] = mapped_column(index=True)
    saved: Mapped[str] = mapped_column(default="")
    saved_version: Mapped[int | None]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone: Mapped[str] = mapped_column(default="")


class ImportProblem(ImportPart, Base):
    """Something wrong in a file: where, how much was lost, and the sentence with its values."""

    __tablename__ = "import_problems"
    __table_args__ = (Index("ix_import_problems_identifier", "import_id", "identifier"),)

    file: Mapped[str]
    line: Mapped[int | None]
    element: Mapped[str]
    code: Mapped[str]
    severity: Mapped[str]
    identifier: Mapped[str] = mapped_column(default="")
    said: Mapped[dict[str, Any]]


class ImportParty(ImportPart, Base):
    """A reporter of the files of the secretariat: whom its identifier or name stands for, and who has said so.

    `organisation_id` is an organisation that is known here; `by_name` tells that its name alone speaks for it, and then
    `answer` is what a person said (rules.SAME, rules.OTHER), empty as long as nobody has.
    """

    __tablename__ = "import_parties"
    __table_args__ = (UniqueConstraint("import_id", "identifier", "flat_name"),)

    identifier: Mapped[str]
    name: Mapped[str]
    flat_name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    by_name: Mapped[bool] = mapped_column(default=False)
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None]

    organisation: Mapped[Organisation | None] = relationship()
