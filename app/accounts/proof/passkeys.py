"""Passkeys (WebAuthn level 2): a key that a device keeps, and that works for this site's own address alone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

LARGEST = 20_000
TIMEOUT_MS = 5 * 60 * 1000


class BadPasskey(ValueError):
    """What the browser sent is no passkey of this site, or not the answer to what was asked."""


@dataclass(frozen=True)
class Made:
    """A passkey that a device has just made; the identifier is base64url, the key COSE."""

    credential_id: str
    public_key: bytes
    counter: int


def site_name(public_url: str) -> str:
    """The name that passkeys are bound to: the host of PUBLIC_URL."""
    return urlsplit(public_url).hostname or "localhost"


def asked_to_make(public_url: str, challenge: str, who: tuple[str, str, str], known: Iterable[str]) -> str:
    """What a browser needs to have a passkey made (JSON); `who` is reference, e-mail address and name.

    The device itself has to check its owner (user verification), so that the passkey is both steps in one.
    """
    ref, email, name = who
    options = webauthn.generate_registration_options(
        rp_id=site_name(public_url),
        rp_name="Counterpart",
        user_id=ref.encode(),
        user_name=email,
        user_display_name=name,
        challenge=challenge.encode(),
        timeout=TIMEOUT_MS,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return webauthn.options_to_json(options)


def asked_to_show(public_url: str, challenge: str) -> str:
    """What a browser needs to have a passkey of this site used (JSON), whoever's it is."""
    options = webauthn.generate_authentication_options(
        rp_id=site_name(public_url),
        challenge=challenge.encode(),
        timeout=TIMEOUT_MS,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def read_made(public_url: str, challenge: str, credential: str) -> Made:
    """The passkey that was made.

    Raises:
        BadPasskey: it was not made for this site, or not upon this challenge.
    """
    try:
        verified = webauthn.verify_registration_response(
            credential=_parsed(credential),
            expected_challenge=challenge.encode(),
            expected_rp_id=site_name(public_url),
            expected_origin=public_url,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(repr(error)) from error
    return Made(bytes_to_base64url(verified.credential_id), verified.credential_public_key, verified.sign_count)


def credential_of(credential: str) -> str:
    """Which passkey an answer speaks of, base64url.

    Raises:
        BadPasskey: it is no answer of a browser.
    """
    try:
        return bytes_to_base64url(parse_authentication_credential_json(_parsed(credential)).raw_id)
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(repr(error)) from error


def check_shown(public_url: str, challenge: str, credential: str, key: bytes, counter: int) -> int:
    """Check the answer with the kept public key; the signature count that it brings.

    Raises:
        BadPasskey: wrong signature, challenge, site or count, or the device has not checked its owner.
    """
    try:
        verified = webauthn.verify_authentication_response(
            credential=_parsed(credential),
            expected_challenge=challenge.encode(),
            expected_rp_id=site_name(public_url),
            expected_origin=public_url,
            credential_public_key=key,
            credential_current_sign_count=counter,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise BadPasskey(repr(error)) from error
    return int(verified.new_sign_count)


def _parsed(credential: str) -> dict[str, object]:
    if len(credential) > LARGEST:
        raise BadPasskey("too large")
    parsed = json.loads(credential)
    if not isinstance(parsed, dict):
        raise BadPasskey("no object")
    return parsed
