"""A form on its way: typed, kept, taken up again, sent, and acted upon once, however often it is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.foundation.db import Tx
from app.foundation.drafts import Draft, already_done, drafts_of, drop_draft, find_draft, note_done, save_draft
from app.foundation.forms import posted_fields
from app.foundation.web import abort, actor, flash, now, redirect, request, site

LONGEST_KEY = 64


def done(tx: Tx, form: Any, location: str) -> None:
    """The form has been acted upon: the same form again leads there and changes nothing."""
    note_done(tx, actor(), form.key, location, now())
    drop_draft(tx, actor(), form.key)


def send_once(form: Any, write: Callable[[Tx], str], message: str | Callable[[], str]) -> Any:
    """Act upon a form once, however often it is sent, and go to where the change can be seen.

    `write` makes the change and gives the address of what it changed; `message` may be known only afterwards.
    """
    try:
        with site().database.transaction() as tx:
            location = already_done(tx, actor(), form.key)
            if location is None:
                location = write(tx)
                done(tx, form, location)
    except (IntegrityError, ValueError):
        # The same form may have been sent twice at one instant: then the other one was acted upon, what it did stands
        # against this one (a rule, a key of the database), and this one leads to the same.
        with site().database.reading() as tx:
            location = already_done(tx, actor(), form.key)
        if location is None:
            raise
    flash(message() if callable(message) else message, "success")
    return cast(Any, redirect(location, code=303))


def resumed(tx: Tx) -> dict[str, Any]:
    """What a form is opened with: the draft that ?draft=<key> names, read as if it had been sent; else nothing.

    A form that is really sent reads itself.
    """
    key = request.args.get("draft")
    draft = find_draft(tx, actor(), key) if key and request.method == "GET" else None
    return _as_sent(draft)


def taken_up(tx: Tx, form: str, record_ref: str) -> dict[str, Any]:
    """What a form that is always of one record is opened with: what this person has last typed there and not sent."""
    mine = drafts_of(tx, actor()) if request.method == "GET" else []
    return _as_sent(next((one for one in mine if (one.form, one.record_ref) == (form, record_ref)), None))


def _as_sent(draft: Draft | None) -> dict[str, Any]:
    return {"formdata": MultiDict((str(name), str(text)) for name, text in draft.fields)} if draft else {}


def keep_typed(form: str, record_ref: str | None, find: Callable[[Tx], Any], prefix: str = "") -> Response:
    """Keep what has been typed so far as a draft of that form; the page calls this by itself.

    `find` looks for the record that the form is about, and stops with a 404 where the person may not see it; its title
    stands for the draft's where the form has none. `prefix` is that of its fields. A form that has been acted upon
    meanwhile leaves no draft behind.
    """
    key = request.form.get(f"{prefix}form_key", "")[:LONGEST_KEY]
    if not key:
        abort(404)
    try:
        with site().database.transaction() as tx:
            record = find(tx) if record_ref else None
            if already_done(tx, actor(), key) is None:
                draft = save_draft(tx, actor(), form, key, posted_fields(), now(), record_ref)
                draft.title = draft.title or (record.title if record else "")
    except ValueError:
        abort(413)
    return Response(status=204, headers={"X-Saved-At": now().isoformat()})
