"""Messages on the pages of what they are about, drawn for the two sides alone."""

from __future__ import annotations

from app.conversations.messages import queries, rules
from app.conversations.messages.talks import Talk, talk_on_match, talk_on_pledge
from app.foundation.db import Tx
from app.foundation.disclosure import surface
from app.foundation.permissions import Actor
from app.foundation.web import reading, render_part, url_for

surface("message.panel", "panel", "thread")
surface("message.desk.panel", "panel", "thread", "need", "programme", "course", "output", "pledge")
ON_DESK = 6


def messages_on_pledge(reader: Actor, ref: str) -> str:
    """The way to the thread of a pledge, with how much of it is unread."""
    if not reader.is_signed_in:
        return ""
    with reading() as tx:
        return _draw(tx, reader, talk_on_pledge(tx, reader, ref), url_for("messages.on_pledge", pledge_ref=ref))


def messages_on_match(reader: Actor, refs: str) -> str:
    """The way to the thread of a match; `refs` are those of the need and of the offer, parted by a stroke."""
    need_ref, _stroke, offer_ref = refs.partition("/")
    if not reader.is_signed_in:
        return ""
    with reading() as tx:
        address = url_for("messages.on_match", need_ref=need_ref, offer_ref=offer_ref)
        return _draw(tx, reader, talk_on_match(tx, reader, need_ref, offer_ref), address)


def desk_messages(reader: Actor, _ref: str) -> str:
    """Threads with something new in them, and the way to all of them."""
    with reading() as tx:
        page = queries.threads_of(tx, reader, None)
        new = [row for row in page.items if row.unread]
        return render_part("messages/_on_desk.html", new=new[:ON_DESK], total=page.total) if page.total else ""


def _draw(tx: Tx, reader: Actor, talk: Talk | None, address: str) -> str:
    if talk is None or (talk.thread is None and not rules.writes_for(reader, talk.organisation_ids)):
        return ""
    thread = talk.thread
    unread = queries.unread_in(tx, reader, [thread.id]).get(thread.id, 0) if thread else 0
    total = queries.count_messages(tx, thread) if thread else 0
    partner = queries.partner(tx, reader, talk)
    return render_part(
        "messages/_on_record.html", talk=talk, address=address, unread=unread, total=total, partner=partner
    )
