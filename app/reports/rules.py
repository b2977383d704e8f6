"""Which reports there are, how far one has come, and what stands at its end so that one can make sure of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.foundation.messages import Message, msg

STATE, DONOR, REGION = "state", "donor", "region"
KINDS: Mapping[str, Message] = {
    STATE: msg("Account of a State"),
    DONOR: msg("Portfolio of an organisation that gives"),
    REGION: msg("Regional report"),
}
FORMS: Mapping[str, Message] = {"pdf": msg("PDF, to print and sign"), "docx": msg("Word file, to work on")}
GIVERS = frozenset({"donor", "regional", "centre", "state", "ngo"})
DIGEST = re.compile(r"[0-9a-f]{64}")

Tick: TypeAlias = Callable[[], None]
"""Is called after each part that was written."""


@dataclass(frozen=True)
class Signer:
    """Who signs, as typed; what is left empty is filled in by hand."""

    name: str = ""
    function: str = ""
    place: str = ""


def kinds_of(organisation_kind: str) -> tuple[str, ...]:
    """Which reports an organisation of a kind may have made of itself."""
    first = (STATE,) if organisation_kind == "state" else ()
    return (*first, DONOR) if organisation_kind in GIVERS else first


def read_digest(text: str) -> str:
    """A SHA-256 as people copy it, with spaces and capitals, or nothing where it is none."""
    plain = re.sub(r"[\s:\u200e\u200f-]+", "", text).lower()
    return plain if DIGEST.fullmatch(plain) else ""


def no_tick() -> None:
    """Nobody waits to be told how far it has come."""
