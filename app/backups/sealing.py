"""A file that only the holder of a key can read, and in which nobody without it can change, cut or reorder anything.

AES-256-GCM over pieces of 64 KiB. The nonce of a piece is its number and whether it is the last one (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizar, 2015), so each piece opens in its own place alone. Each file has
a key of its own, derived by scrypt (RFC 7914) from the given one and a random salt in the file's head.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from app.backups.errors import BackupRefused
from app.backups.streams import Sink, Source, read_fully

MAGIC = b"counterpart backup, sealed, 1\n"
SALT, PROOF, TAG = 16, 16, 16
HEAD = len(MAGIC) + SALT + PROOF
PIECE = 64 * 1024
WORK = 2**15
"""scrypt's cost: with 8 blocks it takes 32 MiB and a tenth of a second for each key that is tried."""


@dataclass(frozen=True)
class _Keys:
    """What follows from key and salt: the cipher, and the proof by which a wrong key is told from a damaged file."""

    cipher: AESGCM
    proof: bytes


def _keys(key: str, salt: bytes) -> _Keys:
    derived = Scrypt(salt=salt, length=32 + PROOF, n=WORK, r=8, p=1).derive(key.encode())
    return _Keys(AESGCM(derived[:32]), derived[32:])


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class Sealer:
    """Seals what is written; nothing of it opens before `close` has written the last piece."""

    def __init__(self, sink: Sink, key: str) -> None:
        salt = secrets.token_bytes(SALT)
        keys = _keys(key, salt)
        self._sink, self._cipher = sink, keys.cipher
        self._head = MAGIC + salt + keys.proof
        self._left = bytearray()
        self._number = 0
        sink.write(self._head)

    def write(self, data: bytes) -> None:
        """Seal these bytes; the last ones wait until it is known whether more follow."""
        self._left += data
        while len(self._left) > PIECE:
            self._seal(bytes(self._left[:PIECE]), is_last=False)
            del self._left[:PIECE]

    def close(self) -> None:
        """Write the last piece."""
        self._seal(bytes(self._left), is_last=True)

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._sink.write(self._cipher.encrypt(_nonce(self._number, is_last=is_last), piece, self._head))
        self._number += 1


class Opener:
    """Reads what was sealed; every piece is proven before any of its bytes is given out."""

    def __init__(self, source: Source, key: str, name: str) -> None:
        """Read the head.

        Raises:
            BackupRefused: the key is another one, or the head is damaged.
        """
        self._source, self._name = source, name
        self._head = read_fully(source, HEAD)
        if len(self._head) < HEAD:
            raise BackupRefused(f"{name} is cut off: its end is missing.")
        salt, proof = self._head[len(MAGIC) : -PROOF], self._head[-PROOF:]
        keys = _keys(key, salt)
        if not hmac.compare_digest(keys.proof, proof):
            raise BackupRefused(f"The key does not open {name}: it is another key, or the first bytes are damaged.")
        self._cipher = keys.cipher
        self._next = read_fully(source, PIECE + TAG)
        self._number = 0
        self._ready = memoryview(b"")
        self._is_over = False

    def read(self, size: int) -> bytes:
        """The next bytes, at most so many, none at the end.

        Raises:
            BackupRefused: a piece was changed, is in another place, or is missing.
        """
        while not self._ready and not self._is_over:
            self._open_next()
        given, self._ready = self._ready[:size], self._ready[size:]
        return bytes(given)

    def _open_next(self) -> None:
        piece, self._next = self._next, read_fully(self._source, PIECE + TAG)
        self._is_over = not self._next
        try:
            opened = self._cipher.decrypt(_nonce(self._number, is_last=self._is_over), piece, self._head)
        except (InvalidTag, ValueError) as error:
            place = len(MAGIC) + SALT + PROOF + self._number * (PIECE + TAG)
            raise BackupRefused(f"{self._name} is damaged or cut off, at or after byte {place}.") from error
        self._number += 1
        self._ready = memoryview(opened)
