"""Mails as people get them: a real mail server on this machine, real processes, mails opened in four languages."""

from __future__ import annotations

import asyncio
import email
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import delete, select

from app.accounts.models import Account
from app.config import Settings
from app.foundation import outbox
from app.foundation.db import Database
from app.foundation.languages import say
from app.foundation.messages import Message
from app.needs.models import Need
from app.notifications.digest.rules import SUBJECTS as DIGESTS
from app.notifications.models import Delivery, Mail
from app.notifications.rules import SUBJECTS
from app.organisations.models import Organisation
from app.pledges.events import PledgeMade, PledgeWithdrawn
from tests.factories import World
from tests.house import wait_until
from tests.running import ROOT, RunningSite, copy_of_demonstration, free_port, serve, site_in

pytestmark = pytest.mark.slow

LANGUAGES = ("en", "fr", "es", "pt")
PATIENCE = 180
"""Seconds for a process to begin and do its work on a machine that has much else to do."""
# What a person reads there, in words of that language.
SENTENCES = {
    "en": "A pledge was made for your need",
    "fr": "Un engagement a été pris pour votre besoin",
    "es": "compromiso",
    "pt": "compromisso",
}
WHY = {"en": "at once", "fr": "tout de suite", "es": "de inmediato", "pt": "de imediato"}


class Server:
    """A mail server on this machine; `holds` is how many further mails it takes in and keeps the sender waiting."""

    def __init__(self) -> None:
        self.port, self.mails = free_port(), []
        self.holds_after = None
        self.controller: Controller | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - called so
        self.mails.append((envelope.rcpt_tos[0], email.message_from_bytes(envelope.content, policy=default)))
        if self.holds_after is not None and len(self.mails) >= self.holds_after:
            # It has taken the mail, and the sender is killed before it hears of it.
            await asyncio.sleep(8)
        return "250 taken"

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None

    def to(self, address: str) -> list[EmailMessage]:
        return [message for recipient, message in list(self.mails) if recipient == address]


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    made.start()
    yield made
    made.stop()


class Place:
    """A site whose mail goes to that server, and four colleagues of one authority who read four languages."""

    def __init__(self, common: Path, server: Server) -> None:
        self.site = site_in(copy_of_demonstration(common))
        self.site.environment["SMTP_URL"] = f"smtp://127.0.0.1:{server.port}"
        self.database = Database(Settings.from_environment(self.site.environment).database_url)
        self.now = datetime.now(UTC).replace(hour=12, minute=0)
        with self.database.transaction() as tx:
            # What the demonstration still has to tell is told elsewhere.
            tx.execute(delete(Delivery))
            tx.execute(delete(Mail))
            world = World(tx, self.now)
            state, donor = (
                world.organisation(name="Journey authority"),
                world.organisation("donor", name="Journey donor"),
            )
            people = {one: world.account(state, email=f"{one}@journey.example", language=one) for one in LANGUAGES}
            need = world.need(state, title="Scanners for the port")
            self.need, self.state, self.donor = need.id, state.id, donor.id
            self.addresses = {language: person.email for language, person in people.items()}

    def pledge(self, fact: type = PledgeMade) -> None:
        """Somebody pledges for the need, or takes a pledge back: what happened is told to the worker."""
        with self.database.transaction() as tx:
            need, donor = tx.get_one(Need, self.need), tx.get_one(Organisation, self.donor)
            pledge = World(tx, self.now).pledge(need, donor, status="pledged", accepted_at=self.now)
            outbox.tell(tx, fact(pledge.id, need.id), self.now)

    def worker(self, **later: float) -> subprocess.Popen[bytes]:
        """A worker for which it is that much later."""
        at = self.now + timedelta(**later)
        environment = {**self.site.environment, "COUNTERPART_NOW": at.isoformat()}
        with (self.site.folder / "worker.txt").open("a") as out:
            command = [sys.executable, "-m", "flask", "--app", "app", "worker"]
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)

    def mails(self) -> list[Any]:
        with self.database.reading() as tx:
            rows = tx.scalars(select(Mail).order_by(Mail.id)).all()
            return [SimpleNamespace(to=m.recipient, id=m.message_id, sent=m.sent_at, attempts=m.attempts) for m in rows]

    def reasons(self, language: str) -> list[str]:
        with self.database.reading() as tx:
            query = select(Delivery.withheld).join(Account, Account.id == Delivery.account_id)
            return list(tx.scalars(query.where(Account.email == self.addresses[language]).order_by(Delivery.id)))


@pytest.fixture
def place(common: Path, server: Server) -> Iterator[Place]:
    made = Place(common, server)
    yield made
    made.database.close()


@pytest.fixture
def served(place: Place) -> Iterator[RunningSite]:
    yield serve(place.site)
    place.site.stop()


def end(worker: subprocess.Popen[bytes], how: int = signal.SIGTERM) -> None:
    worker.send_signal(how)
    worker.wait(30)


