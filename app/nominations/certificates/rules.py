"""The law of certificates: who gets one, what its code looks like, and when one is no longer valid."""

from __future__ import annotations

import re
import secrets

from app.foundation.messages import Message, msg
from app.foundation.references import ALPHABET
from app.nominations.rules import ATTENDED, PASSED

GROUPS, GROUP = 3, 4
"""Twelve letters in three groups: 59 bits, so that nobody finds one by trying."""
SHAPE = re.compile(rf"[{ALPHABET}]{{{GROUPS * GROUP}}}")

NOT_YET = msg("There is nobody to issue a certificate for: first write down who passed or attended.")


def cannot_be_drawn(letters: str) -> Message:
    """Why somebody gets no certificate."""
    told = " ".join(dict.fromkeys(letters))
    return msg("Nothing was issued: a certificate cannot be drawn with these letters: %(letters)s", letters=told)


def new_code() -> str:
    """A fresh code such as `7KQ2-MX4T-B9CW`, in the letters that references are made of."""
    return shown("".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP)))


def tidy_code(text: str) -> str:
    """A code as somebody may have typed it; nothing where it cannot be one."""
    bare = re.sub(r"[\s‐-―−-]+", "", text).upper()
    return shown(bare) if SHAPE.fullmatch(bare) else ""


def shown(bare: str) -> str:
    """The code in groups, as it stands on paper and can be read aloud."""
    return "-".join(bare[start : start + GROUP] for start in range(0, GROUPS * GROUP, GROUP))


def earns_certificate(status: str, pass_mark: int | None) -> bool:
    """Whoever passed; and whoever attended, where the course has no pass mark."""
    return status == PASSED or (status == ATTENDED and pass_mark is None)
