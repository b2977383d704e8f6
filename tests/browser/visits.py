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
from tests.browser.inspector import NOTE_REFUSALS, Listener
from tests.browser.states import states
from tests.running import PATIENCE_MS, RunningSite, copy_of_demonstration, sign_in, site_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Response
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
class Visits:
    """Windows of the browser, one context for each reader, language and scheme; a sign-in is made once per reader."""

    browser: Browser
    cast: Cast
    contexts: dict[tuple[str, str, str], BrowserContext] = field(default_factory=dict)
    sign_ins: dict[str, Any] = field(default_factory=dict)

    @property
    def site(self) -> RunningSite:
        """The site that is looked at."""
        return self.cast.site

    def context(self, who: str, language: str, scheme: str) -> BrowserContext:
        """A browser's memory as that reader has it."""
        key = (who, language, scheme)
        if key not in self.contexts:
            self.contexts[key] = self._new_context(who, language, scheme)
        return self.contexts[key]

    def _new_context(self, who: str, language: str, scheme: str) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.site.address,
            locale=language,
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            storage_state=self._sign_in(who) if who else None,
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(NOTE_REFUSALS)
        self.speak(context, language)
        return context

    def speak(self, context: BrowserContext, language: str) -> None:
        """Let the site answer in this language, whatever the account says."""
        context.add_cookies([{"name": "language", "value": language, "url": self.site.address}])

    def _sign_in(self, who: str) -> Any:
        if who not in self.sign_ins:
            context = self.browser.new_context(base_url=self.site.address)
            sign_in(context.new_page(), self.cast.sign_in_of(who))
            self.sign_ins[who] = context.storage_state()
            context.close()
        return self.sign_ins[who]

    @contextmanager
    def look(self, case: Case, language: str, scheme: str, width: int) -> Iterator[tuple[Page, Listener]]:
        """The page in that state; `listener` holds what it has complained of.

        Raises:
            AssertionError: the site answers with another status than the one that is meant.
        """
        context = self.context(case.who, language, scheme)
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": HEIGHT})
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer) if answer.request.is_navigation_request() else None)
        listener = Listener().listen(page)
        try:
            listener.address = self.site.address + case.address(self.cast)
            page.goto(listener.address, wait_until="load")
            if case.act:
                listener.address = page.url
                case.act(page)
                page.wait_for_load_state("load")
            check_status(case, [answer.status for answer in answers])
            yield page, listener
        finally:
            page.close()
            if case.name == "sign-in lost":
                self.contexts.pop((case.who, language, scheme)).close()


def check_status(case: Case, seen: list[int]) -> None:
    """The site answers as it should: a form that was sent comes back with what is wrong."""
    status = seen[-1]
    if case.status is None:
        assert 400 <= status < 500, f"{case}: the site took it, and answered {seen}"
    else:
        assert status == case.status, f"{case}: the site answered {seen}, expected {case.status}"
