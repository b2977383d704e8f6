"""The invented organisations and the people who sign in for them."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from app.accounts.members import set_role
from app.accounts.models import Account, Membership, SecondStep
from app.accounts.proof.apps import new_secret
from app.accounts.proof.seal import Seal
from app.accounts.queries import account_by_email, actor_of, membership_of
from app.accounts.rules import asks_for_second_step
from app.accounts.service import AccountDraft, create_account
from app.demonstration.source import Entry
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS, ROLES_THAT_EDIT, SYSTEM, Actor
from app.organisations.details import ask_again_on
from app.organisations.models import Organisation
from app.organisations.service import ApplicationDraft, apply

ACCOUNTS_FILE = "demo-accounts.json"
SECRETARIAT = "secretariat"
APPLIED = "applied"
LETTER = "Nous demandons l’inscription de notre service afin de publier les besoins de notre pays."
OF_THE_FILE = (
    "kind", "name", "names", "acronym", "country", "grouping", "iati_identifier", "email_domain", "website", "about",
    "language", "status",
)  # fmt: skip

CONSONANTS, VOWELS = "bdfgjklmnprstvz", "aeiou"
PASSPHRASE_WORDS, SYLLABLES = 5, 2


@dataclass(frozen=True)
class SignIn:
    """What somebody who looks at the demonstration needs to sign in."""

    email: str
    password: str
    totp_secret: str | None
    organisation: str
    kind: str
    country: str | None
    role: str


def new_passphrase() -> str:
    """Five invented words of four letters, about 62 bits of chance, easy to type and to say."""
    words = (
        "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(SYLLABLES))
        for _ in range(PASSPHRASE_WORDS)
    )
    return "-".join(words)


class People:
    """Makes organisations and accounts, and gives the actor for each organisation's records."""

    def __init__(self, tx: Tx, now: datetime, seal: Seal) -> None:
        self._tx = tx
        self._now = now
        self._seal = seal
        self.organisations: dict[str, Organisation] = {}
        self._editors: dict[str, str] = {}
        self._speakers: dict[str, str] = {}
        self._members: list[str] = []
        self.sign_ins: list[SignIn] = []

    @property
    def ids(self) -> dict[str, int]:
        """The numbers of the organisations by their keys."""
        return {key: organisation.id for key, organisation in self.organisations.items()}

    def found(self, organisations: list[Entry], accounts: list[Entry], password: str) -> None:
        """Make all of them; whoever waits for verification has applied, the others are verified already."""
        for entry in organisations:
            applicants = [account for account in accounts if account["organisation"] == entry["key"]]
            self.organisations[entry["key"]] = self._organisation(entry, applicants)
        for entry in accounts:
            self._account(entry, password)

    def actor(self, key: str) -> Actor:
        """Somebody who writes for the organisation, with the rights of this moment."""
        account = account_by_email(self._tx, self._editors[key])
        assert account is not None
        return actor_of(account)

    def speaker(self, key: str) -> Actor:
        """The focal point of the organisation."""
        account = account_by_email(self._tx, self._speakers[key])
        assert account is not None
        return actor_of(account)

    def settle(self, now: datetime) -> None:
        """Give those who only read their own role; until now they wrote, or their records would have no author."""
        for email in self._members:
            membership = self._membership(email)
            set_role(self._tx, self.actor(SECRETARIAT), membership, "member", now)

    def _organisation(self, entry: Entry, applicants: list[Entry]) -> Organisation:
        if entry["status"] == APPLIED:
            organisation = apply(self._tx, ANONYMOUS, _application(entry, applicants[0]), self._now)
            organisation.names = entry["names"]
        else:
            organisation = Organisation(**{name: entry[name] for name in OF_THE_FILE if name in entry})
            organisation.created_at = organisation.changed_at = organisation.decided_at = self._now
            organisation.verify_by = ask_again_on(self._now)
            self._tx.add(organisation)
            self._tx.flush()
            record_event(self._tx, SYSTEM, "organisation.verified", organisation, self._now)
        organisation.iati_type = str(entry["iati_type"])
        return organisation

    def _account(self, entry: Entry, password: str) -> None:
        organisation = self.organisations[entry["organisation"]]
        is_only_reader = entry["role"] not in ROLES_THAT_EDIT
        role = "editor" if is_only_reader else entry["role"]
        account = create_account(
            self._tx,
            AccountDraft(entry["email"], entry["name"], password, entry["language"], organisation.id, role),
            self._now,
        )
        secret = self._second_step(account) if asks_for_second_step(organisation.kind, entry["role"]) else None
        if is_only_reader:
            self._members.append(entry["email"])
        if role == "editor" or entry["organisation"] not in self._editors:
            self._editors[entry["organisation"]] = entry["email"]
        if role == "focal_point":
            self._speakers[entry["organisation"]] = entry["email"]
        self.sign_ins.append(
            SignIn(
                entry["email"],
                password,
                secret,
                organisation.name,
                organisation.kind,
                organisation.country,
                entry["role"],
            )
        )

    def _second_step(self, account: Account) -> str:
        secret = new_secret()
        app = SecondStep(
            account_id=account.id, kind="app", name="Telephone", secret=self._seal.seal(secret), created_at=self._now
        )
        self._tx.add(app)
        account.second_step_since = self._now
        return secret

    def _membership(self, email: str) -> Membership:
        account: Account | None = account_by_email(self._tx, email)
        assert account is not None
        membership = membership_of(self._tx, account.memberships[0].organisation_id, account.ref)
        assert membership is not None
        return membership


def _application(entry: Entry, applicant: Entry) -> ApplicationDraft:
    return ApplicationDraft(
        kind=entry["kind"],
        name=entry["name"],
        language=entry["language"],
        country=entry.get("country"),
        email_domain=entry["email_domain"],
        applicant_name=applicant["name"],
        applicant_email=applicant["email"],
        letter=LETTER,
        acronym=entry["acronym"],
        grouping=entry.get("grouping"),
        website=entry["website"],
        iati_identifier=entry["iati_identifier"],
        about=entry["about"],
    )


def write_accounts(data_dir: Path, sign_ins: list[SignIn]) -> Path:
    """Write the sign-ins where only the site's own user can read them.

    Raises:
        OSError: the folder cannot be written to.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / ACCOUNTS_FILE
    text = json.dumps([asdict(sign_in) for sign_in in sign_ins], ensure_ascii=False, indent=1)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text + "\n")
    return path
