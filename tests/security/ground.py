"""What is attacked: one record of every kind, people who between them may do everything, and a look at every row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from app.accounts.links.service import ask_for_reset
from app.accounts.links.service import token_for as link_of
from app.accounts.models import Confirmation, Invitation, SecondStep
from app.accounts.queries import token_for
from app.closing.rules import Wanted
from app.closing.service import ask_for
from app.config import Settings
from app.foundation.filing.files import Attachment, store_file
from app.foundation.filing.store import FileStore
from app.foundation.messages import msg
from app.foundation.web import GUARDS
from app.foundation.worker import work_off
from app.lessons.standing.models import LessonTie
from app.needs.models import Result
from app.notifications.alerts.links import stop_token
from app.notifications.links.service import token_for as mail_token
from app.notifications.mailer import send_mails
from app.notifications.models import Notice
from app.search.models import SavedSearch
from app.tables import METADATA
from app.wiring import REACTIONS
from tests.house import MovableClock, RolledBackDatabase
from tests.pages import sign_in_with
from tests.security.filled import Filled, forms_of

NOBODY = "nobody"
PEOPLE = (NOBODY, "state", "donor", "centre", "office")
OWNERS = {"pledges": "donor", "programmes": "donor", "courses": "centre", "outputs": "centre", "record": "office"}
WITH_FORMS = frozenset(
    {"desk.index", "notifications.index", "accounts.second_steps", "accounts.sign_ins", "record.search"}
)
CONTENT = b"Terms of reference"
# What differs from one try to the next, whatever was sent: references, digests, and what is sealed or hashed.
CHANCE = re.compile(
    r"\b[A-Z]{1,2}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b|\b[0-9a-f]{16,64}\b|gAAAA[\w=-]+|\$argon2[^']+"
    # Tokens may begin or end with a hyphen, where \b sees no edge.
    r"|(?<![\w-])[\w-]{22,43}(?![\w-])|'[\w-]{16}'"
    # The last letters of a token that a person has made.
    r"|'[\w-]{4}'(?=, 'stamp-)"
)


class Ground:
    """The records, each of an organisation whose focal point is one of `people`; `words` are columns by kind."""

    def __init__(self, world: Any, tx: Any, folder: Any, secret: str) -> None:
        self.tx, self.now = tx, world.now
        kinds = {"state": "state", "donor": "donor", "centre": "centre", "office": "secretariat"}
        self.organisations = {name: world.organisation(kind) for name, kind in kinds.items()}
        state, donor, centre, _office = self.organisations.values()
        self.people = {name: world.account(o, "focal_point") for name, o in self.organisations.items()}
        self.member = world.account(state, "editor")
        self.applied = world.organisation("donor", "applied", applicant_email="a@ministry.example", applicant_name="A")
        self.need = world.need(state, indicators=[{}])
        self.programme = world.programme(donor)
        self.course = world.course(centre, sessions=[{}])
        self.lesson = world.lesson(state, status="submitted")
        self.other_lesson = world.lesson(donor)
        self.output = world.output(centre)
        self.pledge = world.pledge(self.need, donor, status="pledged", made_by=self.people["donor"].id)
        self.meeting = world.meeting(state, invited=[donor], held_on=self.now.date())
        self.nomination = world.nomination(self.course.sessions[0], state)
        self.item, self.point = world.agenda_item(self.meeting), world.action_point(self.meeting, state)
        wanted = Wanted(state.id, "need", self.need.ref, "need", self.need.ref, "recipient", "public")
        self.asked = ask_for(tx, [wanted], self.now)[0]
        self.sponsorship = world.sponsorship(self.course.sessions[0], donor, status="offered")
        self.clarification = world.clarification(self.need, donor, asked_by=self.people["donor"].id)
        self.thread = world.thread(self.need, self.pledge, sent_by=self.people["state"].id)
        self._hang_on(folder)
        self.values = self._values(secret)

    def _hang_on(self, folder: Any) -> None:
        state, person = self.organisations["state"], self.people["state"]
        self.invitation = Invitation(
            organisation=state, email="new@state.example", role="editor", created_at=self.now,
            expires_at=self.now + timedelta(days=7),
        )  # fmt: skip
        self.file = Attachment(
            record_kind="need", record_ref=self.need.ref, organisation_id=state.id, name="plan.txt", size=len(CONTENT),
            sha256=store_file(FileStore(folder), CONTENT), uploaded_by=person.id, uploaded_at=self.now,
        )  # fmt: skip
        self.result = Result(
            indicator_id=self.need.indicators[0].id, actual="7", measured_on=self.now.date(), recorded_by=person.id,
            recorded_at=self.now,
        )  # fmt: skip
        self.notice = Notice(
            account_id=person.id, created_at=self.now, cause="need_fits", message=msg("News").as_json(),
            record_kind="need",
            record_ref=self.need.ref,
        )  # fmt: skip
        self.tie = LessonTie(
            first_id=self.lesson.id, second_id=self.other_lesson.id, kind="contradicts", sentence="So.",
            organisation_id=state.id, declared_by=person.id, declared_at=self.now,
        )  # fmt: skip
        days = {"saved_at": self.now, "looked_at": self.now, "news_from": self.now}
        self.saved = SavedSearch(account_id=person.id, name="Ports", address="?q=ports", **days)
        self.tx.add_all([self.invitation, self.file, self.result, self.notice, self.tie, self.saved])
        ask_for_reset(self.tx, self.member.email, self.now)
        self.tx.flush()

    def _values(self, secret: str) -> dict[str, Any]:
        asked = self.tx.scalars(select(Confirmation)).one()
        step = self.tx.scalars(select(SecondStep).where(SecondStep.account_id == self.people["office"].id)).first()
        return {
            "account": self.member.ref, "invitation": self.invitation.ref, "fref": self.file.ref,
            "notice_id": self.notice.id, "need_ref": self.need.ref, "session_ref": self.course.sessions[0].ref,
            "offer_ref": self.programme.ref, "kind": "programme", "iref": self.need.indicators[0].ref,
            "code": "asset_recovery", "iso2": "SN", "language": "fr", "ending": "csv", "answer": "true",
            "step": step.ref if step else "S-2222-2222",
            "item_ref": self.item.ref, "point_ref": self.point.ref, "pledge_ref": self.pledge.ref,
            "tie_ref": self.tie.ref, "record_ref": self.need.ref,
            "filename": "css/counterpart.css",
            "stop": stop_token(secret, self.saved, self.people["state"]),
            "token": token_for(secret, self.invitation), "reset": link_of(secret, asked),
            "mail": mail_token(secret, self.people["state"], ["matches"], self.now),
        }  # fmt: skip

    # --- addresses ---

    def record(self, rule: Rule) -> Any:
        """The record that an address with a reference is about."""
        feature = rule.endpoint.split(".")[0]
        if rule.endpoint == "organisations.decide":
            return self.applied
        if feature == "open_data":
            return self.programme if rule.endpoint == "open_data.programme" else self.organisations["donor"]
        if rule.endpoint in {"clarifications.about", "clarifications.ask"}:
            return self.need
        if feature == "sponsors" and "session_ref" in rule.arguments:
            return self.course
        named = {
            "accounts": self.organisations["state"], "organisations": self.organisations["state"],
            "sponsors": self.sponsorship, "clarifications": self.clarification, "messages": self.thread,
            "advice": self.lesson, "alerts": self.saved, "following": self.programme,
            "closing": self.asked, "matching": self.need, "pledges": self.pledge,
        }  # fmt: skip
        return named.get(feature) or getattr(self, feature.removesuffix("s"), self.need)

    def address(self, app: Flask, rule: Rule, **changed: str) -> str:
        """An address that leads to what there is; `changed` are arguments of other values."""
        values = {name: self.values.get(name, "x") for name in rule.arguments}
        values |= {"ref": self.record(rule).ref} if "ref" in rule.arguments else {}
        values |= {name: value for name, value in (("number", "1"), ("form", "pdf")) if name in rule.arguments}
        values |= {"code": "fr"} if rule.endpoint == "language.choose" else {}
        values |= {"token": self.values["reset"]} if rule.endpoint == "accounts.reset" else {}
        values |= {"token": self.values["mail"]} if rule.endpoint.startswith("mail_links.") else {}
        values |= {"token": self.values["stop"]} if rule.endpoint.startswith("alerts.stop") else {}
        with app.test_request_context():
            return app.url_for(rule.endpoint, **{**values, **changed})


@dataclass
class Stage:
    """The site under attack, what stands on it, the browsers by whose they are, and every form that they found."""

    app: Flask
    settings: Settings
    database: RolledBackDatabase
    clock: MovableClock
    ground: Ground
    browsers: dict[str, Any]
    forms: list[tuple[Any, str, Filled]]


def work(app: Flask) -> None:
    """Let the worker do all that it has to: reactions, and then the mails."""
    site = app.extensions["counterpart"]
    while work_off(site, REACTIONS):
        pass
    for _ in range(20):
        send_mails(site)


def rules_of(app: Flask, method: str) -> list[Rule]:
    """The guarded routes that take this method, by address."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint in GUARDS and method in (rule.methods or ())]
    return sorted(found, key=lambda rule: rule.rule)


