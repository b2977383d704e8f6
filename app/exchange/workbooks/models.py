"""A workbook on its way back, and what its rows have become, so that the same one can be sent again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base


class WorkbookUpload(Base):
    """A workbook that somebody has sent: its file lies in the data directory under `key`, for that person alone."""

    __tablename__ = "workbook_uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(index=True)


class WorkbookRow(Base):
    """What a row of a workbook was saved as: the record, and the cells as they were sent then, in one form.

    If the same row comes again, it is held against these and not against what went out once.
    """

    __tablename__ = "workbook_rows"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    record_ref: Mapped[str]
    version: Mapped[int]
    cells: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime] = mapped_column(index=True)
