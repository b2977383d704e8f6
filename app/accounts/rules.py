"""The law of accounts: roles, what makes a password, how long failures lock, and what an invitation is worth."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from zxcvbn import zxcvbn

from app.foundation.messages import Message, msg
from app.foundation.permissions import ROLES_THAT_EDIT, Actor
from app.foundation.references import SHAPE
from app.foundation.text import fold
from app.organisations.rules import Label

ROLES: dict[str, Label] = {
    "member": Label(msg("Member (reads)"), "neutral"),
    "editor": Label(msg("Editor (writes)"), "info"),
    "focal_point": Label(msg("Focal point (writes and invites)"), "accent"),
}

GUARDED: dict[str, Message] = {
    "password_changed": msg("Your password was changed."),
    "step_added": msg("A second step for signing in was added."),
    "step_removed": msg("A second step for signing in was removed."),
    "steps_cleared": msg("The secretariat has removed all second steps of your account and ended your sign-ins."),
    "codes_renewed": msg("New recovery codes were made; the old ones no longer work."),
    "sign_ins_ended": msg("The secretariat has ended all sign-ins of your account. Sign in anew."),
    "recovery_used": msg("A recovery code was used to sign in."),
    "sign_in_new": msg("Somebody signed in with a browser that had not been used for your account before."),
    "token_made": msg("A token was made by which a program can act for you. If it was not you, revoke it at once."),
    "place_ended": msg("You no longer act for one of your organisations."),
    "handed_to": msg(
        "A colleague has handed over to you what was begun for your organisation. It stands on your desk."
    ),
    "handed_from": msg("What you had begun for one of your organisations was handed over to a colleague."),
    "closed": msg("Your account was closed, and what it said of you was erased."),
}
"""What the owner of an account is told by mail, in words that give nothing else away."""

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256
LONGEST_ESTIMATED = 72
STRONG_ENOUGH = 3
SHORTEST_LOCAL_PART = 3
# What people choose most often when twelve characters are asked for, folded and without spaces.
# fmt: off
COMMON_PASSWORDS = frozenset((
    "000000000000", "111111111111", "123123123123", "123456789012", "1234567890123", "12345678901234",
    "1q2w3e4r5t6y", "1qaz2wsx3edc", "abcd12345678", "abcdefghijkl", "abcdefghijklm", "administrador",
    "administrateur", "administrator", "asdfghjkl123", "azerty123456", "azertyuiop12", "azertyuiop123",
    "azertyuiopqs", "changeme1234", "changemechangeme", "contrasena12", "contrasena123", "contrasena1234",
    "correcthorsebatterystaple", "counterpart12", "counterpart123", "counterpart1234", "counterpartcounterpart",
    "football1234", "iloveyou1234", "iloveyouforever", "letmein12345", "letmeinletmein", "motdepasse12",
    "motdepasse123", "motdepasse1234", "palavrapasse", "palavrapasse1", "passw0rd1234", "password1234",
    "password12345", "password123456", "passwordpassword", "qwerty123456", "qwertyqwerty", "qwertyuiop12",
    "qwertyuiop123", "qwertyuiop1234", "qwertyuiopas", "senha12345678", "superman1234", "thequickbrownfox",
    "welcome12345", "welcometothejungle", "zaq12wsxcde3",
))
# fmt: on
FIELD_WORDS = (
    "assistance",
    "technical",
    "capacity",
    "donor",
    "donors",
    "training",
    "justice",
    "police",
    "customs",
    "prosecutor",
    "ministry",
    "ministere",
    "ministerio",
    "secretariat",
    "drugs",
    "crime",
    "border",
    "programme",
    "pledge",
    "needs",
    "unodc",
    "interpol",
)  # fmt: skip
"""Words of this trade, which are tried first against people who work in it."""

FAILURES_BEFORE_LOCK = 5
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
LONGEST_SIGN_IN = timedelta(hours=12)
"""A working day: on a shared computer a forgotten sign-in ends by itself."""
LONGEST_REST = timedelta(hours=2)
"""A sign-in that nobody uses for so long ends: long enough for a meeting, and what was typed is kept as a draft."""
NOTED_EVERY = timedelta(minutes=1)
"""How often at most the site writes down that a sign-in is used."""

INVITATION_LIFE = timedelta(days=14)
LARGEST_CARRIED = 400_000
MOST_CARRIED_FIELDS = 2_000

WRONG_SIGN_IN = msg(
    "This e-mail address and password do not belong together, or there were too many attempts. "
    "Check both; after five wrong attempts wait a minute, and longer after each further one."
)
"""The one answer to every failure, so that nobody learns from it which addresses have an account."""


NOT_PRESENT = msg(
    "This is not your present password, or there were too many attempts. Type it again; after five wrong attempts "
    "wait a minute, and longer after each further one."
)


class AccountRefused(ValueError):
    """What was asked for cannot be done; `message` says why and how to mend it, `field` where it was typed."""

    def __init__(self, message: Message, field: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


def standing(actor: Actor) -> str:
    """As what a signed-in person stands before the site.

    `nobody` (without an organisation), `unverified`, `reader` (may not write for it), or the organisation's kind.
    """
    main = actor.main
    if main is None:
        return "nobody"
    if not actor.is_verified:
        return "unverified"
    return main.organisation_kind if main.role in ROLES_THAT_EDIT else "reader"


def asks_for_second_step(organisation_kind: str, role: str) -> bool:
    """Whether a place asks for more than a password: everywhere in the secretariat, and a focal point's anywhere."""
    return organisation_kind == "secretariat" or role == "focal_point"


