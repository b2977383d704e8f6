"""The names by which feeds call what stands in them."""

from __future__ import annotations

from urllib.parse import urlsplit

SINCE = "2026"
"""The year from which the names below hold (RFC 4151: whoever had the host then gives the names)."""


def tag_of(public_url: str, name: str) -> str:
    """A name for ever, whatever its address becomes: a tag URI (RFC 4151) of this site."""
    return f"tag:{urlsplit(public_url).hostname or 'localhost'},{SINCE}:{name}"
