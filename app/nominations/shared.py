"""What the pages of nominations share: the address, the session that they are about, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from app.courses.models import CourseSession
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.forms import BaseForm
from app.foundation.languages import say
from app.foundation.permissions import Permission, require
from app.foundation.sending import send_once
from app.foundation.web import (
    actor,
    blueprint,
    current_language,
    flash,
    found,
    now,
    reading,
    redirect,
    sent_before,
    url_for,
)
from app.nominations.models import Nomination
from app.nominations.queries import find_nomination, find_session
from app.nominations.rules import MoveRefused

Record = TypeVar("Record")
bp = blueprint("nominations")
LIST = surface("nomination.list", "list", "nomination", "course")
PAGE = surface("nomination.page", "page", "nomination", "course", "need")
FORM = surface("nomination.form", "page", "nomination", "course", "need")


def session_here(tx: Tx, ref: str, session_ref: str) -> CourseSession:
    """The session of this address, if the reader may see its course; else a 404."""
    return cast(CourseSession, found(find_session(tx, actor(), ref, session_ref)))


def session_to_fill(tx: Tx, ref: str, session_ref: str) -> CourseSession:
    """The same for somebody who writes for its centre.

    Raises:
        Refused: the person does not. HTTPException: there is none for this person (404).
    """
    session = session_here(tx, ref, session_ref)
    require(actor(), Permission.COURSE_AMEND, now(), session)
    return session


def nomination_here(tx: Tx, ref: str, permission: Permission | None = None) -> Nomination:
    """The nomination of this address, if the reader may see it and has the permission.

    Raises:
        Refused: the person has not. HTTPException: there is none for this person (404).
    """
    nomination = cast(Nomination, found(find_nomination(tx, actor(), ref)))
    if permission is not None:
        require(actor(), permission, now(), nomination)
    return nomination


def acted_once(
    form: BaseForm,
    look: Callable[[Tx], Record],
    do: Callable[[Tx, Record], Any],
    address: str,
    words: str,
    draw: Callable[[Tx, Record], Any],
) -> Any:
    """Act upon a form of a page, once however often it is sent, and go to that page's address with these words.

    `look` finds what it is about, or stops (404, 403); `draw` shows the page with a form that is not sound. What is
    not possible any more is told on the page.
    """
    if already := sent_before(form):
        return already
    with reading() as tx:
        record = look(tx)
        if not form.is_sound():
            return draw(tx, record)

    def write(tx: Tx) -> str:
        do(tx, look(tx))
        return address

    try:
        return send_once(form, write, words)
    except MoveRefused as error:
        return refused(error, address)


def refused(error: MoveRefused, address: str) -> Any:
    """A move that is not possible any more: say why, where the record stands as it is now."""
    flash(say(error.reason, current_language()), "danger")
    return redirect(address, code=303)


def list_address(session: CourseSession) -> str:
    """Where the nominations of a session are listed."""
    return url_for("nominations.of_session", ref=session.course.ref, session_ref=session.ref)