def role_without_second_step(organisation_kind: str, role: str) -> str | None:
    """What is left of a place until the second step is set up: an editor's rights, and none in the secretariat."""
    if not asks_for_second_step(organisation_kind, role):
        return role
    return None if organisation_kind == "secretariat" else "editor"


def tidy_email(text: str) -> str:
    """An e-mail address as it is kept and compared."""
    return text.strip().casefold()


def password_fault(password: str, email: str, near: Iterable[str] = ()) -> Message | None:
    """What is wrong with a new password, or nothing: long enough, not the address, not everybody's. No other rule.

    `near` are words that lie near to this person (near_words).
    """
    if len(password) < SHORTEST_PASSWORD:
        return msg(
            "Use %(shortest)s characters or more; a sentence of four or five words does well.",
            shortest=SHORTEST_PASSWORD,
        )
    if len(password) > LONGEST_PASSWORD:
        return msg("Use at most %(longest)s characters.", longest=LONGEST_PASSWORD)
    flat = fold(password).replace(" ", "")
    local = fold(email.split("@", 1)[0])
    if len(local) >= SHORTEST_LOCAL_PART and local in flat:
        return msg("Leave the name of your e-mail address out of the password.")
    words = [*near, *FIELD_WORDS, "counterpart"]
    if flat in COMMON_PASSWORDS or is_made_of(flat, words) or is_guessed_early(password, [email, *words]):
        return msg("This password is one of those that are guessed first. Choose words of your own.")
    return None


def is_made_of(flat: str, words: Iterable[str]) -> bool:
    """Whether a password says hardly anything beside these words, figures and signs: fewer than four letters."""
    for word in sorted(words, key=len, reverse=True):
        flat = flat.replace(word, "")
    return sum(letter.isalpha() for letter in flat) <= SHORTEST_LOCAL_PART


def is_guessed_early(password: str, near: Iterable[str]) -> bool:
    """Whether fewer than a hundred million guesses find it.

    As zxcvbn (Wheeler, USENIX Security 2016) estimates from lists of passwords, names and words, keyboards and years.
    """
    own = [part for text in near for part in text.replace("@", ".").split(".")]
    return int(zxcvbn(password[:LONGEST_ESTIMATED], user_inputs=own)["score"]) < STRONG_ENOUGH


def lock_after(failures: int) -> timedelta | None:
    """How long the account is locked after this many failures in a row: 1 minute after the fifth, then doubling."""
    if failures < FAILURES_BEFORE_LOCK:
        return None
    factor = 1 << min(failures - FAILURES_BEFORE_LOCK, 10)
    return min(FIRST_LOCK * factor, LONGEST_LOCK)


def is_open(invitation: Any, now: datetime) -> bool:
    """Whether the invitation can still be accepted: once, within its fourteen days, and not taken back."""
    return invitation.accepted_at is None and invitation.revoked_at is None and now < invitation.expires_at


def may_leave(role: str, focal_points: int) -> bool:
    """Whether somebody with this role may lose it: an organisation keeps one focal point at least."""
    return role != "focal_point" or focal_points > 1


def is_draft_of(fields: Any, organisation_ref: str) -> bool:
    """Whether a draft says that it is written for this organisation."""
    return any(name == "organisation" and value == organisation_ref for name, value in fields)


def read_carried(text: str) -> list[tuple[str, str]]:
    """The fields that were typed into a form whose sign-in had expired; nothing if they cannot be read.

    Whatever looks like a password or a token is left behind: drafts are kept in plain text.
    """
    if not text or len(text) > LARGEST_CARRIED:
        return []
    try:
        pairs = json.loads(text)
    except (ValueError, RecursionError):
        return []
    if not isinstance(pairs, list) or len(pairs) > MOST_CARRIED_FIELDS or not all(_is_pair(pair) for pair in pairs):
        return []
    return [(name, value) for name, value in pairs if "password" not in name and name != "csrf_token"]


def _is_pair(pair: Any) -> bool:
    two = 2
    return isinstance(pair, list) and len(pair) == two and all(isinstance(part, str) for part in pair)


@dataclass(frozen=True)
class FormAddress:
    """Which form an address belongs to: its name without references ("needs/new"), and the record it changes."""

    form: str
    record_ref: str | None


def form_address(path: str) -> FormAddress:
    """The form behind a local address such as /needs/new or /needs/N-7KQ2-MX4T/amend?x=1."""
    parts = [part for part in path.split("?", 1)[0].split("#", 1)[0].split("/") if part]
    refs = [part for part in parts if SHAPE.match(part)]
    return FormAddress("/".join(part for part in parts if part not in refs)[:80], refs[-1] if refs else None)


def with_draft(address: str, key: str) -> str:
    """The address with a note of which draft to open there."""
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "draft"]
    return urlunsplit(("", "", parts.path, urlencode([*query, ("draft", key)]), ""))


def invitation_mail(invitation: Any, url: str, language: str) -> tuple[Message, Message]:
    """Subject and body of the mail that invites somebody; `url` is the whole address of the link, used up at once.

    `language` is the one the mail will be said in: the organisation's name is given in it where there is one.
    """
    organisation = invitation.organisation.named(language)
    subject = msg("%(organisation)s invites you to Counterpart", organisation=organisation)
    body = msg(
        "%(greeting)s\n\n%(organisation)s invites you to act for it on Counterpart, where States, donors and training "
        "centres co-ordinate technical assistance. Your role: %(role)s.\n\nOpen this link to accept. It works once, "
        "until %(until)s:\n%(url)s\n\nIf you do not know why you receive this, do nothing: no account is made.",
        greeting=msg("Dear %(name)s,", name=invitation.name) if invitation.name else msg("Good day,"),
        organisation=organisation,
        role=ROLES[invitation.role].name,
        until=invitation.expires_at,
        url=url,
    )
    return subject, body
