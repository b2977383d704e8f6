"""The mails that ask owners; the list of records with its signed links is made when they are sent, and kept nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.accounts.models import Account
from app.accounts.queries import account_by_id
from app.config import Settings
from app.foundation.db import Tx
from app.foundation.languages import day_text, say
from app.foundation.messages import Message, msg
from app.notifications.finishing import register_finish
from app.notifications.letters import LINK
from app.notifications.models import Mail
from app.notifications.paper import write_text
from app.notifications.rules import SUBJECTS, cause_of, one_line, parts_of
from app.notifications.service import MailDraft
from app.upkeep.asking import rules
from app.upkeep.asking.links import Link, open_asking, token_for
from app.upkeep.asking.queries import in_batch
from app.upkeep.records import is_public, title_of

LETTERS: Mapping[str, tuple[str, Message]] = {
    rules.VERIFY: (
        "verify_asked",
        msg("Please say of each of these whether it still stands as it is written. It takes one click and a button."),
    ),
    rules.OUTCOME: (
        "outcome_asked",
        msg(
            "A year ago these needs were posted. Please say of each whether it was met. It takes one click and a "
            "button."
        ),
    ),
}  # fmt: skip
"""Which mail puts which question."""


def letter_to_owner(person: Account, question: str, batch: str) -> MailDraft:
    """The mail to one person; the records that it is about are looked up when it is sent."""
    what, text = LETTERS[question]
    body = write_text(
        "emails/asked.txt", person.language, name=one_line(person.name), text=say(text, person.language), records=LINK
    )
    return MailDraft(
        cause_of(what, ("batch", batch)), person.email, say(SUBJECTS[what], person.language), body, person.language
    )


def with_links(tx: Tx, settings: Settings, mail: Mail, now: datetime) -> str | None:
    """The mail with the records that are still to be answered for and their links; nothing where there is none."""
    rows = in_batch(tx, dict(parts_of(mail.cause)).get("batch", ""))
    person = account_by_id(tx, rows[0].account_id) if rows else None
    # A link is for the mailbox of this person alone: not for a former address of hers.
    if person is None or person.email != mail.recipient:
        return None
    links = [found for row in rows if isinstance(found := open_asking(tx, row, now), Link)]
    if not links:
        return None
    listed = [_listed(settings, link, number) for number, link in enumerate(links, start=1)]
    return mail.body.replace(LINK, "\n\n".join(listed))


def _listed(settings: Settings, link: Link, number: int) -> str:
    language = link.person.language
    called = say(link.kind.name, language)
    if is_public(link.record):
        called = say(msg("%(kind)s: “%(title)s”", kind=called, title=one_line(title_of(link.record))), language)
    lines = [f"{number}. {called} ({link.record.ref})"]
    if link.asking.question == rules.VERIFY:
        day = day_text(link.asking.due_on, language)
        said = msg("It was to be confirmed by %(day)s.", day=day) if link.asking.stage == rules.PASSED else None
        lines.append("   " + say(said or msg("It is to be confirmed by %(day)s.", day=day), language))
    token = token_for(settings.secret_key, link.asking, link.record, link.person)
    for one in rules.ANSWERS[link.asking.question]:
        answer = say(msg("%(answer)s:", answer=say(one.words, language)), language)
        lines += [f"   {answer}", f"   {settings.public_url}/upkeep/{token}/{one.code}"]
    return "\n".join(lines)


def register_letters() -> None:
    """Let the mails be finished with their signed links when they are sent."""
    for what, _text in LETTERS.values():
        register_finish(what, with_links)
