"""Looks at a page that is open in a browser, and says in sentences what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT

from app.foundation.templating import RIGHT_TO_LEFT
from tests.browser import pseudo

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Error, Page, Response

SITE_NAME = "Counterpart"
HERE = Path(__file__).parent
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
NODES_SHOWN = 3
TEXTS_SHOWN = 12
# The browser tells of what the policy refused; the walk reads it after the page has come to rest.
NOTE_REFUSALS = """
  window.refusedByPolicy = [];
  document.addEventListener('securitypolicyviolation', e => window.refusedByPolicy.push(
    `${e.effectiveDirective} refused ${e.blockedURI} (${e.sourceFile || 'the page'}:${e.lineNumber}) ${e.sample}`));
"""
# The browser has axe's source at hand on every page, and reads it only on those where it is to be used.
BRING_AXE = f"window.bringAxe = () => {{ {AXE_SCRIPT}\n}};"
RUN_AXE = """async options => {
  if (!window.axe) { if (!window.bringAxe) return null; window.bringAxe(); }
  return (await axe.run(options)).violations;
}"""


@dataclass
class Listener:
    """What a page complained of while it was loaded and used, and the statuses with which the site answered."""

    address: str = ""
    complaints: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    @contextmanager
    def listening(self, page: Page) -> Iterator[Listener]:
        """Listen for a while."""
        ears = {"console": self.note_console, "pageerror": self.note_error, "response": self.note_answer}
        for event, ear in ears.items():
            page.on(event, ear)  # type: ignore[call-overload]
        yield self
        for event, ear in ears.items():
            page.remove_listener(event, ear)

    def note_console(self, message: ConsoleMessage) -> None:
        """Note an error, unless it only says that the page itself answered with an error, which pages may."""
        where = message.location.get("url", "")
        about_page = "Failed to load resource" in message.text and where.split("#")[0] == self.address.split("#")[0]
        if message.type == "error" and not about_page:
            self.complaints.append(f"console: {message.text} ({where})")

    def note_error(self, error: Error) -> None:
        """Note that a script broke."""
        self.complaints.append(f"script error: {error}")

    def note_answer(self, answer: Response) -> None:
        """Note the status with which a page came."""
        if answer.request.is_navigation_request():
            self.statuses.append(answer.status)


@cache
def source(name: str) -> str:
    """A script beside this file."""
    return (HERE / name).read_text(encoding="utf-8")


def ask(page: Page, *, words: bool = False) -> dict[str, Any] | None:
    """What the page answers to the inspector's questions, with or without those about its words.

    Nothing where it is no page but a picture, a file or a part of one.
    """
    answers: dict[str, Any] | None = page.evaluate(source("inspector.js"), words)
    return answers


def faults(page: Page, language: str, listener: Listener, *, with_axe: bool = True) -> list[str]:
    """Everything wrong with the page as it stands at this width."""
    answers = ask(page)
    if answers is None:
        return []
    found = [*frame_faults(answers["frame"], language), *sideways_faults(answers["sideways"])]
    found += listener.complaints
    found += [f"content policy: {sentence}" for sentence in answers["refused"]]
    listener.complaints.clear()
    return found + (axe_faults(page) if with_axe else [])


def frame_faults(frame: dict[str, Any], language: str) -> Iterator[str]:
    """One h1, a title, the right language and direction."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    if len(frame["h1"]) != 1:
        yield f"h1: there are {len(frame['h1'])}, and there should be one {' '.join(frame['h1'])}"
    if not frame["title"].endswith(f" – {SITE_NAME}") and frame["title"] != SITE_NAME:
        yield f"title: {frame['title']!r} does not end with the name of the site"
    if frame["title"] in {"", f" – {SITE_NAME}"}:
        yield f"title: {frame['title']!r} does not name the page"
    if frame["language"] != language or frame["direction"] != direction:
        yield f"html: lang={frame['language']!r} dir={frame['direction']!r}, expected {language!r} {direction!r}"


def sideways_faults(sideways: dict[str, Any] | None) -> Iterator[str]:
    """Nothing may have to be scrolled sideways."""
    if sideways:
        yield f"sideways: the page is {sideways['width']} px wide because of {' and '.join(sideways['by'])}"


def axe_faults(page: Page) -> list[str]:
    """What axe finds: the rule, what it asks for, and the first elements."""
    found = page.evaluate(RUN_AXE, AXE)
    if found is None:
        page.evaluate(AXE_SCRIPT)
        found = page.evaluate(RUN_AXE, AXE)
    return [axe_sentence(violation) for violation in found]


def axe_sentence(violation: dict[str, Any]) -> str:
    """One rule of axe that is broken."""
    nodes = violation["nodes"]
    lines = [f"axe {violation['id']}: {violation['help']} ({len(nodes)} elements)"]
    for node in nodes[:NODES_SHOWN]:
        checks = [*node["any"], *node["all"], *node["none"]]
        lines.append(f"    {node['html'][:300]}\n      at {node['target']}: {checks[0]['message'] if checks else ''}")
    return "\n".join(lines)


def wording_faults(page: Page, somebodys: re.Pattern[str]) -> list[str]:
    """On a page in the pseudo-language: texts that are not translated, words of others without a mark, texts that

    are cut. `somebodys` finds what people have written.
    """
    answers = ask(page, words=True)
    if answers is None:
        return []
    found = [*unmarked_texts(answers["texts"], somebodys), *(f"cut: {sentence}" for sentence in answers["cut"])]
    return found[:TEXTS_SHOWN] + (["..."] if len(found) > TEXTS_SHOWN else [])


def unmarked_texts(texts: Iterable[dict[str, Any]], somebodys: re.Pattern[str]) -> Iterator[str]:
    """Texts of the site that did not come from a catalogue, and people's words that have neither lang nor dir."""
    seen = set()
    for text in texts:
        left, ours = pseudo.unmarked(text["text"]), pseudo.unmarked(text["text"], somebodys)
        # The title of a page may be that of somebody's record, and an option is a name: neither can be marked well.
        is_allowed = not ours and (text.get("isTitle") or text.get("isOption"))
        if not left or is_allowed or left in seen:
            continue
        seen.add(left)
        what = "not translated" if ours else "somebody's words without lang= or dir=auto"
        yield f"{what}: {(ours or left)[:120]!r} in {text['where']}"
