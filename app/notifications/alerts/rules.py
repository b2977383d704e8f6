"""When finds are told one by one and when together, what counts as news, and when all is compared anew."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.foundation.messages import Message, msg

MOST_SINGLE = 5
"""Of one search so many records are told one by one within an hour; what comes beside them is told together."""
ONE_SITTING = timedelta(hours=1)
SWEEP_EVERY = timedelta(days=1)
LOOK_EVERY = timedelta(minutes=1)
SLICE = 25
"""So many searches are compared whole at a time, so that the worker gets back to what happens."""
MOST_NAMED = 3
"""A mail about many records names so many of them, those that anybody may see."""


def goes_together(recent: int, new: int) -> bool:
    """Whether these finds are told in one piece of news: too many, with those of the hour before."""
    return recent + new > MOST_SINGLE


def is_news(posted_at: datetime | None, news_from: datetime, *, has_baseline: bool) -> bool:
    """Whether a find that is not known yet is to be announced.

    As long as it could not be noted what a search finds, only what was posted since is sure to be new.
    """
    return has_baseline or (posted_at is not None and posted_at >= news_from)


def is_due(swept_at: datetime | None, swept_rights: str, rights: str, now: datetime) -> bool:
    """Whether all that a search finds is to be compared: once a day, and when its reader's rights have changed."""
    return swept_at is None or swept_rights != rights or now - swept_at >= SWEEP_EVERY


def single(search: str, record: str) -> Message:
    """One record is new in a search."""
    return msg("New in your search “%(search)s”: “%(record)s”", search=search, record=record)


def together(search: str, count: int) -> Message:
    """Several are."""
    return msg("New records in your search “%(search)s”: %(count)s", search=search, count=count)
