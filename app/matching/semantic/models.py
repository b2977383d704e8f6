"""The vectors of a record, kept beside it until it changes."""

from __future__ import annotations

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.foundation.db import Base


class RecordVectors(Base):
    """What one version of a record means to one model; never shown to anybody.

    `whole` is one vector and `passages` several, each number in two bytes, the low one first. `is_public` says that
    everybody may read the record: only such records say what is common to a language.
    """

    __tablename__ = "record_vectors"
    __table_args__ = (UniqueConstraint("record_kind", "record_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    record_kind: Mapped[str]
    record_id: Mapped[int]
    record_version: Mapped[int]
    model: Mapped[str]
    language: Mapped[str]
    is_public: Mapped[bool]
    whole: Mapped[bytes] = mapped_column(LargeBinary)
    passages: Mapped[bytes] = mapped_column(LargeBinary)
