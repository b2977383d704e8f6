"""My desk: what waits for me, what I began, how my organisation's records stand, and what newly fits them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.accounts.rules import standing
from app.foundation.disclosure import surface
from app.foundation.drafts import Draft, drop_draft
from app.foundation.permissions import Permission
from app.foundation.web import actor, blueprint, gettext, now, reading, render, request, route, see, site, url_for
from app.overview.desk_queries import desk_of
from app.overview.words import KINDS, LISTS

bp = blueprint("desk", "/desk")

PAGE = surface("desk.page", "page", "need", "programme", "course", "lesson", "output")

BESIDE: Mapping[str, tuple[str, str]] = {
    "pledge": ("pledges.new", "need_ref"),
    "needs/pledge": ("pledges.new", "need_ref"),
    "course_session": ("courses.new_session", "ref"),
    "courses/sessions/new": ("courses.new_session", "ref"),
    "message": ("messages.thread", "ref"),
    "message/pledge": ("messages.on_pledge", "pledge_ref"),
    "message/match": ("messages.on_match", "need_ref/offer_ref"),
    "clarification": ("clarifications.about", "ref"),
    "lesson_request": ("closing.tell", "ref"),
    "course_nominations": ("nominations.sheet_rows", "ref/session_ref"),
}
"""Forms that are opened from another record: their address, and what that calls the record, or both of two."""


@route(bp, "", Permission.DESK_READ, surface=PAGE)
def index() -> Any:
    """One person's desk."""
    with reading() as tx:
        desk = desk_of(tx, actor(), now())
        return render(
            "desk/index.html",
            desk=desk,
            drafts=[(draft, resume_address(draft)) for draft in desk.drafts],
            beside=BESIDE,
            kinds=KINDS,
            lists=LISTS,
            standing=standing(actor()),
        )


@route(bp, "/drafts/drop", Permission.DESK_READ, surface=PAGE, methods=("POST",))
def drop() -> Any:
    """Throw away something that was begun."""
    with site().database.transaction() as tx:
        drop_draft(tx, actor(), request.form.get("key", "")[:64])
    return see("desk.index", gettext("The draft is thrown away."))


def resume_address(draft: Draft) -> str | None:
    """Where a draft is taken up again; nothing where its form cannot be opened by itself."""
    # A form that was carried over an expired sign-in is called by its address ("needs/new"), others by their kind.
    kind = draft.form.split("/")[0].rstrip("s")
    if draft.form in BESIDE and draft.record_ref:
        endpoint, name = BESIDE[draft.form]
        values: dict[str, Any] = dict(zip(name.split("/"), draft.record_ref.split("/"), strict=False))
        return url_for(endpoint, **values, draft=draft.key)
    if kind not in LISTS or "sessions" in draft.form:
        return None
    if draft.record_ref:
        return url_for(f"{LISTS[kind]}.amend", ref=draft.record_ref, draft=draft.key)
    return url_for(f"{LISTS[kind]}.new", draft=draft.key)
