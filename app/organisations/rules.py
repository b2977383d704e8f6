"""The law of organisations: their kinds, the way from application to verification, and which ones look alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.foundation.messages import Message, msg, pmsg
from app.foundation.text import fold


@dataclass(frozen=True)
class Label:
    """A code as people read it: its name, and the colour of its tag."""

    name: Message
    colour: str


KINDS: dict[str, Label] = {
    "state": Label(msg("State authority"), "accent"),
    "donor": Label(msg("Donor"), "info"),
    "centre": Label(msg("Training centre"), "success"),
    "regional": Label(msg("Regional organisation"), "warning"),
    "ngo": Label(msg("Non-governmental organisation"), "neutral"),
    "secretariat": Label(msg("Secretariat"), "neutral"),
}
KINDS_THAT_APPLY = ("state", "donor", "centre", "regional", "ngo")

STATUSES: dict[str, Label] = {
    "applied": Label(msg("Waiting for verification"), "warning"),
    "verified": Label(pmsg("organisation", "Verified"), "success"),
    "trusted": Label(pmsg("organisation", "Verified, publishes without review"), "success"),
    "refused": Label(pmsg("organisation", "Refused"), "danger"),
    "suspended": Label(pmsg("organisation", "Suspended"), "danger"),
    "recorded": Label(msg("Known from imported data"), "neutral"),
    "merged": Label(msg("Merged into another record"), "neutral"),
}
LISTED = frozenset({"verified", "trusted", "suspended", "recorded"})
"""Statuses that anybody may see; an application is between the applicant and the secretariat."""

PASSING: dict[str, Message] = {
    "none": msg("Needs are posted at once"),
    "consent": msg("Needs wait five working days, in which we may object"),
    "gate": msg("Needs are posted only when we have passed them"),
}
"""How needs of a State pass its national focal point, as that one chooses."""
MERGES = frozenset({"recorded", "verified", "trusted"})
"""Statuses between which two records of one organisation can be merged; a suspension is lifted first, by itself."""

MOVES: dict[str, dict[str, str]] = {
    "check": {"applied": "applied"},
    "verify": {"applied": "verified"},
    "refuse": {"applied": "refused"},
    "trust": {"verified": "trusted"},
    "suspend": {"verified": "suspended", "trusted": "suspended"},
    "reinstate": {"suspended": "verified"},
    "designate": {"verified": "verified", "trusted": "trusted"},
    "relieve": {"verified": "verified", "trusted": "trusted"},
}
NEEDS_REASON = frozenset({"refuse", "suspend", "reinstate"})

PAST: dict[str, Message] = {
    "organisation.applied": msg("Application received"),
    "organisation.recorded": msg("Entered from imported data"),
    "organisation.verified": msg("Verified by the secretariat"),
    "organisation.refused": msg("Application refused"),
    "organisation.trusted": msg("May publish without review"),
    "organisation.suspended": msg("Suspended by the secretariat"),
    "organisation.reinstated": msg("Reinstated by the secretariat"),
    "organisation.amended": msg("Details changed"),
    "organisation.confirmed": msg("Details and people confirmed: still right"),
    "organisation.checked": msg("Checked by a first person of the secretariat"),
    "organisation.designated": msg("Made the national focal point of its State"),
    "organisation.relieved": msg("No longer the national focal point of its State"),
    "organisation.passing_changed": msg("How needs of the State pass it was changed"),
    "organisation.handed_over": msg("Somebody handed over to a colleague"),
    "organisation.absorbed": msg("Another record of the same organisation was merged into this one"),
    "organisation.merged": msg("Merged into another record"),
}
ACTIONS: dict[str, str] = {
    "verify": "organisation.verified",
    "refuse": "organisation.refused",
    "trust": "organisation.trusted",
    "suspend": "organisation.suspended",
    "reinstate": "organisation.reinstated",
    "check": "organisation.checked",
    "designate": "organisation.designated",
    "relieve": "organisation.relieved",
}

# Providers whose domain says nothing about who writes; two authorities that use one are not the same authority.
PUBLIC_MAIL = frozenset(
    {"gmail.com", "googlemail.com", "yahoo.com", "yahoo.fr", "hotmail.com", "hotmail.fr", "outlook.com", "outlook.fr"}
    | {"live.com", "icloud.com", "proton.me", "protonmail.com", "gmx.net", "gmx.de", "aol.com", "orange.fr"}
)
SHORTEST_TELLING_NAME = 10
SATURDAY = 5
DOMAIN = re.compile(r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$")


USUAL_WAIT = 5
"""Working days within which applicants are told that they usually have an answer."""


class WrongMove(ValueError):
    """The organisation cannot go this way from where it stands; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def status_after(kind: str, status: str, move: str, reason: str = "") -> str:
    """Where a move leads.

    Raises:
        WrongMove: the table does not allow it from here, a reason is missing, or it would close the site's own office.
    """
    after = MOVES.get(move, {}).get(status)
    if after is None:
        now = STATUSES[status].name if status in STATUSES else msg("Unknown")
        raise WrongMove(msg("This cannot be done any more: the organisation is now “%(status)s”.", status=now))
    if move == "suspend" and kind == "secretariat":
        raise WrongMove(msg("The secretariat cannot be suspended: nobody could reinstate it."))
    if move in NEEDS_REASON and not reason.strip():
        raise WrongMove(msg("Write the reason: the organisation is told it, and the record keeps it."))
    return after


