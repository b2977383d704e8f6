"""What a mail says: a few plain lines in its reader's language, a link, and no word of what not everybody may see."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.config import ROOT
from app.foundation.languages import catalogue, say
from app.foundation.messages import Message
from app.notifications.rules import SUBJECTS, WITH_LINK, one_line, path_of, what_of
from app.notifications.service import MailDraft, NoticeDraft

TEMPLATES = ROOT / "templates"
LINK = INVITATION_LINK = "{the link of the invitation}"
"""Stands in the kept body of a mail with a link; the signed one, kept nowhere, takes its place when it is sent."""


@cache
def _templates(language: str) -> Environment:
    # These are plain text and never HTML, so nothing is escaped.
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension gives the environment a method that the type of an environment does not know.
    translated: Any = made
    translated.install_gettext_translations(catalogue(language), newstyle=True)
    return made


def write_body(template: str, language: str, **values: Any) -> str:
    """The text of a mail from its template in templates/emails."""
    return _templates(language).get_template(template).render(**values).strip() + "\n"


def letter_about(notice: NoticeDraft, person: Any, public_url: str, *, is_public: bool) -> MailDraft:
    """The mail that carries a notice; of a record that is not public, mail says no more than that there is news."""
    subject = SUBJECTS[what_of(notice.cause)]
    body = write_body(
        "emails/notice.txt",
        person.language,
        name=one_line(person.name),
        text=say(notice.message if is_public else subject, person.language),
        is_public=is_public,
        url=public_url + path_of(notice.cause, notice.record_kind, notice.record_ref),
        desk=f"{public_url}/desk",
    )
    return MailDraft(notice.cause, person.email, say(subject, person.language), body)


def letter_to_applicant(cause: str, organisation: Any, public_url: str) -> MailDraft:
    """What the secretariat answered to somebody who applied for an organisation and may have no account yet."""
    what = what_of(cause)
    language = organisation.language
    body = write_body(
        f"emails/{what}.txt",
        language,
        name=one_line(organisation.applicant_name),
        organisation=one_line(organisation.name),
        reason=organisation.decision_reason.strip(),
        url=public_url,
    )
    return MailDraft(cause, organisation.applicant_email, say(SUBJECTS[what], language), body)


def letter_about_account(cause: str, recipient: str, person: Any, text: Message, public_url: str) -> MailDraft:
    """A mail about somebody's own account: one sentence, and what to do if it was not this person's doing."""
    what = what_of(cause)
    body = write_body(
        "emails/account.txt",
        person.language,
        name=one_line(person.name),
        text=say(text, person.language),
        link=LINK if what in WITH_LINK else "",
        url=f"{public_url}/account/sign-ins",
    )
    return MailDraft(cause, recipient, say(SUBJECTS[what], person.language), body)


def letter_of_invitation(cause: str, recipient: str, words: tuple[Message, Message], language: str) -> MailDraft:
    """An invitation, in the words of whoever knows what one is invited to; the link is put in when it is sent."""
    subject, text = words
    return MailDraft(cause, recipient, one_line(say(subject, language)), say(text, language) + "\n")
