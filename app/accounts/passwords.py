"""How passwords are kept: argon2id, as strong as OWASP asks (19 MiB, two passes, one lane)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hash_password(password: str) -> str:
    """The password in the form in which it is kept."""
    return HASHER.hash(password)


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def matches(kept: str, password: str) -> bool:
    """Whether this is the password; where none is kept the same work is done, and the answer is no."""
    try:
        HASHER.verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def needs_rehash(kept: str) -> bool:
    """Whether the password was kept under weaker settings than today's."""
    return HASHER.check_needs_rehash(kept)
