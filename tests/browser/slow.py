"""The main pages on a line of 50 kbit/s with 800 ms to and fro: `make slow`.

For each page: how long until something is painted, and until it can be used (the page is read, and its scripts have
run), on a first visit with nothing kept and on a later one. With BENCH_OUT the figures go to <BENCH_OUT>/slow.json.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.main_pages import MAIN_PAGES, addresses, own_site
from tests.browser.wire import Counter
from tests.running import sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.running import RunningSite

KBIT, LATENCY_MS = 50, 800
LINE = {
    "offline": False,
    "latency": LATENCY_MS,
    "downloadThroughput": KBIT * 1000 / 8,
    "uploadThroughput": KBIT * 1000 / 8,
    "connectionType": "cellular2g",
}
LONGEST_MS = 180_000
NEEDS_A_PERSON = {"post", "desk"}
# Told by the browser itself: the content policy lets no condition be evaluated again and again.
UNTIL_PAINTED = """
() => new Promise(painted => new PerformanceObserver(list => {
  if (list.getEntriesByName('first-contentful-paint').length) painted();
}).observe({ type: 'paint', buffered: true }))
"""
TIMES = """
() => {
  const [page] = performance.getEntriesByType('navigation');
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  const line = (navigator.connection || {}).effectiveType;
  return { painted: paint ? paint.startTime : 0, usable: page.domContentLoadedEventEnd, line };
}
"""


def measure(page: Page, counter: Counter, address: str) -> dict[str, Any]:
    """Open a page on the slow line."""
    counter.start_again()
    page.goto(address, wait_until="load", timeout=LONGEST_MS)
    page.evaluate(UNTIL_PAINTED)
    # Whatever waits for an idle line would begin now.
    page.wait_for_timeout(2_500)
    times = page.evaluate(TIMES)
    sent = counter.sent()
    return {
        "painted_s": round(times["painted"] / 1000, 2),
        "usable_s": round(times["usable"] / 1000, 2),
        "requests": len(sent),
        "kilobytes": round(sum(sent.values()) / 1024, 1),
        "font": counter.has_font,
        "line": times["line"],
    }


def slow_page(context: BrowserContext) -> tuple[Page, Counter]:
    """A window on the slow line."""
    page = context.new_page()
    counter = Counter.of(page)
    counter.session.send("Network.emulateNetworkConditions", LINE)
    return page, counter


def measure_all(site: RunningSite, browser: Browser) -> list[dict[str, Any]]:
    """Each page on a first visit, with nothing kept, and again in the same browser."""
    signed_in = browser.new_context(base_url=site.address)
    sign_in(signed_in.new_page(), site.account("state", "CV", "focal_point"))
    kept = signed_in.storage_state()
    signed_in.close()
    found = addresses(site, browser)
    rows = []
    for name in MAIN_PAGES:
        context = browser.new_context(
            base_url=site.address, locale="pt", storage_state=kept if name in NEEDS_A_PERSON else None
        )
        page, counter = slow_page(context)
        for visit in ("first", "later"):
            row = {"page": name, "visit": visit, **measure(page, counter, found[name])}
            rows.append(row)
            show(row)
        context.close()
    return rows


def show(row: dict[str, Any]) -> None:
    """A line of the table, as soon as it is known."""
    font = "  (fetches the font on a slow line)" if row["font"] else ""
    print(
        f"{row['page']:6} {row['visit']:6} painted {row['painted_s']:6.2f} s   usable {row['usable_s']:6.2f} s   "
        f"{row['requests']} requests {row['kilobytes']:6.1f} KB   line {row['line']}{font}",
        flush=True,
    )


def main() -> int:
    """Measure and tell; 1 if the font is fetched on a line that is too slow for it."""
    print(f"{KBIT} kbit/s, {LATENCY_MS} ms to and fro")
    with own_site() as (site, browser):
        rows = measure_all(site, browser)
    if os.environ.get("BENCH_OUT"):
        out = Path(os.environ["BENCH_OUT"])
        out.mkdir(parents=True, exist_ok=True)
        figures = {"kbit_per_second": KBIT, "latency_ms": LATENCY_MS, "pages": rows}
        (out / "slow.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return int(any(row["font"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
