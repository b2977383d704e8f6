"""Addresses that came with a request, and whether they stay on this site."""

from __future__ import annotations

from urllib.parse import urlsplit


def local_address(text: str | None, default: str) -> str:
    """An address of this site to go to next; anything that leads elsewhere is replaced by the default."""
    if not text or any(ord(c) < 32 or c == "\\" for c in text):  # noqa: PLR2004 - control characters
        return default
    parts = urlsplit(text)
    leads_out = parts.scheme or parts.netloc or not text.startswith("/") or text.startswith("//")
    return default if leads_out else text
