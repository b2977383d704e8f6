"""Who may see what, said a second time in plain Python, apart from the code that is put to the test.

Nothing of the site is imported here: the rules are those of the design (public, members, named, own), read anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field

WIDTH = {"public": 0, "members": 1, "named": 2, "own": 3}
ACTIVE = ("verified", "trusted")
WITHOUT_RIGHTS = ("suspended", "refused", "merged")
WRITES = ("editor", "focal_point")


@dataclass(frozen=True)
class Place:
    """One person's place in an organisation: its number, kind (state, donor ...), status and country, and the role."""

    organisation: int
    kind: str
    status: str
    role: str
    country: str | None = None

    @property
    def gives_rights(self) -> bool:
        """An organisation that applies still belongs to its own people; a suspended or refused one to nobody."""
        return self.status not in WITHOUT_RIGHTS


@dataclass(frozen=True)
class Person:
    """Whoever reads; without places: anybody at all."""

    places: tuple[Place, ...] = ()

    def belongs_to(self, organisation: int | None) -> bool:
        """A member of that organisation, in whatever role."""
        return any(place.organisation == organisation and place.gives_rights for place in self.places)

    @property
    def is_member(self) -> bool:
        """Of at least one verified organisation."""
        return any(place.status in ACTIVE for place in self.places)

    @property
    def keeps_record(self) -> bool:
        """Those who decide for the office read every event of the record: that something was sent in or returned, and
        no word of it."""
        return any(place.kind == "secretariat" and place.status in ACTIVE and place.role in WRITES
                   for place in self.places)  # fmt: skip

    @property
    def is_office(self) -> bool:
        """Of the office that runs the site."""
        return any(place.kind == "secretariat" and place.status in ACTIVE for place in self.places)

    def is_named(self, named: frozenset[int]) -> bool:
        """Of a verified organisation that the record names."""
        return any(place.organisation in named and place.status in ACTIVE for place in self.places)


@dataclass(frozen=True)
class Thing:
    """A record: of which kind and tier, whose, whom it names; a pledge also for whom (`recipient`) and on which need.

    `asked` are organisations that look at a need before it is posted, or answer an offer to pay for seats. Of an
    organisation, `status` is all that counts.
    """

    kind: str
    tier: str = "public"
    owner: int = 0
    named: frozenset[int] = field(default_factory=frozenset)
    is_posted: bool = True
    recipient: int | None = None
    on: Thing | None = None
    status: str = ""
    asked: frozenset[int] = field(default_factory=frozenset)


def may_see(person: Person, thing: Thing) -> bool:
    """Whether this person may know that this exists."""
    if thing.kind == "organisation":
        listed = thing.status in {"verified", "trusted", "suspended", "recorded"}
        return listed or person.is_office or person.belongs_to(thing.owner)
    if thing.kind == "pledge":
        return _may_see_pledge(person, thing)
    if thing.kind == "nomination":
        # Whoever put forward, and who writes for the centre; the office is no party to it.
        decides = any(place.organisation == thing.recipient and place.status in ACTIVE and place.role in WRITES
                      for place in person.places)  # fmt: skip
        return decides or person.belongs_to(thing.owner)
    if thing.kind in {"clarification", "thread"}:
        return _may_see_talk(person, thing)
    if thing.kind in {"job", "import"}:
        return _may_see_work(person, thing)
    # Seats that somebody pays for are seen with the course that they are on, or not at all.
    is_there = thing.on is None or may_see(person, thing.on)
    return is_there and (_by_tier(person, thing) or _is_asked(person, thing))


def _may_see_pledge(person: Person, pledge: Thing) -> bool:
    if person.belongs_to(pledge.owner) or person.belongs_to(pledge.recipient):
        return True
    return _by_tier(person, pledge) and (pledge.on is None or may_see(person, pledge.on))


def _may_see_talk(person: Person, talk: Thing) -> bool:
    """A question with its record: by its two sides as long as it waits. A thread by its two sides, and nobody else."""
    if talk.on is not None and not may_see(person, talk.on):
        return False
    return talk.is_posted or person.belongs_to(talk.owner) or person.belongs_to(talk.recipient)


def _may_see_work(person: Person, work: Thing) -> bool:
    """Work in the background is its person's alone, whom no reader is; an import is seen by those who may make one."""
    return work.kind == "import" and any(
        place.status in ACTIVE and place.role in WRITES
        and (place.organisation == work.owner or place.kind == "secretariat")
        for place in person.places
    )  # fmt: skip


def _by_tier(person: Person, thing: Thing) -> bool:
    if person.belongs_to(thing.owner):
        return True
    if not thing.is_posted:
        return False
    if thing.tier == "public" or person.is_office:
        return True
    if thing.tier == "members":
        return person.is_member
    return thing.tier == "named" and person.is_named(thing.named)


def _is_asked(person: Person, thing: Thing) -> bool:
    return any(place.organisation in thing.asked and place.status in ACTIVE and place.role in WRITES
               for place in person.places)  # fmt: skip


def may_see_field(person: Person, thing: Thing, tier: str) -> bool:
    """Whether this person may see a field of that tier; it is never wider than the record, and the office is no reader
    of what was kept for the named ones or for the owner."""
    if person.belongs_to(thing.owner) or (thing.kind == "pledge" and person.belongs_to(thing.recipient)):
        return True
    if not may_see(person, thing):
        return False
    narrow = tier if WIDTH[tier] > WIDTH[thing.tier] else thing.tier
    if narrow == "members":
        return person.is_member
    return narrow == "public" or (narrow == "named" and person.is_named(thing.named))
