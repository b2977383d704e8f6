"""The law of the interface for programs: what a token may do and for how long, and how a refusal is told (RFC 9457)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.foundation.messages import Message, msg

PREFIX = "cpt_"
"""What every token begins with, so that one that was left somewhere by mistake is found."""
SHOWN = 4
"""So many of a token's last characters are kept in plain, for its owner to tell one from another."""
SCOPES: Mapping[str, Message] = {
    "read": msg("Read what I may read"),
    "write": msg("Read, and do what I may do"),
}
LIFETIMES: Mapping[int, Message] = {30: msg("30 days"), 90: msg("90 days"), 365: msg("One year")}
"""How long a token holds, in days."""
MOST_TOKENS = 20
"""Nobody needs more that hold at once."""
NOTED_EVERY = timedelta(minutes=1)
"""So often at most it is written down that a token is in use."""
KEPT_FOR = timedelta(days=1)
"""So long the answer to an idempotency key is kept."""
LONGEST_KEY = 100
KEY = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST_KEY}}}")
"""What an idempotency key looks like."""
TAG = re.compile(r'(?:W/)?"([0-9]{1,9})\.[0-9a-f]{12}"')
"""An entity tag of ours: a version, and a digest of what the reader sees. A cache on the way may have weakened it."""
BYTES = "application/octet-stream"
"""As what every file is given out, whatever is in it, so that nothing opens it in the place of a page."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

PAGE_SIZE, LARGEST_PAGE = 20, 100
"""Records on a page of a list, if nothing is said, and at most."""


class TooManyTokens(ValueError):
    """The account has as many tokens as anybody needs."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a JSON pointer into what was sent (RFC 6901), or the name of a part of the address."""

    detail: str
    pointer: str = ""
    parameter: str = ""

    def as_json(self) -> dict[str, str]:
        """As it stands in a problem."""
        place = {"parameter": self.parameter} if self.parameter else {"pointer": self.pointer}
        return place | {"detail": self.detail}


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its HTTP status and its title in words."""

    status: int
    title: Message


KINDS: Mapping[str, Kind] = {
    "unreadable": Kind(400, msg("The request cannot be read")),
    "unknown-filter": Kind(400, msg("The address asks for something that there is not")),
    "sign-in": Kind(401, msg("A token is needed")),
    "refused": Kind(403, msg("You may not do this")),
    "not-found": Kind(404, msg("There is nothing here")),
    "wrong-method": Kind(405, msg("This cannot be done here")),
    "not-possible": Kind(409, msg("This is not possible now")),
    "answer-first": Kind(409, msg("Something has to be answered first")),
    "changed-meanwhile": Kind(412, msg("Somebody has changed it meanwhile")),
    "too-large": Kind(413, msg("This is more than is taken")),
    "wrong-type": Kind(415, msg("Send it as this address takes it")),
    "not-sound": Kind(422, msg("Something has to be mended")),
    "key-used": Kind(422, msg("This key was used for something else")),
    "version-needed": Kind(428, msg("Say which version you have seen")),
    "too-many": Kind(429, msg("Too many requests")),
    "broken": Kind(500, msg("Something went wrong on our side")),
    "not-now": Kind(503, msg("Please try again in a moment")),
}
BY_STATUS: Mapping[int, str] = {
    400: "unreadable", 401: "sign-in", 403: "refused", 404: "not-found", 405: "wrong-method", 409: "not-possible",
    410: "not-found", 412: "changed-meanwhile", 413: "too-large", 415: "wrong-type", 422: "not-sound",
    428: "version-needed", 429: "too-many", 503: "not-now",
}  # fmt: skip


@dataclass
class Problem(Exception):
    """A refusal that a program can act upon: one of KINDS, a sentence for people, the faults, and what else helps."""

    kind: str
    detail: str = ""
    faults: Sequence[Fault] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """Its HTTP status."""
        return KINDS[self.kind].status


def holds(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> bool:
    """Whether a token still opens anything."""
    return revoked_at is None and now < expires_at


def covers(scope: str, method: str) -> bool:
    """Whether a token of this scope may send such a request."""
    return scope == "write" or method in SAFE


def version_in(tag: str) -> int | None:
    """The version of a record that an entity tag of ours speaks of, such as 7 in `"7.3f0c"`; else nothing."""
    found = TAG.fullmatch(tag.strip())
    return int(found[1]) if found else None
