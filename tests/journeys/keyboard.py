"""A person who has no mouse: everything is reached with Tab, and it can be seen where one is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_STEPS = 250
WHERE = """
(wanted) => {
  const el = document.activeElement;
  if (!el || el === document.body) return { name: 'nothing', isWanted: false, isMarked: true, isShown: true, role: '' };
  const text = e => (e && e.textContent || '').trim().replace(/\\s+/g, ' ');
  const name = el.getAttribute('aria-label') || text(el.labels && el.labels[0]) || text(el) || el.name || el.tagName;
  const isWanted = wanted.startsWith('=') ? name === wanted.slice(1) : el.matches(wanted);
  const box = el.getBoundingClientRect();
  const around = [el, el.nextElementSibling, el.parentElement, el.labels && el.labels[0]].filter(Boolean);
  const marked = e => {
    const s = getComputedStyle(e);
    return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
  };
  /* something of it is neither outside the window nor under a bar that stands still */
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]];
  const onTop = points.map(([x, y]) => document.elementFromPoint(box.left + x * box.width, box.top + y * box.height));
  const own = e => e && around.some(o => o === e || o.contains(e)) || (e && e.contains(el));
  return {
    name: `${name.slice(0, 60)} <${el.tagName.toLowerCase()}>`,
    isWanted,
    isMarked: el.matches(':focus-visible') ? around.some(marked) : el.tabIndex < 0,
    isShown: box.width > 0 && box.height > 0 && onTop.some(own),
    role: el.getAttribute('role') || el.tagName.toLowerCase(),
  };
}
"""


@dataclass
class Keyboard:
    """Uses a page with the keyboard alone."""

    page: Page
    steps: int = 0

    def where(self, wanted: str = "body") -> dict[str, Any]:
        """Where one is, and whether that can be seen."""
        found: dict[str, Any] = self.page.evaluate(WHERE, wanted)
        return found

    def go_to(self, wanted: str, *, back: bool = False) -> dict[str, Any]:
        """Press Tab until the wanted control has the focus: a selector, or `=` and the name that one reads or hears.

        Raises:
            AssertionError: it is not reached, or somewhere on the way one cannot see where one is.
        """
        passed: list[str] = []
        for _step in range(MOST_STEPS):
            self.press("Shift+Tab" if back else "Tab")
            here = self.where(wanted)
            assert here["isMarked"], f"nothing shows that {here['name']} has the focus"
            assert here["isShown"], f"{here['name']} has the focus, out of sight"
            if here["isWanted"]:
                return here
            passed.append(here["name"])
        raise AssertionError(f"{wanted} was not reached; the last that were: {passed[-8:]}")

    def press(self, key: str) -> None:
        """Press a key."""
        self.steps += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type into what has the focus, in the place of what may stand there."""
        self.press("Control+a")
        self.page.keyboard.type(text)

    def follow(self, wanted: str, *, key: str = "Enter") -> None:
        """Go to a link or a button and press it, then wait for the page that it leads to."""
        self.go_to(wanted)
        with self.page.expect_navigation():
            self.press(key)

    def choose(self, wanted: str, text: str) -> None:
        """Choose by typing the name of the option."""
        here = self.go_to(wanted)
        self.page.keyboard.type(text)
        if here["role"] == "combobox":
            self.press("Enter")
