"""Sending mails in two steps, claim and mark, so that a crash in between sends once more at most and loses nothing.

A mail is claimed in one transaction, sent outside any, and marked in another, under the same Message-ID every time.
Without SMTP_URL (development) each mail is a file in the folder `mail` of the data directory.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import structlog
from sqlalchemy import select

from app.accounts.links.service import token_for as confirmation_token
from app.accounts.models import Confirmation, Invitation
from app.accounts.queries import account_by_email, actor_of, token_for
from app.accounts.rules import is_open
from app.config import Settings, is_this_machine
from app.foundation.db import Tx
from app.foundation.web import Site
from app.notifications.letters import INVITATION_LINK, LINK
from app.notifications.models import Mail
from app.notifications.queries import invitation_by_ref, mails_to_try, may_be_told
from app.notifications.rules import MOST_ATTEMPTS, TO_STRANGERS, WITH_LINK, one_line, parts_of, what_of

log = structlog.get_logger()
TIMEOUT = 10
BATCH = 20
PATHS_OF_LINKS = {"reset": "/sign-in/new-password", "email": "/account/e-mail"}
REFUSED_FOR_GOOD = 500
WITHHELD = "withheld: the recipient may not see any more what it is about"


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


class Post(Protocol):
    """Takes a finished mail away."""

    def __call__(self, message: EmailMessage) -> None:
        """Send it.

        Raises:
            OSError, smtplib.SMTPException: it could not be sent; it will be tried again.
        """


def send_mails(site: Site) -> None:
    """Send what waits; for the worker, between facts."""
    send_waiting(site, site.clock.now(), BATCH)


def send_waiting(site: Site, now: datetime, limit: int) -> int:
    """Claim the oldest waiting mails, send them, mark them; how many were sent."""
    mails = _claim(site, now, limit)
    if not mails:
        return 0
    sent = 0
    try:
        with post_office(site.settings) as post:
            for mail in mails:
                sent += _send(site, post, mail, now)
    except (OSError, smtplib.SMTPException) as error:
        # The mails that were claimed and not sent are tried again later; nothing is lost.
        log.warning("the mail server cannot be reached", **told_of(error))
    return sent


def _claim(site: Site, now: datetime, limit: int) -> list[Mail]:
    with site.database.reading() as tx:
        # The worker asks ten times a second; it takes the lock for writing only when there is something to send.
        if not mails_to_try(tx, now, 1):
            return []
    with site.database.transaction() as tx:
        mails = list(mails_to_try(tx, now, limit))
        for mail in mails:
            mail.claimed_at = now
            mail.attempts += 1
    return mails


def _send(site: Site, post: Post, mail: Mail, now: datetime) -> bool:
    """Send one mail and note what came of it."""
    with site.database.reading() as tx:
        body = body_to_send(tx, site.settings, mail, now)
        entry = _WITH_CALENDAR.get(what_of(mail.cause))
        calendar = entry(tx, site.settings, mail) if entry else None
    if body is None:
        _note(site, mail, WITHHELD, for_good=True)
        return False
    try:
        post(compose(site.settings, mail, body, now, calendar))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        log.warning("a mail could not be sent", mail=mail.id, **told_of(error))
        _note(site, mail, repr(error), for_good=is_final(error))
        if is_lost(error):
            raise
        return False
    _mark_sent(site, mail, now)
    return True


def _mark_sent(site: Site, mail: Mail, now: datetime) -> None:
    with site.database.transaction() as tx:
        row = tx.get_one(Mail, mail.id)
        row.sent_at, row.last_error = now, ""


def _note(site: Site, mail: Mail, error: str, *, for_good: bool) -> None:
    with site.database.transaction() as tx:
        row = tx.get_one(Mail, mail.id)
        row.last_error = error[:500]
        if for_good:
            row.attempts = MOST_ATTEMPTS
        if error == WITHHELD:
            row.body = ""


def told_of(error: Exception) -> dict[str, str | int]:
    """What the log says of an error: its kind and the server's number, since its words may hold an address."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return {"error": type(error).__name__, **({"code": code} if isinstance(code, int) else {})}