def walk(app: Flask, ground: Ground, browsers: dict[str, Any]) -> dict[tuple[str, frozenset[str]], tuple[str, Filled]]:
    """Every form that the owners of the records, the office and nobody in particular find on the pages of the site."""
    found: dict[tuple[str, frozenset[str]], tuple[str, Filled]] = {}
    for rule in rules_of(app, "GET"):
        if not (rule.arguments or "POST" in (rule.methods or ()) or rule.endpoint in WITH_FORMS):
            continue
        address = ground.address(app, rule)
        for name in dict.fromkeys([OWNERS.get(rule.endpoint.split(".")[0], "state"), "state", "office", NOBODY]):
            answer = browsers[name].get(address, check=False)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                for form in forms_of(answer.text, address):
                    found.setdefault((form.action.split("?")[0], frozenset(form.names)), (name, form))
    return found


def windows(new_client: Callable[[], FlaskClient], ground: Ground, names: tuple[str, ...] = PEOPLE) -> dict[str, Any]:
    """A browser for each of these people, signed in."""
    opened: dict[str, Any] = {name: new_client() for name in names}
    for name, browser in opened.items():
        if name != NOBODY:
            sign_in_with(browser, ground.people[name])
    return opened


# --- what there is in the database, and a try that leaves nothing behind ---


def rows(database: Any) -> Counter[str]:
    """Every row of every table, in words."""
    found: Counter[str] = Counter()
    for table in METADATA.sorted_tables:
        found.update(f"{table.name}: {tuple(row)!r}" for row in database.connection.execute(select(table)))
    return found


def differences(before: Counter[str], after: Counter[str]) -> list[str]:
    """Which rows are in one and not in the other, in words, without what is a matter of chance."""
    gone = [f"- {CHANCE.sub('*', row)}" for row in (before - after).elements()]
    new = [f"+ {CHANCE.sub('*', row)}" for row in (after - before).elements()]
    return sorted(gone + new)


@contextmanager
def undone(database: Any, *browsers: Any) -> Iterator[None]:
    """Whatever is done inside has not been done afterwards; the browsers have their old cookies again."""
    if database.tests_own is not None:
        database.tests_own.flush()
    kept = [dict(browser._cookies) for browser in browsers]
    savepoint = database.connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        for browser, cookies in zip(browsers, kept, strict=True):
            browser._cookies.clear()
            browser._cookies.update(cookies)
        if database.tests_own is not None:
            database.tests_own.expire_all()
