"""Sending mails in three steps, claim, send and mark, so that a crash in between sends once more at most.

A mail is claimed in one transaction, sent outside any, and marked in another, under the same Message-ID every time. It
is claimed only when the server can be reached: an hour without one costs no mail an attempt. Without SMTP_URL
(development) each mail is a file in the folder `mail` of the data directory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import update

from app.foundation.db import Tx
from app.foundation.web import Site
from app.notifications.bounces.service import mark_address
from app.notifications.finishing import Finished, letter_to_send, register_calendar, register_finish
from app.notifications.models import Delivery, Mail
from app.notifications.pace.gathering import gather_news
from app.notifications.pace.rules import NOT_SEEN, REASONS
from app.notifications.paper import compose
from app.notifications.post import Post, connect, failed_code, is_final, is_lost, is_servers_own, post_office, told_of
from app.notifications.queries import mails_to_try
from app.notifications.rules import MOST_ATTEMPTS, server_pause

__all__ = ["connect", "register_calendar", "register_finish", "send_mails", "send_waiting", "told_of", "withheld"]

log = structlog.get_logger()
BATCH = 20
PAUSE = "mail.pause"
"""The part of the site that remembers how long the server is left alone; each worker has its own."""


@dataclass(frozen=True)
class Pause:
    """The server failed so many times in a row, and is left alone until then."""

    failures: int
    until: datetime


def send_mails(site: Site) -> None:
    """Put together what is due and send what waits; for the worker, between facts."""
    now = site.clock.now()
    gather_news(site, now)
    send_waiting(site, now, BATCH)


def send_waiting(site: Site, now: datetime, limit: int) -> int:
    """Send the oldest waiting mails, one after the other; how many were sent."""
    pause: Pause | None = site.parts.get(PAUSE)
    if pause is not None and now < pause.until:
        return 0
    with site.database.reading() as tx:
        # The worker asks ten times a second; it opens a line and takes the lock only when there is something to send.
        if not mails_to_try(tx, now, 1):
            return 0
    sent = 0
    try:
        with post_office(site.settings) as post:
            while sent < limit and (mail := _claim(site, now)) is not None:
                sent += _send(site, post, mail, now)
    except OSError as error:
        # Every error of the mail library is one. Whatever was not sent is tried again later; nothing is lost.
        _leave_alone(site, now, error)
    else:
        site.parts.pop(PAUSE, None)
    return sent


def _leave_alone(site: Site, now: datetime, error: Exception) -> None:
    before: Pause | None = site.parts.get(PAUSE)
    failures = before.failures + 1 if before else 1
    site.parts[PAUSE] = Pause(failures, now + server_pause(failures))
    log.warning("the mail server cannot be reached", failures=failures, **told_of(error))


def _claim(site: Site, now: datetime) -> Mail | None:
    with site.database.transaction() as tx:
        mail = next(iter(mails_to_try(tx, now, 1)), None)
        if mail is not None:
            mail.claimed_at = now
            mail.attempts += 1
    return mail


def _send(site: Site, post: Post, mail: Mail, now: datetime) -> bool:
    """Send one mail and note what came of it."""
    with site.database.reading() as tx:
        finished = letter_to_send(tx, site.settings, mail, now)
    if finished.letter is None:
        _note_withheld(site, mail, finished)
        return False
    try:
        post(compose(site.settings, finished.letter, mail.message_id, now))
    except (OSError, ValueError) as error:
        log.warning("a mail could not be sent", mail=mail.id, **told_of(error))
        _note_failed(site, mail, error, now)
        if is_lost(error):
            raise
        return False
    _mark_sent(site, mail, finished, now)
    return True


def _mark_sent(site: Site, mail: Mail, finished: Finished, now: datetime) -> None:
    with site.database.transaction() as tx:
        row = tx.get_one(Mail, mail.id)
        row.sent_at, row.last_error = now, ""
        _leave_out(tx, finished)


def withheld(reason: str) -> str:
    """What a mail that is not sent says of it in its row."""
    return f"withheld: {REASONS[reason]}"


def _note_withheld(site: Site, mail: Mail, finished: Finished) -> None:
    with site.database.transaction() as tx:
        row = tx.get_one(Mail, mail.id)
        row.last_error, row.attempts, row.body = withheld(finished.reason), MOST_ATTEMPTS, ""
        _leave_out(tx, finished)
        if mail.account_id is not None:
            rest = update(Delivery).where(Delivery.mail_id == mail.id, Delivery.withheld == "")
            tx.execute(rest.values(withheld=finished.reason))


def _leave_out(tx: Tx, finished: Finished) -> None:
    if finished.left_out:
        tx.execute(update(Delivery).where(Delivery.id.in_(finished.left_out)).values(withheld=NOT_SEEN))


def _note_failed(site: Site, mail: Mail, error: Exception, now: datetime) -> None:
    with site.database.transaction() as tx:
        row = tx.get_one(Mail, mail.id)
        row.last_error = repr(error)[:500]
        if is_servers_own(error):
            # The server takes nothing at present: that is no attempt of this mail. It waits its turn behind the others.
            row.attempts = max(0, row.attempts - 1)
        elif is_final(error):
            row.attempts = MOST_ATTEMPTS
        code = failed_code(error)
        if code:
            mark_address(tx, row.recipient, code, now)
