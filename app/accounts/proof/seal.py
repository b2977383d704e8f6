"""What has to be read again is sealed, what has only to be compared is digested, both with the site's own key.

Fernet (AES-128-CBC with HMAC-SHA-256) and HMAC-SHA-256, each under a key of its own derived by HKDF (RFC 5869) from
SECRET_KEY. A new SECRET_KEY makes apps and recovery codes useless; passkeys stay good.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """Seals and digests for one installation."""

    def __init__(self, secret_key: str) -> None:
        self._key = secret_key.encode()

    def seal(self, text: str) -> bytes:
        """The text so that nobody without the key can read it."""
        return self._fernet().encrypt(text.encode())

    def opened(self, sealed: bytes) -> str | None:
        """The text again, or nothing if it was sealed with another key or has been changed."""
        try:
            return self._fernet().decrypt(sealed).decode()
        except InvalidToken:
            return None

    def digest(self, text: str) -> str:
        """Hexadecimal digest that can be compared, and not be guessed without the key."""
        return hmac.new(self._derived(b"counterpart.digest"), text.encode(), hashlib.sha256).hexdigest()

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._derived(b"counterpart.seal")))

    def _derived(self, purpose: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(self._key)
