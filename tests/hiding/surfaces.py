"""Everything that a reader can be shown: the addresses that are asked, with and without the hidden record.

A feature that adds a surface adds its addresses here; a test holds the list against the register of surfaces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from tests.hiding.cases import Case
from tests.hiding.stage import Stage

LISTS = ("/needs", "/programmes", "/courses", "/lessons", "/outputs", "/organisations")
FIXED = (
    "/", "/desk", "/notices", "/overview", "/countries", "/themes", "/map.svg", "/countries/SN", "/countries/ML",
    "/themes/asset_recovery", "/themes/judicial_process", "/organisations/queue", "/lessons/queue", "/needs/passing",
    "POST /search/alike?title={words}+{canary}&problem={words}", "POST /search/alike?title={canary}",
    "/needs/new", "/programmes/new", "/courses/new", "/lessons/new", "/outputs/new", "/lessons/alike?title={words}",
)  # fmt: skip
SEARCHES = (
    "/search?q={canary}", "/search?q={prefix}", "/search?q={misspelt}", "/search?q={words}",
    "/search?q={words}&sort=newest",
    "/search?q=formation&type=need", "/search?q=formation&page=2", "/search?q={words}&country=SN", "/search?q=",
    "/needs?q={canary}", "/needs?q={words}", "/organisations?q={canary}", "/programmes?q={canary}",
    "/needs?country=SN&theme=asset_recovery", "/needs?sort=oldest", "/lessons?q={canary}", "/courses?q={canary}",
)  # fmt: skip
PAGES = {
    "need": ("", "/history", "/matches", "/pledge", "/amend", "/end", "/passing"),
    "programme": ("", "/history", "/amend", "/close"),
    "course": ("", "/history", "/amend", "/withdraw", "/sessions/new"),
    "lesson": ("", "/history", "/amend"),
    "output": ("", "/amend"),
    "pledge": ("",),
}
COVERED = frozenset(
    {
        "home.page", "home.map", "desk.page", "notices.list", "overview.gaps", "country.page", "theme.page",
        "search.results", "need.list", "need.page", "need.history", "need.matches", "need.form", "need.file",
        "match.page", "programme.list", "programme.page", "programme.history", "programme.amend", "programme.close",
        "course.list", "course.page", "course.history", "course.amend", "course.session", "course.amend_session",
        "course.cancel_session", "course.new_session", "course.withdraw", "lesson.list", "lesson.page",
        "lesson.history", "lesson.form", "lesson.alike", "lesson.queue", "output.list", "output.page", "output.form",
        "pledge.page", "pledge.form", "search.alike", "organisation.list", "organisation.page", "organisation.queue",
    }
)  # fmt: skip
"""Surfaces whose addresses stand above or are built below."""


def addresses(stage: Stage, case: Case, hidden: Any) -> list[str]:
    """Every address that is worth asking for this case, in a fixed order."""
    words = {
        "canary": case.canary, "prefix": case.canary[:5], "misspelt": case.canary[:-2] + case.canary[-1],
        "words": "+".join(str(getattr(hidden, "title", case.canary)).split()[:2]),
    }  # fmt: skip
    fixed = [path.format(**words) for path in (*FIXED, *LISTS, *SEARCHES)]
    return [*fixed, *_own(case, hidden), *_of_others(stage), *_pairs(stage, case, hidden)]


def _own(case: Case, hidden: Any) -> Iterator[str]:
    """The hidden record's own addresses: they have to answer as if it had never been."""
    if case.kind == "application":
        yield from (f"/organisations/{hidden.ref}{rest}" for rest in ("", "/people", "/details", "/merge"))
        return
    kind = "need" if case.kind == "draft" else case.kind
    yield from (f"/{kind}s/{hidden.ref}{rest}" for rest in PAGES[kind])
    if kind == "course":
        session = hidden.sessions[0].ref
        yield from (f"/courses/{hidden.ref}/sessions/{session}{rest}" for rest in ("", "/amend", "/cancel"))
    if kind == "need":
        yield f"/lessons/new?need={hidden.ref}"
        yield f"/needs/{hidden.ref}/files/F-2222-2222"


def _of_others(stage: Stage) -> Iterator[str]:
    """The pages of records and organisations beside which the hidden one could show."""
    for kind, records in stage.records.items():
        for record in islice(records, 4):
            yield f"/{kind}s/{record.ref}"
    for need in islice(stage.records["need"], 3):
        yield from (f"/needs/{need.ref}{rest}" for rest in ("/matches", "/history", "/pledge"))
    yield from (f"/organisations/{one.ref}" for one in stage.organisations.values())


def _pairs(stage: Stage, case: Case, hidden: Any) -> Iterator[str]:
    if case.kind in {"programme", "course", "output"}:
        for need in islice(stage.records["need"], 2):
            yield f"/needs/{need.ref}/matches/{case.kind}/{hidden.ref}"
    if case.kind == "need":
        programme = stage.records["programme"][0]
        yield f"/needs/{hidden.ref}/matches/programme/{programme.ref}"


Addresses = Callable[[Stage, Case, Any], list[str]]
