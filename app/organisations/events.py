"""What happens to organisations, told upwards."""

from __future__ import annotations

from dataclasses import dataclass

from app.foundation.outbox import Fact


@dataclass(frozen=True)
class OrganisationApplied(Fact):
    """Somebody has asked for an organisation to be let in; the secretariat has to answer."""

    organisation_id: int


@dataclass(frozen=True)
class OrganisationVerified(Fact):
    """The secretariat knows who this is; the applicant is to be invited as focal point."""

    organisation_id: int


@dataclass(frozen=True)
class OrganisationMerged(Fact):
    """Two records of one organisation have become one, which has the records of both."""

    organisation_id: int
    gone_id: int


@dataclass(frozen=True)
class OrganisationRefused(Fact):
    """The secretariat said no, with a reason that the applicant is to be told."""

    organisation_id: int


@dataclass(frozen=True)
class OrganisationTrusted(Fact):
    """The organisation publishes without review from now on."""

    organisation_id: int


@dataclass(frozen=True)
class OrganisationSuspended(Fact):
    """The organisation's people have lost their rights until further notice."""

    organisation_id: int


@dataclass(frozen=True)
class OrganisationReinstated(Fact):
    """The suspension is over."""

    organisation_id: int
