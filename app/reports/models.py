"""What is kept of reports that were made, and the report of a region while its desk writes it and once it is signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.disclosure import Owned
from app.organisations.models import Organisation


class MadeReport(Identified, Base):
    """A report that was made here, by which one can tell whether a paper is one; nothing of what it says.

    `kind` is one of rules.KINDS, `form` one of rules.FORMS. `said_sha256` is over what the report says,
    `file_sha256` over the file. `made_at` (UTC) is the moment of the data.
    """

    __tablename__ = "made_reports"
    reference_prefix = "RP"
    record_kind = "made_report"

    kind: Mapped[str]
    form: Mapped[str]
    language: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    said_sha256: Mapped[str] = mapped_column(String(64), index=True)
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    made_at: Mapped[datetime]


class RegionalReport(Identified, Versioned, Stamped, Owned, Base):
    """The report of a grouping: a draft that its desk writes, until it is signed and stays as it is.

    `disclosure` is public or members: its figures are those that such a reader may see. `situations` are texts by
    theme; `recommendations` rows of text and addressee; `follow_up` rows of text, addressee, status (open, done,
    dropped), note and references of action points, about what the report before (`previous_id`) recommended. Once it
    is signed, the files lie under their hashes, and `made` names the rows by which they are made sure of.
    """

    __tablename__ = "regional_reports"
    reference_prefix = "RR"
    record_kind = "regional_report"

    grouping: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    title: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    status: Mapped[str] = mapped_column(default="draft", index=True)
    introduction: Mapped[str] = mapped_column(default="")
    situations: Mapped[dict[str, Any]] = mapped_column(default=dict)
    recommendations: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    follow_up: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("regional_reports.id"))
    signer_name: Mapped[str] = mapped_column(default="")
    signer_function: Mapped[str] = mapped_column(default="")
    signer_place: Mapped[str] = mapped_column(default="")
    signed_by: Mapped[int | None]
    signed_at: Mapped[datetime | None] = mapped_column(index=True)
    made: Mapped[dict[str, Any]] = mapped_column(default=dict)

    organisation: Mapped[Organisation] = relationship()

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012
