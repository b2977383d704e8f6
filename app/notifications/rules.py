"""What people are told of, how a cause names the records that somebody has to see to be told, and when a mail is tried.

A cause reads `what|kind:reference|kind:reference`: it is the same for the same news, so that nobody is told twice, and
it names every record that the news gives away, so that one can look again, whenever it is shown or sent, whether its
reader may still see them.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from app.foundation.messages import Message, msg

SUBJECTS: Mapping[str, Message] = {
    "need_fits": msg("A need fits what you offer"),
    "offer_fits": msg("An offer fits your need"),
    "session_fits": msg("A course that fits your need has a new session"),
    "need_ended": msg("A need that you pledged for has ended"),
    "need_passing": msg("A need waits for you before it is posted"),
    "need_returned": msg("Your need was returned before it was posted"),
    "pledge_made": msg("A pledge was made for your need"),
    "pledge_accepted": msg("Your pledge was accepted"),
    "pledge_declined": msg("Your pledge was declined"),
    "pledge_withdrawn": msg("A pledge for your need was withdrawn"),
    "gap_reopened": msg("What you had offered may be open again"),
    "pledge_moved": msg("A pledge for your need has moved on"),
    "delivery_waits": msg("A delivery waits for your confirmation"),
    "delivery_confirmed": msg("A delivery was confirmed by both sides"),
    "delivery_disputed": msg("The two sides differ on a delivery"),
    "relation_declared": msg("Somebody says how a record of yours stands to another one"),
    "relation_open": msg("A record seems to be the same as one of yours"),
    "lesson_waits": msg("A lesson waits for validation"),
    "lesson_validated": msg("Your lesson was validated"),
    "lesson_returned": msg("Your lesson was returned"),
    "organisation_applied": msg("An organisation waits for verification"),
    "organisation_verified": msg("Your organisation is verified"),
    "organisation_refused": msg("Your application was refused"),
    "organisation_suspended": msg("Your organisation is suspended"),
    "organisation_reinstated": msg("The suspension of your organisation is over"),
    "invitation": msg("You are invited to Counterpart"),
    "reset_asked": msg("Choose a new password"),
    "email_asked": msg("Confirm your new e-mail address"),
    "email_taken": msg("Somebody asked for your e-mail address"),
    "email_changed": msg("Your e-mail address was changed"),
    "account_guarded": msg("Something changed in your account"),
    "meeting_convened": msg("You are invited to a meeting"),
    "meeting_changed": msg("A meeting has another day, hour or place"),
    "meeting_held": msg("The minutes of a meeting are there"),
    "meeting_cancelled": msg("A meeting is cancelled"),
    "point_set": msg("Your organisation has something to do"),
    "point_changed": msg("What your organisation has to do was amended"),
    "point_reopened": msg("Your organisation has something to do after all"),
    "point_closed": msg("What was agreed at a meeting is done or dropped"),
    "nomination_made": msg("Somebody was put forward for your course"),
    "many_nominated": msg("Several people were put forward for your course"),
    "nomination_moved": msg("A decision on a candidate of yours"),
    "candidate_answered": msg("A candidate for your course has answered"),
    "result_written": msg("A result waits for your confirmation"),
    "result_agreed": msg("A result was confirmed by both sides"),
    "session_moved": msg("A session for which you have candidates has changed"),
    "session_off": msg("A session for which you have candidates is cancelled"),
    "seats_offered": msg("Somebody offers to pay for seats of your course"),
    "seats_answered": msg("Your offer to pay for seats was answered"),
    "seats_withdrawn": msg("An offer to pay for seats was withdrawn"),
    "seat_given": msg("You have a seat: please confirm it"),
    "seat_waiting": msg("You are on the waiting list"),
    "candidate_refused": msg("You were not chosen for a course"),
    "seat_gone": msg("Your seat at a course is given up"),
    "run_moved": msg("Your course has other dates or another place"),
    "run_off": msg("Your course is cancelled"),
    "certificate_issued": msg("Your certificate is ready"),
    "certificate_revoked": msg("Your certificate is not valid any more"),
    "evaluation_asked": msg("What do you think of your course?"),
    "evaluation_later": msg("Could you use what you learned?"),
    "verify_asked": msg("Do these records still stand?"),
    "outcome_asked": msg("Was your need met?"),
    "need_acknowledged": msg("Your need was acknowledged"),
    "need_circulated": msg("A need was sent on to you"),
    "outcome_said": msg("The author of a need says whether it was met"),
    "question_asked": msg("A question on a record of yours waits for an answer"),
    "question_due": msg("A question on a record of yours is still to be answered"),
    "question_answered": msg("A question of your organisation was answered"),
    "question_declined": msg("A question of your organisation is not answered"),
    "answer_published": msg("A question was answered where you are involved"),
    "answer_amended": msg("An answer was amended where you are involved"),
    "message_sent": msg("A message waits for you"),
    "nomination_amended": msg("A candidate for your course was amended"),
    "seat_kept": msg("Your seat at a course is confirmed"),
    "sponsored_moved": msg("A session for whose seats you offered to pay has changed"),
    "sponsored_off": msg("A session for whose seats you offered to pay is cancelled"),
    "certificates_issued": msg("Certificates were issued to candidates of yours"),
    "certificates_revoked": msg("Certificates of candidates of yours are not valid any more"),
    "lesson_review": msg("You are asked to review a lesson"),
    "lesson_review_ended": msg("You are no longer asked to review a lesson"),
    "lesson_commented": msg("There is a comment on a lesson"),
    "lesson_corroborated": msg("A lesson corroborates yours"),
    "lesson_contradicted": msg("A lesson contradicts yours"),
    "lesson_due": msg("A lesson is due for another look"),
    "lesson_asked": msg("What did you learn? Two minutes are enough"),
    "mail_checked": msg("Mail to your address arrives again"),
    "search_found": msg("New in a search that you follow"),
    "followed_changed": msg("Something that you follow has changed"),
    "followed_ended": msg("Something that you follow has ended"),
    "overlap_found": msg("Another programme seems to do the same as one of yours"),
    "deadline_near": msg("A day that concerns you is near"),
    "file_taken_away": msg("A file that you sent was taken away"),
}
"""Every kind of news, and the line under which a mail carries it. No subject line names a record."""

ABOUT_ACCOUNTS = frozenset(
    {"reset_asked", "email_asked", "email_taken", "email_changed", "account_guarded", "mail_checked"}
)
"""News about an account itself: it goes to an address, and whoever reads it needs no right to see any record."""
WITH_LINK = frozenset({"reset_asked", "email_asked"})
TO_CANDIDATES = frozenset(
    {"seat_given", "seat_waiting", "candidate_refused", "seat_gone", "run_moved", "run_off", "seat_kept"}
    | {"certificate_issued", "certificate_revoked", "evaluation_asked", "evaluation_later"}
)
"""News for those who are put forward for a course, who have no account."""
TO_STRANGERS = (
    frozenset({"invitation", "organisation_verified", "organisation_refused"}) | ABOUT_ACCOUNTS | TO_CANDIDATES
)
"""News that also goes to somebody who has no account (any more), or not at that address."""

ON_THE_DESK_ANYWAY = frozenset(
    {"need_fits", "offer_fits", "need_passing", "pledge_made", "delivery_waits", "lesson_waits", "organisation_applied"}
    | {"point_set", "seats_offered", "question_asked", "question_due", "lesson_review", "lesson_asked"}
)
"""News of what stands on the desk by itself, as a task or as a match, so that it is not listed there twice."""

RECORDS = frozenset(
    {"need", "programme", "course", "lesson", "output", "pledge", "meeting", "nomination", "sponsorship"}
    | {"clarification", "thread"}
    | {"lesson_comment"}
)
CHECKED = RECORDS | {"organisation"}
"""Kinds of records in a cause that its reader has to be able to see; other parts only tell one cause from another."""

PATHS: Mapping[str, str] = {
    "need": "/needs/{ref}",
    "programme": "/programmes/{ref}",
    "course": "/courses/{ref}",
    "lesson": "/lessons/{ref}",
    "output": "/outputs/{ref}",
    "pledge": "/pledges/{ref}",
    "organisation": "/organisations/{ref}",
    "meeting": "/meetings/{ref}",
    "nomination": "/nominations/{ref}",
    "sponsorship": "/sponsorships/{ref}",
    "clarification": "/clarifications/{ref}",
    "thread": "/messages/{ref}",
    "search": "/searches/{ref}/new",
}
OFFER_KINDS = ("programme", "course", "output")

MOST_ATTEMPTS = 8
RETRY_AFTER = timedelta(minutes=5)
"""A mail that was claimed and not marked as sent is tried again after this, twice as long after each attempt."""
SERVER_AGAIN = timedelta(seconds=30)
SERVER_AGAIN_AT_LATEST = timedelta(minutes=10)
"""A mail server that cannot be reached is asked again after the first, then twice as late, up to the second."""

Part = tuple[str, str]


def cause_of(what: str, *parts: Part) -> str:
    """The cause of a piece of news.

    Raises:
        LookupError: nobody is told of such a thing.
    """
    if what not in SUBJECTS:
        raise LookupError(what)
    return "|".join([what, *(f"{kind}:{ref}" for kind, ref in parts)])


def what_of(cause: str) -> str:
    """Which kind of news it is."""
    return cause.split("|", 1)[0]


def parts_of(cause: str) -> list[Part]:
    """Everything that the cause names, in order."""
    return [(kind, ref) for kind, _colon, ref in (part.partition(":") for part in cause.split("|")[1:])]


def records_of(cause: str) -> list[Part]:
    """The records that somebody has to be able to see to be told this."""
    return [(kind, ref) for kind, ref in parts_of(cause) if kind in CHECKED]


def path_of(cause: str, record_kind: str, record_ref: str) -> str:
    """Where on the site one reads on: a pair side by side, or the page of the record."""
    named = dict(parts_of(cause))
    if "asked" in named:
        return f"/lessons/asked/{named['asked']}"
    if "waiting" in named:
        return f"/needs/{named['waiting']}/passing"
    if what_of(cause).startswith("relation_"):
        return "/relations/{}/{}".format(*(ref for _kind, ref in records_of(cause)[:2]))
    offer = next((kind for kind in OFFER_KINDS if kind in named), None)
    if "need" in named and offer is not None:
        return f"/needs/{named['need']}/matches/{offer}/{named[offer]}"
    return PATHS[record_kind].format(ref=record_ref) if record_kind in PATHS else "/notices"


def wait_after(attempts: int) -> timedelta:
    """How long after its last claim a mail that failed, or whose sender died, is tried again."""
    wait: timedelta = RETRY_AFTER * 2 ** max(0, attempts - 1)
    return wait


def server_pause(failures: int) -> timedelta:
    """How long a mail server that could not be reached so many times in a row is left alone."""
    pause: timedelta = SERVER_AGAIN * 2 ** min(max(0, failures - 1), 10)
    return min(pause, SERVER_AGAIN_AT_LATEST)


def new_message_id(host: str) -> str:
    """A Message-ID that nobody guesses; `host` is the name after the @. A mail keeps it through all attempts."""
    return f"<{secrets.token_hex(12)}@{host}>"


def one_line(text: str, longest: int = 200) -> str:
    """A text that fits into one header of a mail, whatever somebody wrote into it."""
    return " ".join(text.split())[:longest]
