"""Counts what a page sends over the line, as the browser's own protocol tells it: headers and bodies, compressed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

# It is fetched when the line is idle, after everything that one waits for.
FONT = ".woff2"


@dataclass
class Counter:
    """The requests of a page and the bytes that came back; what the browser had kept is not sent."""

    session: CDPSession
    addresses: dict[str, str] = field(default_factory=dict)
    received: dict[str, int] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, page: Page) -> Counter:
        """Begin to count."""
        counter = cls(page.context.new_cdp_session(page))
        session = counter.session
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", counter.note_request)
        session.on("Network.requestServedFromCache", lambda event: counter.kept.add(event["requestId"]))
        session.on("Network.responseReceived", counter.note_answer)
        session.on("Network.loadingFinished", counter.note_end)
        return counter

    def note_request(self, event: dict[str, Any]) -> None:
        """A request leaves; one that was sent elsewhere brings its first answer's headers along."""
        if "redirectResponse" in event:
            number = event["requestId"]
            self.addresses[f"{number} first"] = self.addresses.get(number, "")
            self.received[f"{number} first"] = int(event["redirectResponse"]["encodedDataLength"])
        self.addresses[event["requestId"]] = event["request"]["url"]

    def note_answer(self, event: dict[str, Any]) -> None:
        """An answer begins; the browser may have had it already."""
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            self.kept.add(event["requestId"])

    def note_end(self, event: dict[str, Any]) -> None:
        """An answer is whole: its length counts headers and body, as they travelled."""
        self.received[event["requestId"]] = int(event["encodedDataLength"])

    def start_again(self) -> None:
        """Forget what was counted."""
        self.addresses.clear()
        self.received.clear()
        self.kept.clear()

    def sent(self) -> dict[str, int]:
        """Bytes by address, without the font and without what the browser had kept."""
        return {
            self.addresses.get(number, number): size
            for number, size in self.received.items()
            if number not in self.kept
            and self.addresses.get(number, "").startswith("http")
            and not self.addresses[number].partition("?")[0].endswith(FONT)
        }

    @property
    def has_font(self) -> bool:
        """Whether the font was fetched."""
        return any(address.partition("?")[0].endswith(FONT) for address in self.addresses.values())
