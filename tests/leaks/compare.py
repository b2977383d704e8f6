"""Asking the site, and comparing what it answers in the world with something hidden and in the world without it.

Two answers are alike when status, headers and body are the same byte for byte. Left aside are only words that are new
for every answer in both worlds: the form token, the form's own key, the word that lets scripts run, date and cookie.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import unified_diff
from hashlib import sha256
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.accounts.queries import account_by_email
from app.foundation.web import API, PANELS
from app.notifications.finishing import letter_to_send
from app.notifications.models import Mail, Notice
from tests.leaks.readers import Reader
from tests.leaks.surfaces import TOLD, Ask
from tests.leaks.worlds import BROWSER, NOW, BaseWorld

LEFT_ASIDE = frozenset({"date", "set-cookie", "content-length", "x-request-id"})
# What a passkey is to sign.
CHALLENGE = re.compile(rb"(challenge&#34;: &#34;)[\w-]+")
REFERENCE = re.compile(r"\b[A-Z]{1,2}-\w{4}-\w{4}\b")
NONCE = re.compile(rb"'nonce-([\w-]+)'")
TOKEN = re.compile(
    rb'((?:csrf_token|csrf-token|X-CSRFToken|form_key)["\']?(?:[^<>]{0,60}?)(?:value|content)=["\'])[^"\']*'
)


@dataclass(frozen=True)
class Answer:
    """What came back, with everything left aside that is new each time."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def digest(self) -> str:
        """The same for answers that are alike, byte for byte."""
        whole = repr((self.status, self.headers)).encode() + self.body
        return sha256(whole).hexdigest()

    def lines(self) -> list[str]:
        """For showing where two differ."""
        head = [f"{self.status}", *(f"{name}: {value}" for name, value in self.headers)]
        return [*head, *self.body.decode(errors="replace").splitlines()]


@dataclass(frozen=True)
class Leak:
    """An answer by which a reader can tell that something hidden is there."""

    reader: str
    what: str
    ask: Ask
    difference: str


class Comparison:
    """Asks one base world as its readers, and remembers what it answers without anything hidden."""

    def __init__(self, base: BaseWorld) -> None:
        self.base = base
        self.known: dict[tuple[str, Ask, int], str] = {}

    def is_same(self, reader: Reader, ask: Ask, answer: Answer) -> bool:
        """Whether this is the answer of the world without, which `prepare` has fetched."""
        return answer.digest == self.known[self._key(reader, ask)]

    def prepare(self, reader: Reader, asks: list[Ask]) -> None:
        """Ask the world without for what is not known yet. Call it outside of `with_hidden`."""
        todo = [ask for ask in asks if self._key(reader, ask) not in self.known]
        if todo:
            with self.base.without():
                for ask in todo:
                    self.known[self._key(reader, ask)] = self.answer(reader, ask).digest

    def _key(self, reader: Reader, ask: Ask) -> tuple[str, Ask, int]:
        # Another site made in the same process hangs its panels on the pages of this one too.
        return reader.name, ask, sum(map(len, PANELS.values()))

    def answer(self, reader: Reader, ask: Ask) -> Answer:
        """Ask; nothing that the site writes for it stays."""
        with self.base.connection.begin_nested() as nested:
            made = self._told(reader) if ask.method == TOLD else self._asked(reader, ask)
            nested.rollback()
        return made

    def _asked(self, reader: Reader, ask: Ask) -> Answer:
        if ask.path.startswith(f"{API}/"):
            return self._asked_by_program(reader, ask)
        cookie, token = self.base.cookies[reader.name]
        data = MultiDict([*ask.data, ("csrf_token", token)]) if ask.method == "POST" else None
        client = FlaskClient(self.base.app, self.base.app.response_class, use_cookies=False)
        headers = {"Cookie": f"counterpart={cookie}", "User-Agent": BROWSER}
        response = client.open(ask.path, method=ask.method, data=data, headers=headers, buffered=True)
        return cleaned(response)

    def _asked_by_program(self, reader: Reader, ask: Ask) -> Answer:
        """What a program of this reader is answered: a token instead of a cookie, JSON instead of a form."""
        secret = self.base.tokens.get(reader.name)
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        client = FlaskClient(self.base.app, self.base.app.response_class, use_cookies=False)
        body = {"json": {}} if ask.method == "POST" else {}
        return cleaned(client.open(ask.path, method=ask.method, headers=headers, buffered=True, **body))

    def _told(self, reader: Reader) -> Answer:
        """What lies in this person's mailbox and on the desk, shown or not."""
        if not reader.is_signed_in:
            return Answer(0, (), b"")
        number, email = self.base.accounts[reader.name]
        with self.base.site.database.reading() as tx:
            account = account_by_email(tx, email)
            mails = [
                (mail.cause, mail.subject, mail.body, letter_to_send(tx, self.base.site.settings, mail, NOW).letter)
                for mail in tx.scalars(select(Mail).where(Mail.recipient == email).order_by(Mail.id))
            ]
            notices = tx.scalars(select(Notice).where(Notice.account_id == number).order_by(Notice.id))
            kept = [(row.cause, row.message, row.record_kind, row.record_ref) for row in notices]
        lines = [repr(line) for line in (*mails, *kept)]
        return Answer(200 if account else 0, (), "\n".join(lines).encode())

    def difference(self, reader: Reader, ask: Ask, leaked: Answer) -> str:
        """Where the answer differs from that of the world without. Call it outside of `with_hidden`."""
        with self.base.without():
            without = self.answer(reader, ask)
        found = unified_diff(without.lines(), leaked.lines(), "without", "with", lineterm="", n=0)
        return "\n".join(line[:300] for line in list(found)[:24])


def cleaned(response: Any) -> Answer:
    """An answer of the site without the words that are new each time."""
    body = response.get_data()
    policy = response.headers.get("Content-Security-Policy", "").encode()
    headers = [(name.lower(), value) for name, value in response.headers.items() if name.lower() not in LEFT_ASIDE]
    if response.location:
        # What was posted leads to its page, whose reference is drawn anew each time; the page says no more than that.
        for reference in REFERENCE.findall(response.location):
            body = body.replace(reference.encode(), b"REFERENCE")
            headers = [(name, value.replace(reference, "REFERENCE")) for name, value in headers]
    for nonce in set(NONCE.findall(policy)):
        body = body.replace(nonce, b"NONCE")
        headers = [(name, value.replace(nonce.decode(), "NONCE")) for name, value in headers]
    return Answer(response.status_code, tuple(sorted(headers)), CHALLENGE.sub(rb"\1", TOKEN.sub(rb"\1", body)))
