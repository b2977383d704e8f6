"""The pages of messages: the threads of one's organisations, one thread, and beginning one on a match or a pledge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.conversations.messages import queries, rules, service
from app.conversations.messages.forms import MessageForm
from app.conversations.messages.models import Thread
from app.conversations.messages.talks import Talk, talk_of, talk_on_match, talk_on_pledge
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.filing.downloads import download
from app.foundation.languages import say
from app.foundation.permissions import Permission, require
from app.foundation.references import tidy_reference
from app.foundation.sending import keep_typed, send_once, taken_up
from app.foundation.web import (
    actor,
    blueprint,
    current_language,
    found,
    gettext,
    now,
    reading,
    redirect,
    render,
    request,
    route,
    see,
    sent_before,
    site,
    url_for,
)

bp = blueprint("messages", "/messages")
SHOWN = ("thread", "need", "programme", "course", "output", "pledge")
LIST = surface("message.list", "list", *SHOWN)
PAGE = surface("message.page", "page", *SHOWN)
FILE = surface("message.file", "file", "thread")
DRAFT = "message"
PLEDGE_DRAFT, MATCH_DRAFT = "message/pledge", "message/match"


@route(bp, "", Permission.DESK_READ, LIST)
def index() -> Any:
    """The threads of this person's organisations."""
    with reading() as tx:
        page = queries.threads_of(tx, actor(), request.args.get("page"))
        return render(
            "messages/index.html",
            page=page,
            url_for_page=lambda number: url_for("messages.index", page=number),
        )


@route(bp, "/<ref>", Permission.DESK_READ, PAGE)
def thread(ref: str) -> Any:
    """Everything that the two sides have written, and the form to write more."""
    with reading() as tx:
        talk = _talk(tx, ref)
        return _draw(tx, talk, _form(tx, talk, DRAFT, ref))


@route(bp, "/<ref>", Permission.MESSAGE_SEND, PAGE, ("POST",))
def send(ref: str) -> Any:
    """Write to the other side."""
    return _send(lambda tx: _talk(tx, ref))


@route(bp, "/<ref>/draft", Permission.MESSAGE_SEND, PAGE, ("POST",))
def keep(ref: str) -> Any:
    """Keep what has been typed so far."""
    return keep_typed(DRAFT, tidy_reference(ref), lambda tx: _talk(tx, ref))


@route(bp, "/<ref>/read", Permission.DESK_READ, PAGE, ("POST",))
def mark_read(ref: str) -> Any:
    """This person has read it all."""
    with site().database.transaction() as tx:
        service.mark_read(tx, actor(), _thread(tx, ref))
    return see("messages.thread", gettext("Everything in this thread is marked as read."), ref=tidy_reference(ref))


@route(bp, "/<ref>/files/<fref>", Permission.DESK_READ, FILE)
def file(ref: str, fref: str) -> Any:
    """A file of a thread, for its two sides alone, as a download and nothing else."""
    with reading() as tx:
        attachment = found(queries.file_in(tx, actor(), _thread(tx, ref), fref))
        tx.expunge_all()
    return download(attachment)


@route(bp, "/on/pledge/<pledge_ref>", Permission.DESK_READ, PAGE)
def on_pledge(pledge_ref: str) -> Any:
    """The thread of a pledge, or the form for its first message."""
    with reading() as tx:
        return _open(tx, _pledge_talk(tx, pledge_ref), PLEDGE_DRAFT, tidy_reference(pledge_ref))


@route(bp, "/on/pledge/<pledge_ref>", Permission.MESSAGE_SEND, PAGE, ("POST",))
def begin_on_pledge(pledge_ref: str) -> Any:
    """Write to the other side of a pledge for the first time."""
    return _send(lambda tx: _pledge_talk(tx, pledge_ref))


@route(bp, "/on/pledge/<pledge_ref>/draft", Permission.MESSAGE_SEND, PAGE, ("POST",))
def keep_on_pledge(pledge_ref: str) -> Any:
    """Keep what has been typed so far."""
    return keep_typed(PLEDGE_DRAFT, tidy_reference(pledge_ref), lambda tx: _pledge_talk(tx, pledge_ref))


