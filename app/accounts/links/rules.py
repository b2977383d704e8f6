"""The law of links that prove an address: how long they are good, and how often one may ask for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

LIFE = {"reset": timedelta(hours=1), "email": timedelta(days=1)}
MOST_IN_A_DAY = 5
"""Mails of one kind that one account may cause within a day."""


def is_good(confirmation: Any, stamp: str, now: datetime) -> bool:
    """Whether the link still opens something: not used, not too old, and nothing has changed the account's stamp."""
    return confirmation.used_at is None and now < confirmation.expires_at and bool(confirmation.stamp == stamp)
