"""Whose programme an imported activity is: the organisation that imports it, or, for the secretariat, its reporter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from app.exchange.iati.activity import Activity, Party
from app.exchange.iati.mapping import DEFAULT_LANGUAGE
from app.foundation.db import Tx
from app.foundation.languages import LANGUAGES
from app.foundation.permissions import SYSTEM, Actor, Membership, Permission, allowed
from app.organisations.models import Organisation
from app.organisations.queries import organisation_by_ref
from app.organisations.rules import flat
from app.organisations.service import record_new_organisation, record_organisation
from app.reference.countries import countries

# An identifier that begins with a country: of a donor state (GB-1), or of a national register (GB-CHC-285776).
OF_COUNTRY = re.compile(r"([A-Z]{2})-(?:\d{1,3}|\w{3,9}-.+)", re.ASCII)

NGO_TYPES = frozenset({"21", "22", "23", "24"})
"""IATI OrganisationType codes of non-governmental organisations; every other publisher is a donor here."""


class ImportRefused(ValueError):
    """Nothing can be imported for this organisation; the message says why and how to mend it."""


@dataclass(frozen=True)
class Importer:
    """The organisation that imports, and in whose name: its own, or the site's for the secretariat."""

    organisation_id: int
    ref: str
    name: str
    iati_identifier: str
    actor: Actor

    @property
    def is_secretariat(self) -> bool:
        """Whether each activity goes to the organisation that reports it."""
        return self.actor.is_system

    def differs_from(self, reporting: Party) -> bool:
        """Whether a file's reporting organisation is another than this one, as far as both say who they are."""
        if reporting.ref and self.iati_identifier:
            return reporting.ref != self.iati_identifier
        names = {flat(name) for name in reporting.names.values()} - {""}
        return bool(names) and flat(self.name) not in names


def find_importer(tx: Tx, ref: str, now: datetime) -> Importer:
    """The organisation with that reference, ready to import.

    Raises:
        ImportRefused: there is none, or it may not publish programmes.
    """
    organisation = organisation_by_ref(tx, ref)
    if organisation is None:
        raise ImportRefused(f"There is no organisation {ref}. Its reference stands in the address of its page.")
    actor = _actor_for(organisation)
    if not (actor.is_system or allowed(actor, Permission.PROGRAMME_POST, now)):
        raise ImportRefused(
            f"{organisation.name} ({ref}) may not publish programmes: it is of kind {organisation.kind} "
            f"and its status is {organisation.status}. Verified donors, regional organisations and NGOs may, "
            "and the secretariat for all."
        )
    return Importer(organisation.id, organisation.ref, organisation.name, organisation.iati_identifier or "", actor)


def _actor_for(organisation: Organisation) -> Actor:
    place = Membership(
        organisation_id=organisation.id,
        organisation_ref=organisation.ref,
        organisation_name=organisation.name,
        organisation_kind=organisation.kind,
        organisation_status=organisation.status,
        role="editor",
    )
    actor = Actor(name=organisation.name, memberships=(place,))
    return SYSTEM if actor.is_secretariat else actor


class Owners:
    """Finds the owner of each activity; what was found in a transaction that is undone has to be forgotten."""

    def __init__(self, importer: Importer) -> None:
        self.importer = importer
        self._known: dict[tuple[str, str], int] = {}
        self._fresh: dict[tuple[str, str], int] = {}

    def owner_of(self, tx: Tx, activity: Activity, now: datetime) -> int:
        """The number of the organisation that the programme belongs to; a reporter not known yet is recorded."""
        reporting = activity.reporting
        if not self.importer.is_secretariat or not reporting.name:
            return self.importer.organisation_id
        key = (reporting.ref, flat(reporting.name))
        if key not in self._known and key not in self._fresh:
            self._fresh[key] = self.record(tx, reporting, now)
        return self._known.get(key) or self._fresh[key]

    def record(self, tx: Tx, reporting: Party, now: datetime) -> int:
        """The organisation that a reporter stands for: by identifier, then by name, else a new one."""
        return _record(tx, self.importer.actor, reporting, now)

    def keep(self) -> None:
        """The transaction was kept."""
        self._known |= self._fresh
        self._fresh = {}

    def forget(self) -> None:
        """The transaction was undone."""
        self._fresh = {}


def _record(tx: Tx, actor: Actor, reporting: Party, now: datetime) -> int:
    organisation = record_organisation(tx, actor, *_said_of(reporting), now)
    return _typed(organisation, reporting)


def new_owner(tx: Tx, actor: Actor, reporting: Party, now: datetime) -> Organisation:
    """A new organisation for a reporter, though another one may have its name: a person has said that it is another."""
    organisation = record_new_organisation(tx, actor, *_said_of(reporting), now)
    _typed(organisation, reporting)
    return organisation


def _said_of(reporting: Party) -> tuple[str, str, str | None, str | None, str]:
    """Name, kind, identifier, country and language of an organisation, as a reporter says them."""
    language = next((code for code in LANGUAGES if code in reporting.names), DEFAULT_LANGUAGE)
    name = reporting.names.get(language) or reporting.name
    kind = "ngo" if reporting.type in NGO_TYPES else "donor"
    return name, kind, reporting.ref or None, country_of(reporting.ref), language


def _typed(organisation: Organisation, reporting: Party) -> int:
    if organisation.status == "recorded" and reporting.type and not organisation.iati_type:
        organisation.iati_type = reporting.type
    return organisation.id


def country_of(identifier: str) -> str | None:
    """The country (ISO 3166) that an IATI organisation identifier begins with, if that is how it is made."""
    match = OF_COUNTRY.fullmatch(identifier.upper())
    return match[1] if match and match[1] in countries() else None
