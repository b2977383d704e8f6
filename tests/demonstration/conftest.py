"""Thirty-three people with one password: it is hashed once in a test, since hashing is slow and meant to be."""

from __future__ import annotations

from functools import cache

import pytest

from app.accounts import passwords


@pytest.fixture(autouse=True)
def _hash_each_password_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "hash_password", cache(passwords.hash_password))
