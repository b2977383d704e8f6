"""Where an owner answers by the link of a mail, without signing in: is it still true, or what came of it?

Opening the link changes nothing, since mail programs and their scanners open links by themselves; the button does.
"""

from __future__ import annotations

from typing import Any

from app.foundation.disclosure import NOTHING
from app.foundation.limits import may_still
from app.foundation.permissions import Permission
from app.foundation.web import abort, now, reading, redirect, render, route, site, url_for
from app.needs.rules import MoveRefused as NeedMoved
from app.upkeep.asking import rules, service
from app.upkeep.asking.forms import OwnerForm
from app.upkeep.asking.links import Link, asking_for, open_link
from app.upkeep.clocks.rules import NotNow
from app.upkeep.records import KINDS, find, title_of
from app.upkeep.shared import bp

LOOKS = "120 per hour"
"""So many links may be opened from one place: enough for whoever works off a mail, too few for whoever guesses."""
LONGEST_KNOWN = 60


@route(bp, "/upkeep/<token>/<answer>", Permission.PUBLIC_READ, NOTHING)
def answer(token: str, answer: str) -> Any:
    """What the owner is asked, with the answer of the link as the first button."""
    if not may_still(LOOKS, f"asking {token[-LONGEST_KNOWN:]}"):
        abort(429)
    with reading() as tx:
        link = open_link(tx, site().settings.secret_key, token, now())
        return _draw(link, answer, OwnerForm(formdata=None))


@route(bp, "/upkeep/<token>/<answer>", Permission.PUBLIC_READ, NOTHING, ("POST",))
def send_answer(token: str, answer: str) -> Any:
    """The owner's answer, by the button; once."""
    form = OwnerForm()
    code = form.answer.data or answer
    try:
        with site().database.transaction() as tx:
            link = open_link(tx, site().settings.secret_key, token, now(), hold=True)
            is_known = isinstance(link, Link) and code in rules.answers_to(link.asking.question)
            if not isinstance(link, Link) or not is_known or not form.is_sound():
                return _draw(link, code, form, 422)
            service.answer(tx, link, code, form.words.data or "", now())
    except (NeedMoved, NotNow, ValueError):
        # Somebody else was quicker: what they did stands.
        return _gone(rules.MOVED)
    return redirect(url_for("upkeep.answered", token=token), code=303)


def _draw(link: Link | str, code: str, form: OwnerForm, status: int = 200) -> Any:
    if isinstance(link, str):
        return _gone(link)
    chosen = rules.answer_of(link.asking.question, code)
    if chosen is None:
        abort(404)
    return _quiet(
        render(
            "upkeep/answer.html",
            status,
            link=link,
            title=title_of(link.record),
            chosen=chosen,
            answers=rules.ANSWERS[link.asking.question],
            form=form,
            is_outcome=link.asking.question == rules.OUTCOME,
        )
    )


def _gone(why: str) -> Any:
    status = 404 if why == rules.ALTERED else 410
    return _quiet(render("upkeep/link_gone.html", status, why=rules.GONE[why]))


@route(bp, "/upkeep/<token>/answered", Permission.PUBLIC_READ, NOTHING)
def answered(token: str) -> Any:
    """After the button: what was answered, and where one signs in to do the rest. It names no record by its words."""
    with reading() as tx:
        asking = asking_for(tx, site().settings.secret_key, token)
        record = find(tx, asking.record_kind, asking.record_id) if asking and asking.answer else None
        if asking is None or record is None:
            return _gone(rules.ALTERED if asking is None else rules.MOVED)
        kind = KINDS[asking.record_kind]
        waits = asking.answer in rules.WAITS and not (asking.answer == "closed" and kind.ends)
        said = rules.answer_of(asking.question, asking.answer)
        return _quiet(render("upkeep/answered.html", said=said, kind=kind, ref=record.ref, waits=waits, asking=asking))


def _quiet(page: Any) -> Any:
    """Neither kept by a browser nor found by a search engine, and the link is told to no other site."""
    page.headers["Cache-Control"] = "private, no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
