"""A first visit: how many requests a real browser makes, how many bytes come back, and if anybody else is asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from tests.browser.wire import FONT, Counter
from tests.running import start_chromium

IDLE_MS = 3_000
"""The font comes when the line is idle, after everything that one waits for."""


def first_visits(address: str, paths: dict[str, str]) -> list[dict[str, Any]]:
    """Each page in a browser that has kept nothing; the font, which comes last, is counted in and told apart."""
    chromium, end = start_chromium()
    found = []
    try:
        for name, path in paths.items():
            context = chromium.new_context(base_url=address, locale="en")
            page = context.new_page()
            counter = Counter.of(page)
            page.goto(path, wait_until="load", timeout=60_000)
            page.wait_for_timeout(IDLE_MS)
            found.append({"page": name, **_told(counter, address)})
            context.close()
    finally:
        end()
    return found


def _told(counter: Counter, address: str) -> dict[str, Any]:
    sent = {
        counter.addresses.get(number, number): size
        for number, size in counter.received.items()
        if number not in counter.kept and counter.addresses.get(number, "").startswith("http")
    }
    hosts = {urlsplit(one).netloc for one in sent}
    font = sum(size for one, size in sent.items() if urlsplit(one).path.endswith(FONT))
    return {
        "requests": len(sent), "kilobytes": round(sum(sent.values()) / 1024, 1), "font_kb": round(font / 1024, 1),
        "third_parties": sorted(hosts - {urlsplit(address).netloc}),
    }  # fmt: skip
