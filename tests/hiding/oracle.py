"""Who may see what, written down a second time and apart from the site: the site's own answer is never asked here."""

from __future__ import annotations

from dataclasses import dataclass

COUNTS = ("verified", "trusted")
WITHOUT_RIGHTS = ("suspended", "refused", "merged")


@dataclass(frozen=True)
class Place:
    """One reader's place: in which organisation, of which kind and status."""

    organisation: int
    kind: str
    status: str


@dataclass(frozen=True)
class Hidden:
    """What there is to know about a record: whose, for whom, and whether it is out at all.

    `recipient` is the organisation whose need a pledge is for.
    """

    kind: str
    owner: int
    tier: str
    named: frozenset[int] = frozenset()
    is_posted: bool = True
    recipient: int | None = None


def may_see(places: tuple[Place, ...], record: Hidden) -> bool:
    """Whether somebody with these places may know that the record exists."""
    mine = {place.organisation for place in places if place.status not in WITHOUT_RIGHTS}
    if record.owner in mine or (record.recipient is not None and record.recipient in mine):
        return True
    if not record.is_posted:
        return record.kind == "application" and any(_is_office(place) for place in places)
    if record.tier == "public" or any(_is_office(place) for place in places):
        return True
    counted = {place.organisation for place in places if place.status in COUNTS}
    if record.tier == "members":
        return bool(counted)
    return record.tier == "named" and bool(counted & record.named)


def may_see_field(places: tuple[Place, ...], owner: int) -> bool:
    """Whether somebody may see a field that is kept for members, of a record that everybody may see."""
    mine = {place.organisation for place in places if place.status not in WITHOUT_RIGHTS}
    return owner in mine or any(place.status in COUNTS for place in places)


def _is_office(place: Place) -> bool:
    return place.kind == "secretariat" and place.status in COUNTS
