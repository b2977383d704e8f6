"""Opens pages as somebody, in a language, a scheme and a width, and takes the browser to the state that is meant."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.config import Settings
from tests.browser import pseudo, scene
from tests.browser.addresses import Case, Cast, pages
from tests.browser.inspector import BRING_AXE, NOTE_REFUSALS, Listener
from tests.browser.states import states
from tests.running import PATIENCE_MS, RunningSite, copy_of_demonstration, sign_in, site_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, ViewportSize
    from werkzeug.routing import Rule

HEIGHT = 900


@cache
def rules() -> tuple[Rule, ...]:
    """The site's own table of addresses."""
    from app import create_app
    from app.foundation.db import Database

    settings = Settings.from_environment({"COUNTERPART_DATA_DIR": "/nowhere"})
    app = create_app(settings, Database("sqlite://"))
    return tuple(app.url_map.iter_rules())


@cache
def cases() -> tuple[Case, ...]:
    """Every page and every state of one."""
    found = list(rules())
    return (*pages(found), *states(found))


def open_the_scene(common: Path) -> Cast:
    """A site of its own with everything that the walk looks at, running."""
    from app.serve import answers, web_command
    from tests.house import wait_until

    folder = copy_of_demonstration(common)
    site = site_in(folder)
    site.environment["TEST_CATALOGUES"] = str(pseudo.write(folder / "catalogues"))
    settings = Settings.from_environment(site.environment)
    scene.add_newcomer(settings)
    cast = Cast(site)
    cast.token = scene.furnish(settings, cast.people)
    site.start(sys.executable, *web_command(settings)[1:-1], "tests.browser.entry:create_app")
    wait_until(lambda: answers(settings), 30)
    return cast


@dataclass
class Window:
    """A window that stays open from one page to the next: a new one takes the browser three times as long."""

    who: str
    page: Page
    session: CDPSession

    def turn_to(self, language: str, scheme: str, width: int) -> None:
        """Let the browser be that of somebody who reads this language and likes this scheme."""
        self.session.send("Emulation.setLocaleOverride", {"locale": language})
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        self.widen(width)

    def widen(self, width: int) -> None:
        """Make it as wide as that."""
        size: ViewportSize = {"width": width, "height": HEIGHT}
        if self.page.viewport_size != size:
            self.page.set_viewport_size(size)


@dataclass
class Visits:
    """One window of the browser, as the reader who is looking; each has a memory of its own, and signs in once."""

    browser: Browser
    cast: Cast
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    sign_ins: dict[str, Any] = field(default_factory=dict)
    last: Window | None = None

    @property
    def site(self) -> RunningSite:
        """The site that is looked at."""
        return self.cast.site

    def context(self, who: str) -> BrowserContext:
        """A browser's memory as that reader has it."""
        if who not in self.contexts:
            self.contexts[who] = self._new_context(who)
        return self.contexts[who]

    def _new_context(self, who: str) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.site.address, storage_state=self._sign_in(who) if who else None
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(NOTE_REFUSALS)
        context.add_init_script(BRING_AXE)
        return context

    def _sign_in(self, who: str) -> Any:
        if who not in self.sign_ins:
            context = self.browser.new_context(base_url=self.site.address)
            sign_in(context.new_page(), self.cast.sign_in_of(who))
            self.sign_ins[who] = context.storage_state()
            context.close()
        return self.sign_ins[who]

    def window(self, who: str) -> Window:
        """The window of this reader; that of the one before is closed."""
        if self.last is None or self.last.who != who:
            self.close_window()
            page = self.context(who).new_page()
            self.last = Window(who, page, page.context.new_cdp_session(page))
        return self.last

    def close_window(self) -> None:
        """Close the window, if there is one."""
        if self.last is not None:
            self.last.page.close()
            self.last = None

    @contextmanager
    def look(self, case: Case, language: str, scheme: str, width: int) -> Iterator[tuple[Window, Listener]]:
        """The page in that state; `listener` holds what it has complained of.

        Raises:
            AssertionError: the site answers with another status than the one that is meant.
        """
        window = self.window(case.who)
        page = window.page
        # The site is to answer in this language, whatever the account says.
        page.context.add_cookies([{"name": "language", "value": language, "url": self.site.address}])
        window.turn_to(language, scheme, width)
        listener = Listener(self.site.address + case.address(self.cast))
        is_whole = False
        try:
            with listener.listening(page):
                page.goto(listener.address, wait_until="load")
                if case.act:
                    listener.address = page.url
                    case.act(page)
                    page.wait_for_load_state("load")
                check_status(case, listener.statuses)
                yield window, listener
            is_whole = case.name != "sign-in lost"
        finally:
            if not is_whole:
                self.close_window()
                self.contexts.pop(case.who).close()


def check_status(case: Case, seen: list[int]) -> None:
    """The site answers as it should: a form that was sent comes back with what is wrong."""
    status = seen[-1]
    if case.status is None:
        assert 400 <= status < 500, f"{case}: the site took it, and answered {seen}"
    else:
        assert status == case.status, f"{case}: the site answered {seen}, expected {case.status}"
