"""The law of second steps: what a code looks like, how many there may be, and for how long a proof is good."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from app.foundation.messages import Message, msg
from app.foundation.references import ALPHABET

APP_CODE = re.compile(r"^[0-9]{6}$")
RECOVERY_GROUP = 4
RECOVERY_GROUPS = 7
RECOVERY_CODE = re.compile(rf"^[{ALPHABET}]{{{RECOVERY_GROUPS * RECOVERY_GROUP}}}$")
MOST_STEPS = 10
"""Apps and passkeys of one account together."""
RECOVERY_CODES = 10
LONGEST_NAME = 60

HALFWAY = timedelta(minutes=10)
"""How long the right password waits for the second step."""
FRESH = timedelta(minutes=30)
"""How long after proving oneself one may do what matters without proving it again."""
CHALLENGE_LIFE = timedelta(minutes=5)

WRONG_CODE = msg(
    "This code is not right, was used already, or there were too many attempts. Wait for the next code of the app; "
    "after five wrong attempts wait a minute, and longer after each further one."
)
WRONG_PASSKEY = msg("The passkey could not be checked. Try again, or use another way.")

WAYS: dict[str, Message] = {
    "password": msg("Password"),
    "app": msg("Password and code of an app"),
    "recovery": msg("Password and recovery code"),
    "passkey": msg("Passkey"),
}
KINDS: dict[str, Message] = {"app": msg("Authenticator app"), "passkey": msg("Passkey")}


def tidy_code(text: str) -> str:
    """A code as it is compared: capitals, without the spaces and dashes that people type between."""
    return re.sub(r"[\s-]+", "", text).upper()


def new_recovery_codes() -> list[str]:
    """Ten fresh codes such as 7KQ2-MX4T-RB9H-WNC3-EFGD-V6PZ-A2KM, more than 128 random bits each.

    What is so long cannot be guessed even by somebody who has all digests, so that a fast digest will do.
    """
    return ["-".join(_group() for _ in range(RECOVERY_GROUPS)) for _ in range(RECOVERY_CODES)]


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_GROUP))
