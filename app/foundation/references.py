"""References are random and can be spoken on the telephone: nothing to count, nothing that a gap would reveal."""

from __future__ import annotations

import re
import secrets

# Letters and digits that are not mistaken for one another when read aloud or written by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
SHAPE = re.compile(rf"^[A-Z]{{1,2}}-[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}$")


def new_reference(prefix: str) -> str:
    """A fresh reference such as `N-7KQ2-MX4T`: eight random characters, about 39 bits."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{body[:4]}-{body[4:]}"


def tidy_reference(text: str) -> str:
    """A reference as a person may have typed it, in capitals and without spaces."""
    return re.sub(r"\s+", "", text).upper()