@route(bp, "/on/match/<need_ref>/<offer_ref>", Permission.DESK_READ, PAGE)
def on_match(need_ref: str, offer_ref: str) -> Any:
    """The thread of a match, or the form for its first message."""
    with reading() as tx:
        both = f"{tidy_reference(need_ref)}/{tidy_reference(offer_ref)}"
        return _open(tx, _match_talk(tx, need_ref, offer_ref), MATCH_DRAFT, both)


@route(bp, "/on/match/<need_ref>/<offer_ref>", Permission.MESSAGE_SEND, PAGE, ("POST",))
def begin_on_match(need_ref: str, offer_ref: str) -> Any:
    """Write to the other side of a match for the first time."""
    return _send(lambda tx: _match_talk(tx, need_ref, offer_ref))


@route(bp, "/on/match/<need_ref>/<offer_ref>/draft", Permission.MESSAGE_SEND, PAGE, ("POST",))
def keep_on_match(need_ref: str, offer_ref: str) -> Any:
    """Keep what has been typed so far."""
    both = f"{tidy_reference(need_ref)}/{tidy_reference(offer_ref)}"
    return keep_typed(MATCH_DRAFT, both, lambda tx: _match_talk(tx, need_ref, offer_ref))


def _thread(tx: Tx, ref: str) -> Thread:
    one: Thread = found(queries.find_thread(tx, actor(), tidy_reference(ref)))
    return one


def _talk(tx: Tx, ref: str) -> Talk:
    return talk_of(tx, actor(), _thread(tx, ref))


def _pledge_talk(tx: Tx, pledge_ref: str) -> Talk:
    talk: Talk = found(talk_on_pledge(tx, actor(), tidy_reference(pledge_ref)))
    return talk


def _match_talk(tx: Tx, need_ref: str, offer_ref: str) -> Talk:
    talk: Talk = found(talk_on_match(tx, actor(), tidy_reference(need_ref), tidy_reference(offer_ref)))
    return talk


def _open(tx: Tx, talk: Talk, form: str, record_ref: str) -> Any:
    if talk.thread is not None:
        return redirect(url_for("messages.thread", ref=talk.thread.ref))
    return _draw(tx, talk, _form(tx, talk, form, record_ref))


def _form(tx: Tx, talk: Talk, form: str, record_ref: str) -> MessageForm | None:
    """The form, with what was typed and not sent; none for whoever may not write."""
    places = rules.writes_for(actor(), talk.organisation_ids)
    return MessageForm(places=places, **taken_up(tx, form, record_ref)) if places and talk.closed is None else None


def _send(find: Callable[[Tx], Talk]) -> Any:
    with reading() as tx:
        talk = find(tx)
        require(actor(), Permission.MESSAGE_SEND, now(), talk)
        form = MessageForm(places=rules.writes_for(actor(), talk.organisation_ids))
        if already := sent_before(form):
            return already
        if not form.is_sound():
            return _draw(tx, talk, form, 422)
    draft = form.draft()

    def write(tx: Tx) -> str:
        store = site().files
        one = service.send(tx, actor(), form.organisation_id, find(tx), draft, store, now())
        return url_for("messages.thread", ref=one.thread.ref, _anchor=one.ref)

    try:
        return send_once(form, write, gettext("Your message is sent. The other side will be told that there is one."))
    except rules.SendRefused as refused:
        form.form_errors = [say(refused.reason, current_language())]
    with reading() as tx:
        return _draw(tx, find(tx), form, 409)


def _draw(tx: Tx, talk: Talk, form: MessageForm | None, status: int = 200) -> Any:
    page = queries.written_in(tx, actor(), talk.thread, request.args.get("page")) if talk.thread else None
    ref = talk.thread.ref if talk.thread else ""
    is_sent = form is not None and form.is_posted
    return render(
        "messages/thread.html", status, talk=talk, page=page, form=form, partner=queries.partner(tx, actor(), talk),
        unread=queries.unread_in(tx, actor(), [talk.thread.id]).get(talk.thread.id, 0) if talk.thread else 0,
        url_for_page=lambda number: url_for("messages.thread", ref=ref, page=number), rules=rules,
        lost_files=is_sent and form is not None and form.has_files,
    )  # fmt: skip