def plain(message: EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def html(message: EmailMessage) -> str:
    return message.get_body(("html",)).get_content()  # type: ignore[union-attr]


def one_click(address: str) -> int:
    """What a mail program sends: no cookie, no form, one line."""
    data = b"List-Unsubscribe=One-Click"
    with urllib.request.urlopen(urllib.request.Request(address, data), timeout=30) as answer:  # noqa: S310 - loopback
        assert "Set-Cookie" not in answer.headers
        return int(answer.status)


def test_four_colleagues_read_it_in_their_languages_and_stop_it(
    place: Place, server: Server, served: RunningSite, browser: Any
) -> None:
    place.pledge()
    wait_until(lambda: len(server.mails) >= len(LANGUAGES), PATIENCE)
    stops = {}
    for language, address in place.addresses.items():
        (mail,) = server.to(address)
        assert mail["Subject"] == say(SUBJECTS["pledge_made"], language)
        for half in (plain(mail), html(mail)):
            assert SENTENCES[language] in half
            assert "Scanners for the port" in half
            assert WHY[language] in half
        assert f'<html lang="{language}"' in html(mail)
        stops[language] = mail["List-Unsubscribe"].strip("<>")
        assert stops[language].startswith(f"{served.address}/mail/")
    assert [one_click(stops["en"]), one_click(stops["en"])] == [200, 200]
    page = browser.new_context(base_url=served.address, locale="es").new_page()
    page.goto(stops["es"])
    assert "e•••@journey.example" in page.locator("main").inner_text()
    page.get_by_role("button", name="Dejar de recibir estos correos").click()
    page.get_by_text("Encontrará estas novedades en el sitio").first.wait_for()
    page.goto(stops["fr"])
    page.locator("[name=group_pledges]").select_option("daily")
    page.locator("#wishes button[type=submit]").click()
    page.locator("[name=group_pledges]").wait_for()
    page.context.close()
    place.pledge()
    wait_until(lambda: len(server.to(place.addresses["pt"])) == 2, PATIENCE)
    assert [len(server.to(address)) for address in place.addresses.values()] == [1, 1, 1, 2]
    assert [place.reasons(language)[1] for language in LANGUAGES] == ["site", "", "site", ""]
    served.wait_idle()


def test_a_worker_that_is_killed_while_it_sends_loses_nothing(place: Place, server: Server) -> None:
    place.pledge()
    later = kills = 0
    for held in (1, 3, 4):
        server.holds_after = held
        worker = place.worker(minutes=later)
        wait_until(lambda held=held: len(server.mails) >= held, PATIENCE)
        end(worker, signal.SIGKILL)
        kills, later = kills + 1, later + 25
    server.holds_after = None
    for minutes in (later, later + 60, later + 200):
        worker = place.worker(minutes=minutes)
        wait_until(lambda: bool(place.mails()), PATIENCE)
        wait_until(lambda minutes=minutes: minutes < later + 200 or all(mail.sent for mail in place.mails()), PATIENCE)
        end(worker)
    kept = {mail.to: mail.id for mail in place.mails()}
    assert set(kept) == set(place.addresses.values())
    got = Counter(message["Message-ID"] for _to, message in server.mails)
    assert set(got) == set(kept.values()), "none was lost, and each repeated one has the same Message-ID"
    assert kills == sum(got.values()) - len(got) == 3, "each kill repeated one, no more"
    for language, address in place.addresses.items():
        assert {m["Subject"] for m in server.to(address)} == {say(SUBJECTS["pledge_made"], language)}


def test_an_hour_without_a_server_loses_nothing_and_the_day_ends_with_a_digest(place: Place, server: Server) -> None:
    server.stop()
    place.pledge()
    place.pledge(PledgeWithdrawn)
    said = place.site.folder / "worker.txt"
    for minutes in (0, 30, 59):
        said.write_text("")
        worker = place.worker(minutes=minutes)
        wait_until(lambda: "the mail server cannot be reached" in said.read_text(), PATIENCE)
        end(worker)
        assert [(mail.attempts, mail.sent) for mail in place.mails()] == [(0, None)] * 4
    server.start()
    worker = place.worker(minutes=61)
    wait_until(lambda: len(server.mails) >= 4 and all(mail.sent for mail in place.mails()), PATIENCE)
    end(worker)
    assert Counter(to for to, _message in server.mails) == dict.fromkeys(place.addresses.values(), 1)
    worker = place.worker(hours=24)
    wait_until(lambda: len(server.mails) >= 8, PATIENCE)
    end(worker)
    for language, address in place.addresses.items():
        _first, digest = server.to(address)
        assert digest["Subject"] == say(Message(DIGESTS["daily"].text, {"count": 1}), language)
        assert say(SUBJECTS["pledge_withdrawn"], language) in plain(digest) or "Scanners" in plain(digest)
        assert digest["Precedence"] == "bulk"