def is_final(error: Exception) -> bool:
    """Whether trying again cannot help: no address, or an answer of the server that is meant for good (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= REFUSED_FOR_GOOD for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= REFUSED_FOR_GOOD
    return isinstance(error, ValueError)


def is_lost(error: Exception) -> bool:
    """Whether the connection itself is gone, so that the mails behind this one cannot be sent over it either."""
    # Every error of smtplib is an OSError too; those in which the server still answers concern one mail alone.
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected)
    return isinstance(error, OSError)


def body_to_send(tx: Tx, settings: Settings, mail: Mail, now: datetime) -> str | None:
    """The text to send, or nothing if its reader may not be told any more: asked anew at this very moment."""
    what = what_of(mail.cause)
    if what in _FINISHED_BY:
        return _FINISHED_BY[what](tx, settings, mail, now)
    if what == "invitation":
        invitation = invitation_by_ref(tx, dict(parts_of(mail.cause))["invitation"])
        return _with_link(settings, mail, invitation) if invitation and is_open(invitation, now) else None
    if what in WITH_LINK:
        return _with_confirmation(tx, settings, mail, now)
    if what in TO_STRANGERS:
        return mail.body
    account = account_by_email(tx, mail.recipient)
    if account is None or account.status != "active":
        return None
    return mail.body if may_be_told(tx, actor_of(account), mail.cause) else None


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


def compose(settings: Settings, mail: Mail, body: str, now: datetime, calendar: str | None = None) -> EmailMessage:
    """The finished mail, with a calendar entry if there is one.

    Values go into headers as values: a line break in one cannot begin another header.

    Raises:
        ValueError: the recipient is no address.
    """
    host = urlsplit(settings.public_url).hostname or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address("Counterpart", addr_spec=f"no-reply@{host}")
    message["To"] = recipient_of(mail)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = now
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body)
    if calendar:
        message.add_attachment(calendar, subtype="calendar", filename="session.ics")
    return message


def recipient_of(mail: Mail) -> Address:
    """The one address that the mail goes to.

    Raises:
        ValueError: it is none.
    """
    try:
        return Address(addr_spec=mail.recipient)
    except Exception as error:
        # The parser of the standard library fails with errors of many kinds over what is no address.
        raise ValueError(f"not an address: {mail.recipient!r}") from error


@contextmanager
def post_office(settings: Settings) -> Iterator[Post]:
    """Where mails are handed in: the server that SMTP_URL names, or a folder."""
    if settings.smtp_url is None:
        yield drop_into(settings.data_dir / "mail")
        return
    with connect(settings.smtp_url, may_be_plain="mail" in settings.unencrypted) as server:

        def post(message: EmailMessage) -> None:
            server.send_message(message)

        yield post


def drop_into(folder: Path) -> Post:
    """Keeps each mail as a file, named by its Message-ID, so that a second attempt replaces the first."""

    def post(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").split("@")[0]
        (folder / f"{name}.eml").write_bytes(message.as_bytes())

    return post


def connect(smtp_url: str, *, may_be_plain: bool = False) -> smtplib.SMTP:
    """A connection to the server of an address such as smtp://user:password@host:587 or smtps://host:465.

    Its certificate has to be good and to bear its name. smtp:// is encrypted (STARTTLS) always, but on this machine
    without a password, or to a server that does not offer it where `may_be_plain` says that this is known.

    Raises:
        OSError, smtplib.SMTPException: it cannot be reached, is not who it should be, or offers no encryption.
    """
    parts = urlsplit(smtp_url)
    host = parts.hostname or "localhost"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    trust = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=trust)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT)
    try:
        server.ehlo()
        stays_here = is_this_machine(host) or (may_be_plain and not server.has_extn("starttls"))
        if parts.scheme != "smtps" and (user or not stays_here):
            server.starttls(context=trust)
        if user:
            server.login(user, password)
    except BaseException:
        server.close()
        raise
    return server
