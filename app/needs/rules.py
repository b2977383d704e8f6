"""The law of needs: how a need may move, what a good one says, and how its state follows from what was delivered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.foundation.messages import Message, msg, pmsg

MOVES: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"awaiting_review", "awaiting_gate", "awaiting_consent", "posted", "withdrawn"}),
    "awaiting_review": frozenset({"awaiting_gate", "awaiting_consent", "posted", "draft", "withdrawn"}),
    "awaiting_gate": frozenset({"awaiting_review", "awaiting_consent", "posted", "draft", "withdrawn"}),
    "awaiting_consent": frozenset({"posted", "draft", "withdrawn"}),
    "posted": frozenset({"posted", "partly_met", "met", "closed", "withdrawn"}),
    "partly_met": frozenset({"posted", "partly_met", "met", "closed", "withdrawn"}),
    "met": frozenset({"partly_met", "met", "closed", "withdrawn"}),
    "closed": frozenset(),
    "withdrawn": frozenset(),
}
OPEN = frozenset({"posted", "partly_met"})
ENDED = frozenset({"closed", "withdrawn"})
WAITING = frozenset({"awaiting_review", "awaiting_gate", "awaiting_consent"})
"""Not posted yet: somebody looks at it first."""
UNPOSTED = WAITING | {"draft"}
PUBLISHED = frozenset({"posted", "partly_met", "met", "closed"})

STATUS_NAMES: Mapping[str, tuple[Message, str]] = {
    "draft": (pmsg("need", "Draft"), "neutral"),
    "awaiting_review": (msg("Waiting for the secretariat"), "warning"),
    "awaiting_gate": (msg("Waiting for the national focal point"), "warning"),
    "awaiting_consent": (msg("Waiting for consent to publish"), "warning"),
    "posted": (pmsg("need", "Open"), "accent"),
    "partly_met": (pmsg("need", "Partly met"), "info"),
    "met": (pmsg("need", "Met"), "success"),
    "closed": (pmsg("need", "Closed"), "neutral"),
    "withdrawn": (pmsg("need", "Withdrawn"), "neutral"),
}

DISCLOSURE_NAMES: Mapping[str, Message] = {
    "public": msg("Anybody"),
    "members": msg("People of verified organisations"),
    "named": msg("Only the organisations that I name"),
    "own": msg("Only my own organisation"),
}

SENSITIVE_NAMES: Mapping[str, Message] = {
    "contact": msg("The contact"),
    "place": msg("The exact place"),
    "baseline": msg("Where you start from (starting point, baselines of indicators)"),
    "budget": msg("The budget and the costs of the lines"),
    "files": msg("The files"),
}
"""The fields that an author may keep for members while the rest is public."""

CAN_ASK = ("state", "regional", "centre")
"""Kinds of organisation that post needs."""

VERIFY_AFTER = timedelta(days=180)
"""A posted need asks its author after half a year whether it still stands."""


CONSENT_DAYS = 5
"""Working days in which a State may object, as the 1540 Committee gives States for requests of assistance."""

PASSING_NAMES: Mapping[str, Message] = {
    "gate": msg("Needs of the State’s authorities are posted once you have passed them"),
    "consent": msg("It is posted after five working days unless you object"),
    "review": msg("The organisation is verified and not yet trusted: the secretariat looks first"),
}


def passing_kind(author_kind: str, author_country: str | None, country: str, passing: str) -> str:
    """How a State's focal point is asked about a need for that State: gate, consent, or nothing.

    The gate is for the State's own authorities; what others post for the State waits for an objection.
    """
    if passing == "gate" and author_kind == "state" and author_country == country:
        return "gate"
    return "consent" if passing in {"gate", "consent"} else ""


def is_reviewed(organisation_status: str, tier: str) -> bool:
    """Whether the secretariat looks first: at what everybody would read, of an organisation that is not yet trusted."""
    return tier == "public" and organisation_status == "verified"


def status_while(kinds: Collection[str]) -> str:
    """Where a need stands while these are awaited; posted if nobody is."""
    for kind, status in (("review", "awaiting_review"), ("gate", "awaiting_gate"), ("consent", "awaiting_consent")):
        if kind in kinds:
            return status
    return "posted"


def is_wider(before: str, after: str) -> bool:
    """Whether a tier shows a need to more people than another one."""
    order = ("own", "named", "members", "public")
    return order.index(after) > order.index(before)


class MoveRefused(ValueError):
    """A need cannot go from where it is to where it was asked to go; `status` and `wanted` say which."""

    def __init__(self, status: str, wanted: str) -> None:
        super().__init__(f"{status} -> {wanted}")
        self.status = status
        self.wanted = wanted


def check_move(status: str, wanted: str) -> None:
    """Go on only if the move is in the table.

    Raises:
        MoveRefused: it is not.
    """
    if wanted not in MOVES.get(status, frozenset()):
        raise MoveRefused(status, wanted)


def verify_by(today: date) -> date:
    """When the author will be asked whether the need still stands."""
    return today + VERIFY_AFTER


def status_from_lines(lines: Sequence[tuple[Decimal, Decimal]]) -> str:
    """What the ledger says of a posted need; each line is (needed, delivered and confirmed by both)."""
    if lines and all(delivered >= needed for needed, delivered in lines):
        return "met"
    return "partly_met" if any(delivered > 0 for _needed, delivered in lines) else "posted"


@dataclass(frozen=True)
class Problem:
    """What keeps a need from being posted: the field, and how to mend it."""

    field: str
    message: Message


def date_problems(
    *, starts_on: date | None, ends_on: date | None, offers_due_on: date | None, today: date
) -> list[Problem]:
    """What is wrong between the days of a need."""
    problems = []
    if starts_on and ends_on and ends_on < starts_on:
        problems.append(Problem("ends_on", msg("This is before the start. Give a later day, or correct the start.")))
    if ends_on and ends_on < today:
        problems.append(Problem("ends_on", msg("This day has passed. Say by when you need the help now.")))
    if offers_due_on and offers_due_on < today:
        problems.append(
            Problem("offers_due_on", msg("This day has passed. Give donors a day that they can still meet."))
        )
    if offers_due_on and ends_on and offers_due_on > ends_on:
        problems.append(
            Problem("offers_due_on", msg("Offers would come after the help is needed. Choose an earlier day."))
        )
    return problems


def new_date_problems(
    today: date, before: Mapping[str, date | None], after: Mapping[str, date | None]
) -> list[Problem]:
    """What is wrong between the days of a need that is amended.

    A day that has passed since the need was posted, and that nobody touched, is no reason to refuse another change.
    """
    out_of_order = date_problems(**after, today=date.min)
    return [
        problem
        for problem in date_problems(**after, today=today)
        if problem in out_of_order or before.get(problem.field) != after[problem.field]
    ]


def is_watched(tier: str, organisation_id: int, organisation_ids: frozenset[int]) -> bool:
    """Whether a look by the office at a record of that tier and owner is put on record."""
    return tier in {"named", "own"} and organisation_id not in organisation_ids


def people_problems(total: int | None, women: int | None, men: int | None) -> list[Problem]:
    """What is wrong between the numbers of people."""
    if total is not None and (women or 0) + (men or 0) > total:
        return [
            Problem("beneficiaries", msg("Women and men together are more than the total. Correct one of the three."))
        ]
    return []
