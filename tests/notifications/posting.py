"""A post office in memory that fails when it is told to, for tests of what becomes of mails then."""

from __future__ import annotations

import smtplib
from collections import Counter
from contextlib import contextmanager

from app.notifications import mailer

KINDS_OF_TROUBLE = ("before_send", "after_send", "lost_after_send", "busy", "refused_for_now")


class Crash(BaseException):
    """The worker is killed here."""


class PostOffice:
    """Takes mails as a server does: `is_down` takes none; `trouble` is what happens to the next ones, in order."""

    def __init__(self):
        self.taken = []
        self.is_down = False
        self.trouble = []
        self.repeats_allowed = Counter()
        self.looks = lambda _message: None

    @contextmanager
    def open(self, _settings):
        if self.is_down:
            raise ConnectionRefusedError(111, "refused")
        yield self.take

    def take(self, message):
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "before_send":
            raise Crash
        if trouble == "busy":
            raise smtplib.SMTPDataError(421, b"4.3.2 try later")
        if trouble == "refused_for_now":
            raise smtplib.SMTPDataError(451, b"4.7.1 greylisted")
        self.looks(message)
        self.taken.append(message)
        if trouble in {"after_send", "lost_after_send"}:
            # It was taken, and the site does not learn of it: exactly then it comes once more.
            self.repeats_allowed[message["Message-ID"]] += 1
            raise Crash if trouble == "after_send" else smtplib.SMTPServerDisconnected("gone")

    def ids(self):
        return [message["Message-ID"] for message in self.taken]

    def texts(self):
        """The plain half of each mail, by Message-ID; a repeated mail counts once."""
        return {message["Message-ID"]: plain(message) for message in self.taken}


def plain(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html(message):
    return message.get_body(("html",)).get_content()


def put_in_place(monkeypatch, office):
    monkeypatch.setattr(mailer, "post_office", office.open)
    return office
