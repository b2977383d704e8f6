"""Who acts or reads: a person with the places of this very moment, nobody, or the site itself."""

from __future__ import annotations

from dataclasses import dataclass, field

ROLES_THAT_EDIT = frozenset({"editor", "focal_point"})
STATUSES_THAT_COUNT = frozenset({"verified", "trusted"})


@dataclass(frozen=True)
class Membership:
    """One person's place in one organisation, as it stands now."""

    organisation_id: int
    organisation_ref: str
    organisation_name: str
    organisation_kind: str
    organisation_status: str
    role: str
    country: str | None = None
    grouping: str | None = None

    @property
    def is_verified(self) -> bool:
        """The organisation has been verified and is not suspended."""
        return self.organisation_status in STATUSES_THAT_COUNT

    @property
    def may_draft(self) -> bool:
        """This person writes for the organisation, and it is not suspended; it need not be verified yet."""
        return self.role in ROLES_THAT_EDIT and self.organisation_status != "suspended"


@dataclass(frozen=True)
class Actor:
    """Who acts or reads: a person with the memberships of this very moment, nobody (anonymous), or the site itself.

    `lacks_second_step`: a role of this person asks for one, and until it is set up gives fewer rights.
    """

    account_id: int | None = None
    name: str = ""
    language: str = "en"
    memberships: tuple[Membership, ...] = ()
    is_system: bool = False
    desk_countries: frozenset[str] = field(default_factory=frozenset)
    lacks_second_step: bool = False

    @property
    def is_signed_in(self) -> bool:
        """A person with an account."""
        return self.account_id is not None

    @property
    def is_secretariat(self) -> bool:
        """Works for the office that runs the site."""
        return any(m.organisation_kind == "secretariat" and m.is_verified for m in self.memberships)

    @property
    def is_verified(self) -> bool:
        """Belongs to at least one verified organisation."""
        return any(m.is_verified for m in self.memberships)

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations that this person belongs to, verified or not, without suspended ones."""
        return frozenset(m.organisation_id for m in self.memberships if m.organisation_status != "suspended")

    @property
    def editing_ids(self) -> list[int]:
        """The verified organisations for which this person writes."""
        return [m.organisation_id for m in self.memberships if m.is_verified and m.role in ROLES_THAT_EDIT]

    @property
    def main(self) -> Membership | None:
        """The organisation that this person acts for when nothing else is said."""
        return self.memberships[0] if self.memberships else None

    @property
    def organisation_name(self) -> str:
        """Name of the organisation that this person acts for, or nothing."""
        return self.main.organisation_name if self.main else ""

    def membership_in(self, organisation_id: int) -> Membership | None:
        """This person's place in that organisation, if any."""
        return next((m for m in self.memberships if m.organisation_id == organisation_id), None)

    def of_kind(self, *kinds: str) -> tuple[Membership, ...]:
        """Verified memberships with the right to edit, in organisations of these kinds."""
        return tuple(
            m for m in self.memberships if m.organisation_kind in kinds and m.is_verified and m.role in ROLES_THAT_EDIT
        )


ANONYMOUS = Actor()
SYSTEM = Actor(name="Counterpart", is_system=True)
