"""What a waiting mail says when it is sent: asked anew at that very moment, with the links that are kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.links.service import token_for as confirmation_token
from app.accounts.models import Account, Confirmation, Invitation
from app.accounts.queries import account_by_email, account_by_id, actor_of, token_for
from app.accounts.rules import is_open
from app.config import Settings
from app.foundation.db import Tx
from app.notifications.digest.contents import write_news
from app.notifications.letters import INVITATION_LINK, LINK
from app.notifications.models import Mail
from app.notifications.pace.rules import ADDRESS, NO_ACCOUNT, NOT_SEEN
from app.notifications.paper import Letter, html_of
from app.notifications.queries import invitation_by_ref, may_be_told
from app.notifications.rules import TO_STRANGERS, WITH_LINK, parts_of, what_of

PATHS_OF_LINKS = {"reset": "/sign-in/new-password", "email": "/account/e-mail"}

Finish = Callable[[Tx, Settings, Mail, datetime], str | None]
"""Puts in what is kept nowhere, such as a signed link; gives nothing where the mail is not to be sent any more."""
Calendar = Callable[[Tx, Settings, Mail], str | None]
"""The calendar entry that goes with a mail (RFC 5545), if there is one."""
_FINISHED_BY: dict[str, Finish] = {}
_WITH_CALENDAR: dict[str, Calendar] = {}


def register_finish(what: str, finish: Finish) -> None:
    """Let a higher feature finish mails of this kind at the moment when they are sent."""
    _FINISHED_BY[what] = finish


def register_calendar(what: str, calendar: Calendar) -> None:
    """Let a calendar entry go with mails of this kind."""
    _WITH_CALENDAR[what] = calendar


@dataclass(frozen=True)
class Finished:
    """A letter, or the reason why there is none; and the deliveries that are left out, not being seen any more."""

    letter: Letter | None
    reason: str = ""
    left_out: tuple[int, ...] = ()


def letter_to_send(tx: Tx, settings: Settings, mail: Mail, now: datetime) -> Finished:
    """The mail as it is sent now, or why it is not: its reader may not be told any more, or cannot be."""
    if mail.account_id is not None:
        return _news(tx, settings, mail, now)
    body = _body(tx, settings, mail, now)
    if body is None:
        return Finished(None, NOT_SEEN)
    entry = _WITH_CALENDAR.get(what_of(mail.cause))
    letter = Letter(
        recipient=mail.recipient,
        subject=mail.subject,
        text=body,
        html=html_of(body, mail.subject, mail.language, settings.public_url),
        language=mail.language,
        calendar=entry(tx, settings, mail) if entry else None,
    )
    return Finished(letter)


def _news(tx: Tx, settings: Settings, mail: Mail, now: datetime) -> Finished:
    account: Account | None = account_by_id(tx, mail.account_id)
    if account is None or account.status != "active":
        return Finished(None, NO_ACCOUNT)
    if account.mail_failed_at is not None:
        return Finished(None, ADDRESS)
    letter, left_out = write_news(tx, settings, mail, account, now)
    return Finished(letter, "" if letter else NOT_SEEN, tuple(left_out))


def _body(tx: Tx, settings: Settings, mail: Mail, now: datetime) -> str | None:
    """The text of a letter to an address, with its links; whom such letters reach needs no right to see any record."""
    what = what_of(mail.cause)
    if what in _FINISHED_BY:
        return _FINISHED_BY[what](tx, settings, mail, now)
    if what == "invitation":
        invitation = invitation_by_ref(tx, dict(parts_of(mail.cause))["invitation"])
        return _with_link(settings, mail, invitation) if invitation and is_open(invitation, now) else None
    if what in WITH_LINK:
        return _with_confirmation(tx, settings, mail, now)
    return mail.body if what in TO_STRANGERS or _may_be_told(tx, mail) else None


def _may_be_told(tx: Tx, mail: Mail) -> bool:
    # Whatever else was written to an address beforehand is for the person who has it, and is asked about like all news.
    account = account_by_email(tx, mail.recipient)
    return account is not None and account.status == "active" and may_be_told(tx, actor_of(account), mail.cause)


def _with_confirmation(tx: Tx, settings: Settings, mail: Mail, now: datetime) -> str | None:
    ref = dict(parts_of(mail.cause))["confirmation"]
    asked = tx.scalar(select(Confirmation).where(Confirmation.ref == ref))
    if asked is None or asked.used_at is not None or now >= asked.expires_at:
        return None
    path = PATHS_OF_LINKS[asked.kind]
    return mail.body.replace(LINK, f"{settings.public_url}{path}/{confirmation_token(settings.secret_key, asked)}")


def _with_link(settings: Settings, mail: Mail, invitation: Invitation) -> str:
    token = token_for(settings.secret_key, invitation)
    return mail.body.replace(INVITATION_LINK, f"{settings.public_url}/invitations/{token}")