def moves_from(kind: str, status: str) -> list[str]:
    """What the secretariat may do now, in the order of the table."""
    return [
        move for move, ways in MOVES.items() if status in ways and not (move == "suspend" and kind == "secretariat")
    ]


def check_two_people(move: str, checked_by: int | None, decider: int | None) -> None:
    """An application is looked at by two people, one after the other.

    Raises:
        WrongMove: nobody has checked it yet, or the one who would verify it is the one who has.
    """
    if move == "check" and checked_by is not None:
        raise WrongMove(msg("Somebody has checked it already. A second person verifies it now."))
    if move == "verify" and checked_by is None:
        raise WrongMove(msg("Two people verify an organisation. One checks it first; then another verifies it."))
    if move == "verify" and checked_by == decider:
        raise WrongMove(msg("You have checked it yourself. Somebody else of the secretariat has to verify it."))


def check_national(move: str, kind: str, *, is_national: bool, has_other: bool) -> None:
    """A State has one national focal point, and it is one of its own authorities.

    Raises:
        WrongMove: it is no State authority, it is that already or is not, or the State has another one.
    """
    if move not in {"designate", "relieve"}:
        return
    if kind != "state" or (move == "designate") == is_national:
        raise WrongMove(msg("This cannot be done: look at what the organisation is now."))
    if move == "designate" and has_other:
        raise WrongMove(msg("This State has a national focal point already. Relieve that one first."))


def moves_for(kind: str, status: str, checked_by: int | None, decider: int | None, *, is_national: bool) -> list[str]:
    """What this person of the secretariat may do now."""
    moves = set(moves_from(kind, status))
    if kind != "state":
        moves -= {"designate", "relieve"}
    moves.discard("designate" if is_national else "relieve")
    if checked_by is None:
        moves.discard("verify")
    else:
        moves.discard("check")
    if checked_by is not None and checked_by == decider:
        moves.discard("verify")
    return [move for move in moves_from(kind, status) if move in moves]


def wait_of(since: datetime, now: datetime) -> int:
    """How many working days (Monday to Friday) lie between two instants, the first day not counted."""
    days = (now.date() - since.date()).days
    return sum((since.date() + timedelta(days=after)).weekday() < SATURDAY for after in range(1, days + 1))


def tidy_domain(text: str) -> str:
    """An e-mail domain as people type it (an address, a web address, with @), down to the domain alone."""
    plain = text.strip().casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return plain.rsplit("@", 1)[-1].split("/", 1)[0].strip(". ")


def is_domain(text: str) -> bool:
    """Whether this can be an internet domain (RFC 1035 labels, one dot at least)."""
    return bool(DOMAIN.match(text))


def is_in_domain(email: str, domain: str) -> bool:
    """Whether an e-mail address is at the domain or below it."""
    host = email.strip().casefold().rsplit("@", 1)[-1]
    return bool(domain) and (host == domain or host.endswith("." + domain))


def flat(name: str) -> str:
    """A name for comparison: folded, punctuation gone, single spaces."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(name)).split())


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, accents and punctuation."""
    return bool(flat(one)) and flat(one) == flat(other)


def names_alike(one: str, other: str) -> bool:
    """Whether two names are the same, or one that is long enough to tell something stands whole in the other."""
    short, long = sorted((flat(one), flat(other)), key=len)
    if not short:
        return False
    telling = len(short) >= SHORTEST_TELLING_NAME and " " in short
    return short == long or (telling and f" {short} " in f" {long} ")


@dataclass(frozen=True)
class Identity:
    """What tells one organisation from another; `names` in every language that is known."""

    names: tuple[str, ...]
    country: str | None = None
    email_domain: str = ""
    iati_identifier: str | None = None


def likeness(one: Identity, other: Identity) -> Message | None:
    """Why two organisations may be one and the same, or nothing; the strongest reason first."""
    if one.iati_identifier and one.iati_identifier == other.iati_identifier:
        return msg("the same IATI identifier")
    if one.email_domain and one.email_domain == other.email_domain and one.email_domain not in PUBLIC_MAIL:
        return msg("the same e-mail domain")
    pairs = [(mine, theirs) for mine in one.names for theirs in other.names]
    if any(same_name(*pair) for pair in pairs):
        return msg("the same name")
    one_place = not one.country or not other.country or one.country == other.country
    if one_place and any(names_alike(*pair) for pair in pairs):
        return msg("one name contains the other")
    return None
