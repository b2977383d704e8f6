"""Authenticator apps: time-based one-time codes of six digits, thirty seconds each (RFC 6238, SHA-1, as apps do it)."""

from __future__ import annotations

import hmac
import io
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
DRIFT = 1
"""Steps by which a telephone's clock may be off, to either side."""


def new_secret() -> str:
    """A fresh secret of 160 bits, base32."""
    return pyotp.random_base32()


def address_of(secret: str, email: str) -> str:
    """What an app reads from the picture: an otpauth address with site, account and secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Counterpart")


def picture_of(address: str) -> str:
    """The address as a QR code: an SVG element that takes the size of its box."""
    made = io.BytesIO()
    segno.make(address, error="m").save(
        made, kind="svg", xmldecl=False, svgns=True, omitsize=True, nl=False, svgclass="qr", lineclass="qr__line",
        border=4,
    )  # fmt: skip
    return made.getvalue().decode()


def step_of(secret: str, code: str, wall: datetime) -> int | None:
    """The time step whose code this is, or nothing; `wall` is the hour of the real clock, which apps go by."""
    totp = pyotp.TOTP(secret)
    present = int(wall.timestamp()) // STEP_SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None
