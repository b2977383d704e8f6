"""Handing mails in: to the server that SMTP_URL names, or to a folder; and what an error of the server means."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.config import Settings, is_this_machine

TIMEOUT = 10
REFUSED_FOR_GOOD = 500
SERVER_IS_DOWN = 421
TOO_LARGE = 552
POLICY = re.compile(r"\b5\.7\.\d+\b")
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class Post(Protocol):
    """Takes a finished mail away."""

    def __call__(self, message: EmailMessage) -> None:
        """Send it.

        Raises:
            OSError, smtplib.SMTPException: it could not be sent; it will be tried again.
        """


@contextmanager
def post_office(settings: Settings) -> Iterator[Post]:
    """Where mails are handed in: the server that SMTP_URL names, or a folder.

    Raises:
        OSError, smtplib.SMTPException: the server cannot be reached.
    """
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


def connect(smtp_url: str, *, may_be_plain: bool = False, signs_in: bool = True) -> smtplib.SMTP:
    """A connection to the server of an address such as smtp://user:password@host:587 or smtps://host:465.

    Its certificate has to be good and to bear its name. smtp:// is encrypted (STARTTLS) always, but on this machine
    without a password, or to a server that does not offer it where `may_be_plain` says that this is known. Without
    `signs_in` no password is sent: whoever only wants to know that it is there has no use for one.

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
        if user and signs_in:
            server.login(user, password)
    except BaseException:
        server.close()
        raise
    return server


# --- what an error means ---


def told_of(error: Exception) -> dict[str, str | int]:
    """What the log says of an error: its kind and the server's number, since its words may hold an address."""
    code = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return {"error": type(error).__name__, **({"code": code} if isinstance(code, int) else {})}


def is_final(error: Exception) -> bool:
    """Whether trying again cannot help: no address, or an answer of the server that is meant for good (5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return bool(failed_code(error))
    if isinstance(error, smtplib.SMTPResponseException):
        return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= REFUSED_FOR_GOOD
    return isinstance(error, ValueError)


def failed_code(error: Exception) -> str:
    """The code with which the server refuses the address for good; empty where the address is not to blame.

    A refusal by policy (5.7.x: we may not relay, we are on a list) is about us: it would mark everybody.
    """
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or not error.recipients:
        return ""
    answers = [(code, _text(said)) for code, said in error.recipients.values()]
    if any(code < REFUSED_FOR_GOOD or POLICY.search(said) for code, said in answers):
        return ""
    code, said = answers[0]
    enhanced = ENHANCED.search(said)
    return f"{code} {enhanced.group()}" if enhanced else str(code)


def _text(said: object) -> str:
    return said.decode("ascii", "replace") if isinstance(said, bytes) else str(said)


def is_lost(error: Exception) -> bool:
    """Whether the connection itself is gone, so that the mails behind this one cannot be sent over it either."""
    # Every error of smtplib is an OSError too; those in which the server still answers concern one mail alone.
    if isinstance(error, smtplib.SMTPException):
        return isinstance(error, smtplib.SMTPServerDisconnected) or is_servers_own(error)
    return isinstance(error, OSError)


def is_servers_own(error: Exception) -> bool:
    """Whether the server takes nothing from us at present, whatever the mail: no mail is to blame for that."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return error.smtp_code != TOO_LARGE
    codes = [getattr(error, "smtp_code", 0)]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
    return SERVER_IS_DOWN in codes
