"""How news is arranged in a mail: by group in the order of the site, the latest first, no more than one reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.foundation.messages import Message, msg
from app.notifications.pace.rules import AT_ONCE, DAILY, GROUPS, MOST_SHOWN, TOGETHER, WEEKLY

SUBJECTS: Mapping[str, Message] = {
    TOGETHER: msg("News for you (%(count)s)"),
    DAILY: msg("Your daily news (%(count)s)"),
    WEEKLY: msg("Your weekly news (%(count)s)"),
}
"""The subject of a mail with several pieces of news; one alone has the subject of its kind. None names a record."""
LEADS: Mapping[str, Message] = {
    TOGETHER: msg("Several things happened within an hour, so they come to you in one mail."),
    DAILY: msg("This is new for you since the last mail."),
    WEEKLY: msg("This is new for you since last week's mail."),
}
WHY: Mapping[str, Message] = {
    AT_ONCE: msg("You act for an organisation on Counterpart, and such news goes to you at once."),
    TOGETHER: msg("You act for an organisation on Counterpart, and such news goes to you at once."),
    DAILY: msg("You act for an organisation on Counterpart, and such news goes to you once a day."),
    WEEKLY: msg("You act for an organisation on Counterpart, and such news goes to you once a week."),
}
"""Why somebody gets a mail of this pace."""


@dataclass(frozen=True)
class Addition:
    """What a kind of news says besides in a mail, in its reader's language: lines, and links as (words, address)."""

    lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


NOTHING_MORE = Addition()


@dataclass(frozen=True)
class Item:
    """One piece of news as a mail says it, in its reader's language; `subject` is that of its kind."""

    group: str
    text: str
    url: str
    subject: str
    is_public: bool = True
    more: Addition = NOTHING_MORE


@dataclass(frozen=True)
class Section:
    """The news of one group."""

    group: str
    items: tuple[Item, ...]


def arrange(items: Sequence[Item], most: int = MOST_SHOWN) -> tuple[tuple[Section, ...], int]:
    """The latest items by group, and how many more there are on the site."""
    latest = list(reversed(items))
    shown, more = latest[:most], len(latest[most:])
    there = [group for group in GROUPS if any(item.group == group for item in shown)]
    return tuple(Section(group, tuple(i for i in shown if i.group == group)) for group in there), more
