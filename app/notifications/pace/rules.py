"""To which group each kind of news belongs, how often a person may want it by mail, and when a digest is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.foundation.messages import Message, msg

GROUPS: Mapping[str, Message] = {
    "matches": msg("Matches"),
    "pledges": msg("Pledges and deliveries"),
    "messages": msg("Questions and messages"),
    "followed": msg("What I follow"),
    "searches": msg("My searches"),
    "deadlines": msg("Deadlines and confirmations"),
    "lessons": msg("Lessons"),
    "training": msg("Training"),
    "meetings": msg("Meetings and tasks"),
    "organisation": msg("My organisation"),
    "account": msg("My account and invitations"),
    "seats": msg("My own seat at a course"),
}
"""The groups of news, in the order in which people see them."""
FIXED = frozenset({"account", "seats"})
"""What nobody can turn off: it guards an account, opens one, or holds a seat that is lost without an answer."""

_KINDS: Mapping[str, str] = {
    "matches": "need_fits offer_fits session_fits relation_declared relation_open overlap_found need_circulated",
    "pledges": (
        "need_ended pledge_made pledge_accepted pledge_declined pledge_withdrawn gap_reopened pledge_moved "
        "delivery_waits delivery_confirmed delivery_disputed"
    ),
    "messages": (
        "question_asked question_due question_answered question_declined answer_published answer_amended message_sent"
    ),
    "followed": "followed_changed followed_ended",
    "searches": "search_found",
    "deadlines": ("need_passing need_returned need_acknowledged deadline_near verify_asked outcome_asked outcome_said"),
    "lessons": (
        "lesson_waits lesson_validated lesson_returned lesson_review lesson_review_ended lesson_commented "
        "lesson_corroborated lesson_contradicted lesson_due lesson_asked"
    ),
    "training": (
        "nomination_made many_nominated nomination_moved candidate_answered result_written result_agreed "
        "session_moved session_off nomination_amended sponsored_moved sponsored_off certificates_issued "
        "certificates_revoked seats_offered seats_answered seats_withdrawn"
    ),
    "meetings": (
        "meeting_convened meeting_changed meeting_held meeting_cancelled point_set point_changed point_reopened "
        "point_closed"
    ),
    "organisation": "organisation_applied organisation_suspended organisation_reinstated file_taken_away",
    "account": (
        "organisation_verified organisation_refused invitation reset_asked email_asked email_taken email_changed "
        "account_guarded mail_checked"
    ),
    "seats": (
        "seat_given seat_waiting candidate_refused seat_gone run_moved run_off certificate_issued certificate_revoked "
        "seat_kept evaluation_asked evaluation_later"
    ),
}
GROUP_OF: Mapping[str, str] = {kind: group for group, kinds in _KINDS.items() for kind in kinds.split()}
"""The group of each kind of news; a test fails for a kind that has none."""

PRESSING = frozenset(
    {"pledge_made", "delivery_waits", "delivery_disputed", "need_passing", "need_returned", "lesson_waits"}
    | {"lesson_returned", "organisation_applied", "organisation_suspended", "organisation_reinstated"}
    | {"point_set", "point_reopened", "nomination_made", "many_nominated", "result_written", "seats_offered"}
    | {"meeting_convened", "meeting_changed", "meeting_cancelled", "session_off", "sponsored_off", "sponsored_moved"}
    | {"question_asked", "question_due", "message_sent", "lesson_review", "deadline_near", "verify_asked"}
    | {"outcome_asked", "file_taken_away"}
)
"""What waits for one's own action, is about one's own rights, or would come too late tomorrow (somebody is about to
travel). Only this is sent at once unless a person wants more."""

USUAL, AT_ONCE, DAILY, WEEKLY, WAITING, SITE = "usual", "at_once", "daily", "weekly", "waiting", "site"
TOGETHER = "together"
"""The pace of what was to go at once and came after too much else: it waits a little and goes in one mail."""
CHOICES: Mapping[str, Message] = {
    USUAL: msg("As usual"),
    AT_ONCE: msg("Everything at once"),
    DAILY: msg("In a daily mail"),
    WEEKLY: msg("In a weekly mail"),
    WAITING: msg("Only what waits for me"),
    SITE: msg("Only on the site"),
}
DIGESTS = frozenset({DAILY, WEEKLY})
MOST_AT_ONCE = 3
WITHIN = timedelta(hours=1)
"""So many mails at once a person gets within this time; what comes beyond goes together in one more."""
MOST_SHOWN = 50
"""So many pieces of news a mail shows; the rest is counted, and stands on the site."""

NO_MAIL, NO_ACCOUNT, ADDRESS, NOT_SEEN, READ = "site", "account", "address", "not_seen", "read"
REASONS: Mapping[str, str] = {
    NO_MAIL: "the person wants such news on the site only",
    NO_ACCOUNT: "the account is closed",
    ADDRESS: "mail to the address comes back",
    NOT_SEEN: "the person may not see any more what it is about",
    READ: "the person has read it on the site meanwhile",
}
"""Why a piece of news went into no mail; it stays a notice on the site in every case."""

WEEKDAYS = (
    msg("Monday"), msg("Tuesday"), msg("Wednesday"), msg("Thursday"), msg("Friday"), msg("Saturday"), msg("Sunday"),
)  # fmt: skip
USUAL_HOUR, USUAL_WEEKDAY, USUAL_ZONE = 7, 0, "UTC"


@dataclass(frozen=True)
class Wishes:
    """What one person wants: a pace for some groups, and when a digest comes (an hour and a weekday in a time zone)."""

    paces: Mapping[str, str] = field(default_factory=dict)
    hour: int = USUAL_HOUR
    weekday: int = USUAL_WEEKDAY
    time_zone: str = USUAL_ZONE

    def of_group(self, group: str) -> str:
        """What this person has chosen for a group, or what is usual."""
        chosen = self.paces.get(group)
        return chosen if chosen in choices_of(group) else usual_of(group)


def chosen_groups() -> tuple[str, ...]:
    """The groups for which one may choose, in order; one of which there is no news yet is not shown."""
    there = set(GROUP_OF.values())
    return tuple(group for group in GROUPS if group not in FIXED and group in there)


def _has_pressing(group: str) -> bool:
    return any(GROUP_OF.get(kind) == group for kind in PRESSING)


def usual_of(group: str) -> str:
    """What holds for a group as long as nobody has chosen."""
    return USUAL if _has_pressing(group) else DAILY


def choices_of(group: str) -> tuple[str, ...]:
    """What one may choose for a group: where nothing ever waits for oneself, nothing has to be told apart."""
    mixed = _has_pressing(group)
    return tuple(choice for choice in CHOICES if mixed or choice not in {USUAL, WAITING})


def pace_of(kind: str, wishes: Wishes) -> str:
    """How this kind of news reaches this person: at once, daily, weekly, or on the site only.

    Raises:
        KeyError: the kind belongs to no group.
    """
    group = GROUP_OF[kind]
    if group in FIXED:
        return AT_ONCE
    chosen = wishes.of_group(group)
    if chosen in {USUAL, WAITING}:
        rest = DAILY if chosen == USUAL else SITE
        return AT_ONCE if kind in PRESSING else rest
    return chosen


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this IANA name; UTC where nobody knows it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def due_at(pace: str, wishes: Wishes, since: datetime) -> datetime | None:
    """When news of this instant is to go out at that pace; never, where it stays on the site."""
    if pace == SITE:
        return None
    if pace not in DIGESTS:
        return since
    there = since.astimezone(zone_of(wishes.time_zone))
    day = there.replace(hour=wishes.hour, minute=0, second=0, microsecond=0)
    if pace == WEEKLY:
        day += timedelta(days=(wishes.weekday - day.weekday()) % 7)
    step = timedelta(days=7 if pace == WEEKLY else 1)
    # Days are added on the wall clock: the mail comes at the same hour in summer and in winter.
    due = day.astimezone(UTC)
    return due if due > since else (day + step).astimezone(UTC)


def without(paces: Mapping[str, str], scope: Iterable[str]) -> dict[str, str]:
    """The wishes after somebody has stopped mails of these groups, or of "digest": whatever comes daily or weekly."""
    after = dict(paces)
    for group in scope:
        if group in GROUPS and group not in FIXED:
            after[group] = SITE
    if "digest" in scope:
        wishes = Wishes(after)
        for group in chosen_groups():
            now = wishes.of_group(group)
            after[group] = SITE if now in DIGESTS else WAITING if now == USUAL else now
    return after
