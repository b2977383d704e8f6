"""Asks the pages of this machine whether they live and whether they are ready, as whoever watches over them does."""

from __future__ import annotations

import http.client
import json
import sys
from contextlib import suppress
from urllib.parse import urlsplit

from app.config import Settings

PATIENCE = 2
"""In seconds."""


def ask(settings: Settings, path: str) -> tuple[int, bytes]:
    """What the pages of this machine answer under an address: the status, 0 where nobody answers, and the text."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - read, not bound
    connection = http.client.HTTPConnection(host, settings.port, timeout=PATIENCE)
    try:
        # In production the site answers to its own name alone.
        connection.request("GET", path, headers={"Host": urlsplit(settings.public_url).netloc})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


def answers(settings: Settings) -> bool:
    """Whether the site answers that it lives."""
    return ask(settings, "/health/live")[0] == http.HTTPStatus.OK


def say_whether_ready(settings: Settings) -> int:
    """Print whether the pages of this machine are ready, and why not; 0 if they are, else 1."""
    status, text = ask(settings, "/health/ready")
    reasons = []
    with suppress(ValueError, AttributeError):
        reasons = json.loads(text).get("reasons", [])
    if status == http.HTTPStatus.OK:
        sys.stdout.write("ready\n")
        return 0
    why = "; ".join(reasons) or (f"it answers {status}" if status else "nobody answers")
    sys.stdout.write(f"not ready: {why}\n")
    return 1
