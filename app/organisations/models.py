"""An organisation as the site knows it, from application to verification."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.foundation.confirming import Confirmable
from app.foundation.db import Base, Identified, Stamped, Versioned
from app.foundation.permissions import STATUSES_THAT_COUNT
from app.foundation.text import fold

CONTACT_YEAR = timedelta(days=365)
"""People and addresses change more slowly than needs: a contact is asked about once a year."""


class Organisation(Identified, Versioned, Stamped, Confirmable, Base):
    """A State's authority, donor, training centre, regional organisation, NGO, or the secretariat.

    `status` is one of rules.STATUSES; `recorded` is an organisation that is only known from imported data.
    `names` holds its name in other languages by ISO 639-1 code; `iati_type` is an IATI OrganisationType code.
    `folded_name` follows the name, for finding it again; `claims_id` is the recorded organisation that an applicant
    says it is. `checked_by` is the account that took the first of the two looks at an application; `is_national` marks
    the national focal point of its State, and `passing` is how needs of that State pass it (rules.PASSING).
    `merged_into_id` is the organisation that took this one's records over, and `former_names` are those it took over.
    `verify_by` is when its focal points are asked whether its details and its people are still right: as a contact.
    """

    __tablename__ = "organisations"
    reference_prefix = "O"
    record_kind = "organisation"
    verify_after: ClassVar[timedelta] = CONTACT_YEAR

    kind: Mapped[str] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="applied", index=True)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(default="", index=True)
    language: Mapped[str] = mapped_column(default="en")
    names: Mapped[dict[str, Any]] = mapped_column(default=dict)
    acronym: Mapped[str] = mapped_column(default="")
    country: Mapped[str | None] = mapped_column(String(2), index=True)
    grouping: Mapped[str | None]
    iati_type: Mapped[str] = mapped_column(default="")
    iati_identifier: Mapped[str | None] = mapped_column(unique=True)
    email_domain: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(default="")
    applicant_name: Mapped[str] = mapped_column(default="")
    applicant_email: Mapped[str] = mapped_column(default="")
    letter: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(default="")
    claims_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    checked_by: Mapped[int | None]
    checked_at: Mapped[datetime | None]
    is_national: Mapped[bool] = mapped_column(default=False, server_default=false())
    passing: Mapped[str] = mapped_column(default="none", server_default="none")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    former_names: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")

    __mapper_args__ = {"version_id_col": Versioned.__dict__["version"]}  # noqa: RUF012

    @property
    def organisation_id(self) -> int:
        """An organisation belongs to itself, so that policies and the audit can ask it as they ask any record."""
        return self.id

    @property
    def is_going_on(self) -> bool:
        """Somebody can write to it: verified, and not suspended."""
        return self.status in STATUSES_THAT_COUNT

    @validates("name")
    def _fold_name(self, _key: str, name: str) -> str:
        self.folded_name = fold(name)
        return name

    def named(self, language: str) -> str:
        """The name in that language where the organisation gives one, its own name otherwise."""
        return str(self.names.get(language) or self.name) if self.names else self.name
