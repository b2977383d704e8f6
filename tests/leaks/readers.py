"""The kinds of readers: which organisations there are, and who of them reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.leaks.oracle import Person, Place

# Key: kind, status, country. The letters at the end tell siblings apart.
ORGANISATIONS: dict[str, tuple[str, str, str | None]] = {
    "state_sn": ("state", "verified", "SN"),
    "sibling_sn": ("state", "verified", "SN"),
    "state_gh": ("state", "trusted", "GH"),
    "donor_no": ("donor", "verified", "NO"),
    "donor_se": ("donor", "trusted", "SE"),
    "centre_sn": ("centre", "verified", "SN"),
    "centre_gh": ("centre", "verified", "GH"),
    "regional": ("regional", "verified", None),
    "regional_far": ("regional", "verified", None),
    "ngo": ("ngo", "verified", "SN"),
    "office": ("secretariat", "verified", None),
    "state_applied": ("state", "applied", "SN"),
    "donor_applied": ("donor", "applied", "NO"),
    "state_suspended": ("state", "suspended", "GH"),
    "donor_suspended": ("donor", "suspended", "SE"),
    "ngo_refused": ("ngo", "refused", "SN"),
    "donor_recorded": ("donor", "recorded", "NO"),
}
GROUPINGS = {"regional": "ECOWAS", "regional_far": "CARICOM"}


@dataclass(frozen=True)
class Reader:
    """One reader: name, and the places (key of the organisation, role); none of them: not signed in."""

    name: str
    places: tuple[tuple[str, str], ...] = ()
    is_signed_in: bool = True


def of(key: str, role: str) -> Reader:
    """A person with one place."""
    return Reader(f"{key}, {role}", ((key, role),))


READERS: tuple[Reader, ...] = (
    Reader("anonymous", is_signed_in=False),
    Reader("without organisation"),
    of("state_sn", "member"),
    of("state_sn", "focal_point"),
    of("sibling_sn", "editor"),
    of("state_gh", "editor"),
    of("state_gh", "member"),
    of("donor_no", "editor"),
    of("donor_no", "member"),
    of("donor_se", "editor"),
    of("centre_sn", "editor"),
    of("centre_gh", "member"),
    of("regional", "editor"),
    of("regional_far", "member"),
    of("ngo", "editor"),
    of("ngo", "member"),
    of("office", "member"),
    of("office", "editor"),
    of("state_applied", "focal_point"),
    of("donor_applied", "editor"),
    of("state_suspended", "editor"),
    of("donor_suspended", "member"),
    of("ngo_refused", "editor"),
    Reader("two hats: suspended State, NGO", (("state_suspended", "focal_point"), ("ngo", "member"))),
    Reader("two hats: applied donor, centre", (("donor_applied", "editor"), ("centre_gh", "editor"))),
)


def person_of(reader: Reader, numbers: dict[str, int]) -> Person:
    """The reader as the oracle knows one; `numbers` are those of the organisations."""
    return Person(tuple(Place(numbers[key], *_about(key), role, ORGANISATIONS[key][2]) for key, role in reader.places))


def _about(key: str) -> tuple[str, str]:
    kind, status, _country = ORGANISATIONS[key]
    return kind, status


def make_organisations(world: Any) -> dict[str, Any]:
    """All organisations, in the database of a world."""
    return {
        key: world.organisation(
            kind, status, country, grouping=GROUPINGS.get(key), name=f"Organisation {key.replace('_', ' ')}",
            email_domain=f"{key.replace('_', '-')}.example",
        )
        for key, (kind, status, country) in ORGANISATIONS.items()
    }  # fmt: skip


def make_account(world: Any, reader: Reader, organisations: dict[str, Any]) -> Any:
    """The reader's account, with every place."""
    first = reader.places[0] if reader.places else None
    address = reader.name.lower().translate({ord(c): "-" for c in ", :"}) + "@readers.example"
    account = world.account(
        organisations[first[0]] if first else None, first[1] if first else "editor", email=address, name="Reader"
    )
    for key, role in reader.places[1:]:
        world.membership(account, organisations[key], role)
    return account
