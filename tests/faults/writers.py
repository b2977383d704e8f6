"""People who write through the real forms while the site is killed under them, and the account of what it acknowledged.

Acknowledged is what was answered with 303 to a page of the site. Whoever gets no answer presses the button once more
with the very same form, as people do, or gives up: what was given up may be there or not, but never twice.
"""

from __future__ import annotations

import http.client
import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pyotp

from tests.benchmarks.visitor import Unexpected, Visitor
from tests.factories import APP_SECRET, PASSWORD
from tests.faults.town import ROLES, Town

GIVES_UP = 0.3
LONGEST_TRY = 60.0
LINE_LOST = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Entry:
    """One thing that was sent: its own marker, and where it led (empty: never acknowledged)."""

    role: str
    marker: str
    led_to: str
    tries: int


@dataclass
class Account:
    """Everything that was sent, and how the site answered; several threads write into it."""

    entries: list[Entry] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, entry: Entry, seconds: float) -> None:
        """Write it down before anything else is done."""
        with self.lock:
            self.entries.append(entry)
            self.seconds.append(seconds)

    def count(self, answer: str) -> None:
        """How often the site answered so."""
        with self.lock:
            self.answers[answer] += 1

    def acknowledged(self, role: str = "") -> list[Entry]:
        """What the site said it has."""
        with self.lock:
            return [one for one in self.entries if one.led_to and role in {"", one.role}]

    @property
    def written(self) -> int:
        """How much was acknowledged so far."""
        return len(self.acknowledged())


