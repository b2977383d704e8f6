"""Pages that anybody may see are drawn once, and given again as long as nothing at all has changed.

A page without a sign-in follows from its address, the language, the minute, the database and the search index. Where
all of them are the same, so is the page, but for the word that lets its scripts run. One commit anywhere, by any
process, and it is drawn anew: no rule has to say which pages a change concerns.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from threading import Lock

from flask import Flask, Response, g, request
from flask import session as cookie
from flask_babel import get_locale

from app.foundation import tally
from app.foundation.headers import nonce
from app.foundation.kept.marks import Marks
from app.foundation.web import actor, is_from_client, now, reads_behind

ROOM = 16 * 1024 * 1024
LARGEST = 512 * 1024
"""Bytes: of all pages that one process keeps, and of one."""
HARMLESS = frozenset({"csrf_token", "_permanent", "_fresh"})
"""What may lie in the cookie of somebody who is not signed in without a page saying anything of it."""
_ASKED = "asked_page"


@dataclass(frozen=True)
class Kept:
    """A page as it was drawn, the word in it that lets scripts run, what it was drawn from, and what its view said."""

    body: bytes
    word: bytes
    state: Hashable
    headers: tuple[tuple[str, str], ...] = ()


class Shelf:
    """The pages of one process, those asked for last kept longest."""

    def __init__(self, room: int = ROOM) -> None:
        self.room, self.taken = room, 0
        self._pages: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = Lock()

    def find(self, address: Hashable, state: Hashable) -> Kept | None:
        """The page of that address, if it was drawn from that state."""
        with self._lock:
            page = self._pages.get(address)
            if page is None or page.state != state:
                return None
            self._pages.move_to_end(address)
            return page

    def keep(self, address: Hashable, page: Kept) -> None:
        """Put a page in the place of the one before; what has not been asked for longest makes room."""
        with self._lock:
            before = self._pages.pop(address, None)
            self.taken += len(page.body) - (len(before.body) if before else 0)
            self._pages[address] = page
            while self.taken > self.room:
                _address, gone = self._pages.popitem(last=False)
                self.taken -= len(gone.body)


@dataclass(frozen=True)
class _Asked:
    address: Hashable
    state: Hashable


class KeptPages:
    """What is done before and after each request; `mark_of_index` tells the state of the search index."""

    def __init__(self, marks: Marks, mark_of_index: Callable[[], Hashable]) -> None:
        self.shelf, self._marks, self._index = Shelf(), marks, mark_of_index

    def mark_of_index(self) -> Hashable:
        """What is another one whenever the search index has changed."""
        return self._index()

    def give(self) -> Response | None:
        """The page as it was drawn before, if it would be drawn so again."""
        if not _is_for_anybody():
            return None
        # Told before anything is read: what changes while the page is drawn makes it one of the past.
        mark = self._marks.mark()
        if mark is None:
            return None
        address = (request.host, request.full_path, str(get_locale()))
        state = (mark, self.mark_of_index(), now().replace(second=0, microsecond=0))
        page = self.shelf.find(address, state)
        if page is None:
            setattr(g, _ASKED, _Asked(address, state))
            return None
        return Response(page.body.replace(page.word, nonce().encode()), headers=page.headers)

    def note(self, response: Response) -> Response:
        """Keep what was drawn, where it was drawn for anybody."""
        asked: _Asked | None = g.pop(_ASKED, None)
        if asked is not None and _may_be_kept(response):
            body = response.get_data()
            said = tuple((name, value) for name, value in response.headers if name != "Content-Length")
            if len(body) <= LARGEST:
                self.shelf.keep(asked.address, Kept(body, nonce().encode(), asked.state, said))
        return response


def _is_for_anybody() -> bool:
    # A list that comes from a copy of the database may be older than the mark of the database says.
    is_page = request.method == "GET" and request.endpoint is not None and not is_from_client()
    # What a mailed link opens is for whoever was written to.
    is_page = is_page and "token" not in (request.view_args or {})
    return is_page and not actor().is_signed_in and cookie.keys() <= HARMLESS and not reads_behind()


def _may_be_kept(response: Response) -> bool:
    is_page = response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed  # noqa: PLR2004
    # A form that is bound to a browser has left its word in g; what went wrong on the way was counted.
    is_ones_own = cookie.modified or "csrf_token" in g or "no-store" in response.headers.get("Cache-Control", "")
    return is_page and not is_ones_own and not tally.counted()


def init_app(app: Flask, mark_of_index: Callable[[], Hashable]) -> None:
    """Stand behind all that may refuse, before all that adds to an answer; an unmarked database keeps nothing."""
    site = app.extensions["counterpart"]
    if site.database.marks is not None:
        pages = KeptPages(site.database.marks, mark_of_index)
        app.before_request(pages.give)
        app.after_request(pages.note)
