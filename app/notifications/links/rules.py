"""The law of the links in mails by which one stops or changes them: how long they are good, and what they show."""

from __future__ import annotations

from datetime import date, timedelta

GOOD_FOR = timedelta(days=400)
"""A mail is often opened long after it came, and whoever is annoyed by it must be able to stop it then; a year and a
month covers a yearly clearing out. The link changes nothing but mail, so that a long life costs little."""


def is_good(issued_on: date, today: date) -> bool:
    """Whether a link of that day still opens something; one of the future was not signed here."""
    return issued_on <= today + timedelta(days=1) and today < issued_on + GOOD_FOR


def masked(address: str) -> str:
    """An address by which its owner knows it and nobody else learns it: a•••@ministry.example."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••@{domain}" if local else "•••"
