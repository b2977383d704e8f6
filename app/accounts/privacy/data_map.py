"""The map of personal data: which column holds what of whom, why, for how long, and what becomes of it at erasure.

Tables are named, not imported: features above this one keep personal data too. A test holds the map against every
table of the site; `python -m tests.architecture.privacy` writes it to docs/privacy.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

DELETE, BLANK, KEEP = "row deleted", "blanked", "kept"


@dataclass(frozen=True)
class Place:
    """One place of personal data.

    `owner` is the column that says whose it is: an account's number, or an e-mail address. `at_erasure` is DELETE,
    BLANK or KEEP; `since` is the column from which `keep` counts, after which rows go by themselves.
    """

    table: str
    columns: tuple[str, ...]
    what: str
    why: str
    owner: str
    at_erasure: str
    by_email: bool = False
    since: str = ""
    keep: timedelta | None = None
    reason: str = ""


DAY = timedelta(days=1)
PLACES: tuple[Place, ...] = (
    Place(
        "accounts", ("email", "name", "language", "password_hash", "mail_failed_code"), "who signs in",
        "to let in and to write to", "id", BLANK,
        reason="the row stays without a word about the person, so that what was done keeps its author",
    ),
    Place("memberships", ("account_id", "role"), "for whom a person acts", "rights", "account_id", DELETE),
    Place(
        "sign_ins", ("browser", "address"), "from where a person signed in", "to end what is not one's own",
        "account_id", DELETE, since="began_at", keep=90 * DAY,
    ),
    Place("second_steps", ("name", "secret", "credential_id"), "apps and passkeys", "to prove who signs in",
          "account_id", DELETE),
    Place("recovery_codes", ("digest",), "keyed digests of recovery codes", "to come in without a device",
          "account_id", DELETE),
    Place(
        "confirmations", ("email", "former_email"), "addresses that were to be proved", "reset, change of address",
        "account_id", DELETE, since="created_at", keep=30 * DAY,
    ),
    Place("drafts", ("fields", "title"), "what was typed and not posted", "nothing typed is lost", "account_id",
          DELETE, since="saved_at", keep=365 * DAY),
    Place("api_tokens", ("name", "scope", "stamp"), "tokens by which programs act for a person", "to let them in",
          "account_id", DELETE, since="expires_at", keep=365 * DAY),
    Place("api_answers", ("account_id", "body"), "what a program was answered", "a request counts once", "account_id",
          DELETE, since="done_at", keep=1 * DAY),
    Place("workbook_uploads", ("account_id", "name"), "workbooks that a person has sent", "to mend one and go on",
          "account_id", DELETE, since="sent_at", keep=7 * DAY),
    Place("once", ("account_id",), "that a form was sent", "a form counts once", "account_id", DELETE,
          since="done_at", keep=90 * DAY),
    Place("saved_searches", ("name", "address"), "searches that a person follows", "to say what is new in them",
          "account_id", DELETE),
    Place("follows", ("record_kind", "record_ref"), "records that a person follows", "to say what happens to them",
          "account_id", DELETE),
    Place("match_thresholds", ("least",), "from which strength on a person is told of matches", "to tell no more",
          "account_id", DELETE),
    Place("past_searches", ("name", "address"), "the ten last searches of a person", "to search again", "account_id",
          DELETE, since="searched_at", keep=30 * DAY),
    Place("search_history_off", ("account_id",), "that a person wants no last searches kept", "to keep none",
          "account_id", DELETE),
    Place("notices", ("message",), "what a person was told", "the desk", "account_id", DELETE,
          since="created_at", keep=365 * DAY),
    Place("mails", ("recipient", "subject", "body", "account_id"), "mails to a person", "sent once, tried again",
          "recipient", DELETE, by_email=True, since="sent_at", keep=90 * DAY),
    Place("deliveries", ("account_id",), "which news a mail carried to a person", "each piece of news in one mail",
          "account_id", DELETE, since="created_at", keep=365 * DAY),
    Place("mail_preferences", ("account_id", "time_zone"), "how often a person wants which news by mail, and when",
          "to write as wished", "account_id", DELETE),
    Place("invitations", ("email", "name"), "who was invited", "the link", "email", BLANK, by_email=True,
          since="expires_at", keep=365 * DAY),
    Place("audit_origins", ("address", "request"), "from which address something was done", "to find an attack",
          "event_id", DELETE, since="event", keep=365 * DAY,
          reason="stands beside the chain of the audit, which its erasure leaves whole"),
    Place("organisations", ("applicant_name", "applicant_email", "letter"), "who applied", "the answer",
          "applicant_email", BLANK, by_email=True, reason="the letter is the organisation's and stays"),
    Place("audit_events", ("account_id",), "the number of the account that did something", "the record", "account_id",
          KEEP, reason="a number that leads to a blanked row; the record has to stand up"),
    Place("needs", ("contact",), "an office to write to, as the author typed it", "the answer to a need", "", KEEP,
          reason="the organisation's own words; it amends them"),
    Place("action_points", ("account_id",), "the number of the account that was to do something", "what was agreed",
          "account_id", KEEP, reason="a number that leads to a blanked row; what was agreed stays"),
    Place("nominations",
          ("name", "email", "post", "unit", "phone", "sex", "language", "motivation", "candidate_key", "nominated_by"),
          "who was put forward for a course, by whom", "a seat, a certificate", "", KEEP,
          reason="candidates have no account here: the worker empties the words of it when the centre's term is over"),
    Place("lesson_reviews", ("account_id",), "the number of the account that was asked to review a lesson",
          "to ask somebody who knows", "account_id", DELETE),
    Place("lesson_comments", ("text",), "what was said of a lesson before it was validated", "a lesson that is clear",
          "made_by", KEEP, reason="the organisation's own words, seen by author, reviewer and secretariat alone"),
    Place("pledges", ("authorised_by",), "the office or the decision behind a pledge, as its donor typed it",
          "to show who bound whom", "", KEEP, reason="the organisation's own words"),
    Place("clarifications", ("asked_by",), "the number of the account that asked a question", "limits, own data",
          "asked_by", KEEP, reason="a number that leads to a blanked row; the question is the organisation's"),
    Place("messages", ("text", "sent_by"), "what was written to the other side of a match or a pledge, and by whom",
          "private messages", "sent_by", KEEP,
          reason="the message is the organisation's and stays; the number leads to a blanked row: the name goes"),
    Place("thread_reads", ("account_id", "message_id"), "how far a person has read", "what is new", "account_id",
          DELETE),
    Place("evaluations", ("texts",), "what a participant wrote about a course", "to mend the course", "", KEEP,
          reason="shown without a name, and erased with the personal data of the nomination that it belongs to"),
    Place("askings", ("account_id", "answer"), "what a person was asked about a record, and answered by a link",
          "a link works once", "account_id", DELETE, since="asked_at", keep=400 * DAY),
    Place("need_moments", ("words",), "a word to the author of a need, or of an author on what came of it",
          "to be read by whoever may see the need", "", KEEP, reason="the organisation's own words"),
    Place("evaluations", ("texts", "shown_texts"), "what a participant wrote about a course", "to mend the course", "",
          KEEP, reason="shown without a name, and erased with the personal data of the nomination that it belongs to"),
    Place("lesson_answers", ("account_id",), "the number of the account that said whether a lesson applies",
          "what was decided and why", "account_id", KEEP, reason="a number that leads to a blanked row; the answer is "
          "the organisation's"),
    Place("jobs", ("account_id", "title", "arguments"), "what a person let the site do in the background",
          "to follow it, and to have what came of it", "account_id", DELETE),
    Place("made_reports", ("account_id",), "the number of the account that had a report made",
          "to tell whether a paper was made here", "account_id", KEEP, reason="a number that leads to a blanked row; "
          "the paper is in the world"),
    Place("regional_reports", ("signer_name", "signer_function", "signed_by"), "who signed the report of a region",
          "a report that is signed says by whom", "signed_by", KEEP, reason="signed for the organisation, and in the "
          "hands of others"),
    Place("programmes", ("contact",), "an office to write to", "the answer to an offer", "", KEEP,
          reason="the organisation's own words; it amends them"),
)  # fmt: skip
"""Columns that hold the number of an account alone (saved_by, made_by ...) are kept: they lead to a blanked row."""
NUMBERS_ALONE = frozenset(
    f"{what}_by"
    for what in (
        "saved",
        "made",
        "answered",
        "recorded",
        "uploaded",
        "decided",
        "checked",
        "invited",
        "declared",
        "offered",
        "noted",
        "asked",
        "sent",
        "validated",
        "asked",
    )
)
