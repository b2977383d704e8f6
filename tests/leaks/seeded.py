"""Leaks put into the site on purpose, each by one function that forgets to ask: the harness has to find every one.

Each has a hidden thing, readers and surfaces that it is aimed at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import PropertyMock, patch

from sqlalchemy import or_, true

from app.api import files as api_files
from app.coordination import queries as meeting_queries
from app.foundation import disclosure
from app.foundation.permissions import SYSTEM, Actor
from app.foundation.web import abort
from app.lessons import panels as lesson_panels
from app.matching import panels as match_panels
from app.matching import queries as match_queries
from app.matching.advice import drawing as advice_drawing
from app.matching.advice import queries as advice_queries
from app.matching.guard import looks as guard_looks
from app.needs import queries as need_queries
from app.notifications import finishing
from app.notifications import queries as notice_queries
from app.notifications.digest import contents
from app.organisations import queries as organisation_queries
from app.overview import panels as overview_panels
from app.overview import places
from app.overview.radar import memory as radar_memory
from app.overview.sums import memory as sums_memory
from app.pledges import queries as pledge_queries
from app.pledges import showing
from app.programmes import queries as programme_queries
from app.search import indexer
from app.search import query as search_query
from app.search.engine import WhooshEngine
from tests.leaks.explore import Explorer, sees_any
from tests.leaks.hidden import Hidden
from tests.leaks.readers import READERS
from tests.leaks.surfaces import Ask

Patched = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class SeededLeak:
    """One function that forgets to ask, and where that shows."""

    name: str
    patched: Patched
    what: Hidden
    surfaces: tuple[str, ...]
    readers: tuple[str, ...] = ("anonymous",)


def for_the_site(module: Any, name: str) -> Patched:
    """The function reads for the site itself instead of for its reader (the argument after the transaction)."""
    real = getattr(module, name)

    def forgets(tx: Any, _reader: Any, *rest: Any, **more: Any) -> Any:
        return real(tx, SYSTEM, *rest, **more)

    return lambda: patch.object(module, name, forgets)


def gives(place: Any, name: str, value: Callable[..., Any]) -> Patched:
    """The function is another one."""
    return lambda: patch.object(place, name, value)


def _with_drafts(reader: Actor, model: Any) -> Any:
    real = VISIBLE(reader, model)
    return or_(real, true()) if reader.is_secretariat else real


VISIBLE = disclosure.visible_to
SIGHT = showing.Sight(donor=True, amount=True)
DOCUMENTS = indexer.documents
FIND = programme_queries.find_programme_whole


def _in_the_public_part(*arguments: Any) -> list[Any]:
    made = DOCUMENTS(*arguments)
    return [replace(one, is_public=True, tokens=(), words=(*one.title, *one.body)) for one in made]


def _from_both_parts(engine: WhooshEngine, word: str) -> str | None:
    engine.snapshot("restricted")
    found = engine._open["restricted"].store.reader().corrector("title").suggest(word, limit=1, maxdist=2, prefix=1)
    return str(found[0]) if found else None


def _suspects_all(tx: Any, _reader: Actor, posting: Any, mine: Any) -> Any:
    return guard_looks.suspects(tx, guard_looks.engine_of(guard_looks.site()), SYSTEM, posting.kind, mine)


def _refuses(tx: Any, reader: Actor, ref: str) -> Any:
    found = FIND(tx, reader, ref)
    if found is None and FIND(tx, SYSTEM, ref) is not None:
        abort(403)
    return found


@contextmanager
def _signed_in_is_verified() -> Iterator[None]:
    seen = PropertyMock(side_effect=lambda: True)
    with patch.object(Actor, "is_verified", seen):
        yield


def _all_fields(*names: str) -> Callable[..., dict[str, bool]]:
    real = need_queries.visible_fields
    return lambda tx, reader, need: real(tx, reader, need) | dict.fromkeys(names or need.sensitive_fields, True)


NEED = Hidden("need", "own", echo=0, words=("seizure", "police"))
OFFER = Hidden("programme", "own", echo=0, words=("seizure", "police"))
NAMED = replace(NEED, tier="named", named=(0,))
LESSON = Hidden("lesson", "own", echo=0)
PLEDGE = Hidden("pledge", "own")
FIELD = Hidden("field need.contact", "own", words=("judges",), chance=77)
FEW = ("anonymous", "ngo, member")

SEEDED: tuple[SeededLeak, ...] = (
    SeededLeak(
        "the tier is not asked",
        gives(disclosure, "visible_to", lambda _reader, model: model.is_published),
        NEED,
        ("need.list",),
    ),
    SeededLeak(
        "named counts as members",
        gives(disclosure, "_named", lambda *_: true()),
        NAMED,
        ("need.list", "need.page"),
        ("ngo, member",),
    ),
    SeededLeak(
        "unverified counts as verified",
        _signed_in_is_verified,
        replace(NEED, tier="members"),
        ("need.page", "need.list"),
        ("state_applied, focal_point",),
    ),
    SeededLeak(
        "the office sees drafts",
        gives(disclosure, "visible_to", _with_drafts),
        Hidden("need draft", "public"),
        ("need.page",),
        ("office, member",),
    ),
    SeededLeak("the radar counts all rows", for_the_site(radar_memory, "radar_of"), OFFER, ("radar.table",)),
    SeededLeak("facets count all rows", for_the_site(need_queries, "count_by"), NEED, ("need.list",), FEW),
    SeededLeak(
        "facets of programmes count all rows",
        for_the_site(programme_queries, "count_facets"),
        OFFER,
        ("programme.list",),
    ),
    SeededLeak(
        "the index opens with the office's token",
        gives(search_query, "reader_tokens", lambda _reader: frozenset({"secretariat"})),
        NEED,
        ("search.results",),
    ),
    SeededLeak(
        "a restricted record in the public part",
        gives(indexer, "documents", _in_the_public_part),
        NEED,
        ("search.results",),
    ),
    SeededLeak(
        "suggestions from both parts", gives(WhooshEngine, "suggest", _from_both_parts), NEED, ("search.results",)
    ),
    SeededLeak(
        "matches are not asked about",
        gives(match_queries, "offer_seen", lambda *_reader, **_more: true()),
        replace(OFFER, tier="named", named=(5,)),
        ("need.page", "need.matches"),
    ),
    SeededLeak(
        "cards count all matches",
        for_the_site(match_panels, "count_matches"),
        replace(OFFER, tier="named", named=(5,)),
        ("need.list",),
    ),
    SeededLeak(
        "notices are not asked about",
        for_the_site(notice_queries, "visible_records"),
        NEED,
        ("notices.list", "desk.page"),
        ("ngo, member",),
    ),
    SeededLeak(
        "letters are not asked about when sent",
        for_the_site(finishing, "may_be_told"),
        NEED,
        ("mails",),
        ("ngo, member",),
    ),
    SeededLeak(
        "mails with news are not asked about when sent",
        for_the_site(contents, "visible_records"),
        NEED,
        ("mails",),
        ("ngo, member",),
    ),
    SeededLeak(
        "a field's tier is not asked", gives(need_queries, "visible_fields", _all_fields()), FIELD, ("need.page",), FEW
    ),
    SeededLeak(
        "files are not asked about",
        gives(need_queries, "visible_fields", _all_fields("files")),
        replace(FIELD, kind="field need.files"),
        ("need.page",),
    ),
    SeededLeak(
        "programs are not asked about files",
        gives(api_files, "visible_fields", _all_fields("files")),
        replace(FIELD, kind="field need.files"),
        ("need.api_files",),
    ),
    SeededLeak(
        "an earlier version shows a field",
        gives(need_queries, "without", lambda state, _hidden: state),
        replace(FIELD, kind="field need.budget"),
        ("need.history",),
    ),
    SeededLeak(
        "403 instead of 404",
        gives(programme_queries, "find_programme_whole", _refuses),
        OFFER,
        ("programme.page",),
        FEW,
    ),
    SeededLeak(
        "the page of an organisation counts all",
        for_the_site(overview_panels, "shelves_of"),
        NEED,
        ("organisation.page",),
    ),
    SeededLeak("the front page counts all", for_the_site(sums_memory, "parts_of"), NEED, ("home.page",)),
    SeededLeak("a country shows all lessons", for_the_site(places, "lessons"), LESSON, ("country.page", "theme.page")),
    SeededLeak(
        "a lesson counts the answers of hidden records",
        for_the_site(advice_queries, "_sides"),
        NEED,
        ("lesson.page",),
    ),
    SeededLeak(
        "lessons beside a form are not asked about",
        for_the_site(advice_drawing, "advise"),
        # One of the three: of that theme and kind it is known best.
        replace(LESSON, chance=1),
        ("lesson.alike", "need.page"),
    ),
    SeededLeak(
        "what a need has brought is not asked about",
        for_the_site(lesson_panels, "outputs_from"),
        Hidden("output", "own"),
        ("need.page",),
    ),
    SeededLeak(
        "the ledger counts all pledges",
        gives(showing, "coverage_by", lambda tx, _reader, need, _pledges: pledge_queries.coverage_of(tx, need)),
        PLEDGE,
        ("need.page",),
    ),
    SeededLeak("the ledger lists all pledges", for_the_site(showing, "pledges_on"), PLEDGE, ("need.page",)),
    SeededLeak(
        "the donor is not asked about",
        gives(showing, "sight_of", lambda *_: SIGHT),
        Hidden("field pledge.donor", "own", words=("judges",)),
        ("pledge.page",),
    ),
    SeededLeak(
        "applications are listed",
        gives(
            organisation_queries,
            "readable_organisation",
            lambda tx, _reader, ref: organisation_queries.organisation_by_ref(tx, ref),
        ),
        Hidden("organisation", "applied"),
        ("organisation.page",),
    ),
    SeededLeak(
        "an agenda shows items whose records not everybody may see",
        gives(meeting_queries, "fully_seen", lambda _tx, _reader, parts: set(parts)),
        Hidden("need on agenda", "own", words=("judges",)),
        ("meeting.page",),
    ),
    SeededLeak(
        "the guard shows what is hidden",
        gives(guard_looks, "_suspects", _suspects_all),
        Hidden("programme", "own", words=("seizure", "police", "customs")),
        ("guard.form",),
        ("donor_se, editor",),
    ),
    SeededLeak(
        "minutes are for everybody",
        gives(meeting_queries, "may_see_field", lambda *_: True),
        Hidden("field meeting.minutes", "own", words=("judges",)),
        ("meeting.page",),
    ),
)


def is_caught(leak: SeededLeak, explorer: Explorer) -> bool:
    """Whether a reader who may not see the thing finds an answer that differs while the site leaks so."""
    explorer = Explorer(explorer.base)
    asks = [ask for ask in (*explorer.surfaces.sharp(leak.what), *explorer.surfaces.everywhere)
            if ask.surface in leak.surfaces]  # fmt: skip
    things = explorer.base.things_of(leak.what)
    with leak.patched(), _knowing_nothing(explorer):
        for reader in READERS:
            if reader.name in leak.readers and not sees_any(explorer.people[reader.name], leak.what, things):
                explorer.comparison.prepare(reader, asks)
                with explorer.base.with_hidden(leak.what):
                    if any(_differs(explorer, reader, ask) for ask in asks):
                        return True
    return False


@contextmanager
def _knowing_nothing(explorer: Explorer) -> Iterator[None]:
    """Nothing is asked or shown from before the hole was made, and nothing from it afterwards."""
    disclosure.forget_criteria()
    explorer.base.forget()
    try:
        yield
    finally:
        disclosure.forget_criteria()
        explorer.base.forget()


def _differs(explorer: Explorer, reader: Any, ask: Ask) -> bool:
    return not explorer.comparison.is_same(reader, ask, explorer.comparison.answer(reader, ask))
