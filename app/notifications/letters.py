"""Letters to addresses: a few plain lines in their reader's language and a link; their HTML half is made of these."""

from __future__ import annotations

from typing import Any

from app.foundation.languages import say
from app.foundation.messages import Message
from app.notifications.paper import write_text
from app.notifications.rules import SUBJECTS, WITH_LINK, one_line, what_of
from app.notifications.service import MailDraft

LINK = INVITATION_LINK = "{the link of the invitation}"
"""Stands in the kept body of a mail with a link; the signed one, kept nowhere, takes its place when it is sent."""


def letter_to_applicant(cause: str, organisation: Any, public_url: str) -> MailDraft:
    """What the secretariat answered to somebody who applied for an organisation and may have no account yet."""
    what = what_of(cause)
    language = organisation.language
    body = write_text(
        f"emails/{what}.txt",
        language,
        name=one_line(organisation.applicant_name),
        organisation=one_line(organisation.name),
        reason=organisation.decision_reason.strip(),
        url=public_url,
    )
    return MailDraft(cause, organisation.applicant_email, say(SUBJECTS[what], language), body, language)


def letter_about_account(cause: str, recipient: str, person: Any, text: Message, public_url: str) -> MailDraft:
    """A mail about somebody's own account: one sentence, and what to do if it was not this person's doing."""
    what = what_of(cause)
    body = write_text(
        "emails/account.txt",
        person.language,
        name=one_line(person.name),
        text=say(text, person.language),
        link=LINK if what in WITH_LINK else "",
        url=f"{public_url}/account/sign-ins",
    )
    return MailDraft(cause, recipient, say(SUBJECTS[what], person.language), body, person.language)


def letter_of_invitation(cause: str, recipient: str, words: tuple[Message, Message], language: str) -> MailDraft:
    """An invitation, in the words of whoever knows what one is invited to; the link is put in when it is sent."""
    subject, text = words
    return MailDraft(cause, recipient, one_line(say(subject, language)), say(text, language) + "\n", language)
