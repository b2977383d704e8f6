"""A mail server on this machine that keeps what it is given, by Message-ID, and can be shut down and come back."""

from __future__ import annotations

import email
from collections import Counter
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from tests.running import free_port


class MailServer:
    """Takes every mail; `taken` counts each Message-ID."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: Counter[str] = Counter()
        self.recipients: dict[str, set[str]] = {}
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """What SMTP_URL is to be."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - called so
        message = email.message_from_bytes(envelope.content, policy=default)
        number = str(message["Message-ID"]).strip()
        self.taken[number] += 1
        self.recipients.setdefault(number, set()).update(envelope.rcpt_tos)
        return "250 taken"

    def start(self) -> MailServer:
        """Listen."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None
