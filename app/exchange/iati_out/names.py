"""By which identifiers our organisations and records go where they have none of the standard's own."""

from __future__ import annotations

from app.exchange.iati_out.told import Party, Reporter
from app.organisations.models import Organisation
from app.pledges.models import Pledge
from app.programmes.models import Programme

OURS = "XI-COUNTERPART"
"""Where an organisation is on no register: international, and known here."""
TYPE_OF_KIND = {"state": "10", "donor": "10", "centre": "80", "regional": "40", "ngo": "22", "secretariat": "40"}
"""OrganisationType codes for those who do not give theirs."""
OTHER = "90"


def organisation_identifier(organisation: Organisation) -> str:
    """Its own identifier, or one made of its reference here."""
    return organisation.iati_identifier or f"{OURS}-{organisation.ref}"


def programme_identifier(programme: Programme) -> str:
    """Its own identifier, or one made of its organisation's and its reference here."""
    return programme.iati_identifier or f"{organisation_identifier(programme.organisation)}-{programme.ref}"


def pledge_identifier(pledge: Pledge) -> str:
    """Made of the donor's identifier and its reference here."""
    return f"{organisation_identifier(pledge.organisation)}-{pledge.ref}"


def reporter_of(organisation: Organisation) -> Reporter:
    """The organisation as the one who reports."""
    names = {organisation.language: organisation.name}
    names |= {language: str(name) for language, name in (organisation.names or {}).items() if language not in names}
    kind = organisation.iati_type or TYPE_OF_KIND.get(organisation.kind, OTHER)
    return Reporter(
        organisation_identifier(organisation), kind, names, organisation.language, bool(organisation.iati_type)
    )


def party_of(organisation: Organisation, role: str = "", activity: str = "") -> Party:
    """The organisation as one that takes part."""
    return Party(
        organisation.name, organisation_identifier(organisation), organisation.iati_type, role, activity,
        organisation.language,
    )  # fmt: skip