class Writer(threading.Thread):
    """One person at one host, who writes in one way until told to stop."""

    def __init__(self, number: int, addresses: list[str], town: Town, account: Account, goes_on: Callable[[], bool]):
        super().__init__(name=f"writer-{number}", daemon=True)
        self.role = ROLES[number % len(ROLES)]
        mine = number // len(ROLES)
        self.email = town.people[self.role][mine % len(town.people[self.role])]
        self.visitor = Visitor(addresses[number % len(addresses)])
        self.addresses, self.town, self.account, self.goes_on = addresses, town, account, goes_on
        self.source = random.Random(number)
        same = sum(1 for other in range(number) if other % len(ROLES) == number % len(ROLES))
        self.questions = iter(town.questions[same :: max(1, len(town.people[self.role]))])
        self.forms: dict[str, list[tuple[str, str]]] = {}
        self.error: BaseException | None = None
        self.number, self.done = number, 0

    def sign_in(self) -> None:
        """Through the form, with the second step where one is asked for."""
        try:
            self.visitor.sign_in(self.email, PASSWORD)
        except Unexpected:
            # The password was right, and the page asks for the second step.
            again = self.visitor.form("/sign-in/second-step")
            self.visitor.send("/sign-in/second-step", again, {"code": pyotp.TOTP(APP_SECRET).now()})

    def run(self) -> None:
        """Write, one thing after the other."""
        try:
            while self.goes_on():
                self.one()
        except StopIteration:
            return
        except BaseException as error:  # noqa: BLE001 - told by whoever waits for it
            # Whoever is still looking for a form when the run ends has sent nothing.
            self.error = error if self.goes_on() else None

    def one(self) -> None:
        """One thing, sent until it is acknowledged or given up."""
        marker = f"zq{self.number:02d}x{self.done:05d}x{secrets.token_hex(4)}"
        self.done += 1
        form, to, typed = getattr(self, self.role)(marker)
        fields = [(name, value) for name, value in self.fields(form) if not name.endswith("form_key")]
        # The key of a form is any random word: a fresh one makes it the form of a page that was opened anew.
        prefix = "answer-" if self.role == "answers" else ""
        fields.append((f"{prefix}form_key", secrets.token_urlsafe(16)))
        began, tries, led_to = time.monotonic(), 0, ""
        while not led_to and time.monotonic() - began < LONGEST_TRY and (not tries or self.goes_on()):
            tries += 1
            led_to = self._try(to, fields, typed)
            if not led_to and self.source.random() < GIVES_UP:
                break
        self.account.note(Entry(self.role, marker, led_to, tries), time.monotonic() - began)

    def _try(self, to: str, fields: list[tuple[str, str]], typed: dict[str, Any]) -> str:
        try:
            led_to = self.visitor.send(to, fields, typed)
        except LINE_LOST as error:
            self.account.count(type(error).__name__)
            time.sleep(self.source.uniform(0.1, 0.8))
            # Another host, if there is one: what stands before the hosts would do the same.
            self.visitor.address = self.source.choice(self.addresses)
            return ""
        except Unexpected as error:
            self.account.count(str(error).split(" ", 2)[2][:90])
            time.sleep(self.source.uniform(0.1, 0.8))
            return ""
        if urlsplit(led_to).path.startswith("/sign-in"):
            raise Unexpected(f"{self.email} is signed out")
        self.account.count("303")
        return led_to

    def fields(self, form: str) -> list[tuple[str, str]]:
        """The fields of a form, fetched until the site gives it; a page that was open before is as good."""
        while form not in self.forms:
            try:
                self.forms[form] = self.visitor.form(form, "need-form" if self.role == "needs" else "")
            except (*LINE_LOST, Unexpected):
                # However long the site is away: only the end of the run ends the waiting.
                if not self.goes_on():
                    raise
                time.sleep(self.source.uniform(0.1, 0.8))
        return self.forms[form]

    # --- what each of the four writes: where its form is, where it goes, what is typed ---

    def needs(self, marker: str) -> tuple[str, str, dict[str, Any]]:
        """An official asks for training."""
        today = datetime.now(UTC).date()
        return "/needs/new", "/needs/new", {
            "language": "en", "title": f"Training of judges {marker}", "themes": ["judicial_process"],
            "problem": f"In 2025 the courts could not try these cases as the law asks ({marker}).",
            "lines-0-kind": "training", "lines-0-quantity": "20", "lines-0-unit": "participants",
            "lines-0-description": "Judges", "delivery_languages": ["fr"], "guard-anyway": "1",
            "starts_on": (today + timedelta(days=90)).isoformat(),
            "ends_on": (today + timedelta(days=400)).isoformat(),
        }  # fmt: skip

    def pledges(self, marker: str) -> tuple[str, str, dict[str, Any]]:
        """A donor pledges for a part of a need."""
        here = f"/needs/{self._next(self.town.needs)}/pledge"
        return here, here, {"lines-0-quantity": "1", "lines-0-amount": "", "conditions": f"As agreed: {marker}"}

    def nominations(self, marker: str) -> tuple[str, str, dict[str, Any]]:
        """A focal point puts somebody forward."""
        here = f"/courses/{self._next(self.town.sessions)}/nominations/new"
        return (
            here,
            here,
            {"name": f"Candidate {marker}", "email": f"{marker}@example.org", "rank": str(self.done % 900 + 1)},
        )

    def answers(self, marker: str) -> tuple[str, str, dict[str, Any]]:
        """An official answers a question that waits."""
        here = f"/clarifications/{next(self.questions)}"
        self.forms[here] = self.forms.get("answer") or self.fields_of_answer(here)
        return here, f"{here}/answer", {"answer-answer": f"It takes five days ({marker}).", "answer-language": "en"}

    def fields_of_answer(self, page: str) -> list[tuple[str, str]]:
        """The fields of the form under a question; but for its key they are those of every other question."""
        fields = self.fields(page)
        token = next(value for name, value in fields if name == "csrf_token")
        self.forms["answer"] = [("csrf_token", token), ("answer-version", "")]
        return self.forms["answer"]

    def _next(self, places: list[str]) -> str:
        # Each writer stays for a while at one place, and each begins at another.
        return places[(self.number + self.done // 20) % len(places)]
