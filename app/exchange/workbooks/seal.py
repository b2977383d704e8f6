"""The hidden part of a workbook is sealed, so that nobody can turn a row of his own into one of somebody else's."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

LENGTH = 32


def seal(secret: str, *parts: Any) -> str:
    """The seal of these parts, in their order."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hmac.new(secret.encode(), f"workbook:{text}".encode(), hashlib.sha256).hexdigest()[:LENGTH]


def is_whole(secret: str, said: str, *parts: Any) -> bool:
    """Whether that is the seal of these parts."""
    return hmac.compare_digest(seal(secret, *parts).encode(), said.encode())


def key_of(owner_ref: str, kind: str, cells: Mapping[str, str]) -> str:
    """The key of a row that has none, because somebody wrote below the prepared ones: the same words, the same key."""
    text = json.dumps([owner_ref, kind, dict(cells)], ensure_ascii=False, sort_keys=True)
    return "x" + hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def is_of_words(key: str) -> bool:
    """Whether a key was made of the words of a row that had none."""
    return key.startswith("x")
