"""Writing messages for programs: in a thread that there is, and the first one on a pledge or a match."""

from __future__ import annotations

from typing import Any

from pydantic import Field as Said
from pydantic import create_model

from app.api.answers import Answer
from app.api.bodies import filled
from app.api.needs import NO_TOKEN
from app.api.operations import reads, seen_version, writes
from app.api.shapes import Sent, taken_by
from app.api.threads import MESSAGE, MESSAGES, MessageGiven, Messages, Seen, here, message_answer, messages_of
from app.conversations.messages import queries, rules, service
from app.conversations.messages.forms import MessageForm
from app.conversations.messages.talks import Talk, talk_of, talk_on_match, talk_on_pledge
from app.foundation.db import Tx
from app.foundation.permissions import Permission, Refused, require
from app.foundation.web import actor, found, now, site

ON_PLEDGE = "/pledges/<ref>/messages"
ON_MATCH = "/needs/<ref>/matches/<kind>/<offer_ref>/messages"
MessageTaken = taken_by("MessageWritten", MessageForm)
MessageInForm = create_model(
    "MessageWithFiles", __base__=Sent, __doc__="A form with a message and its files.",
    message=(MessageTaken, Said(description="The message as JSON; sent as multipart/form-data.")),
    files=(
        list[bytes],
        Said(
            default=[],
            description=f"Its files, at most {rules.MOST_FILES}, each in a part of this name: the kinds and the size "
            "of FileSent.",
        ),
    ),
)  # fmt: skip


@writes(
    "POST", "/threads/<ref>/messages", Permission.MESSAGE_SEND, MESSAGE, MessageGiven, "Write in a thread",
    takes=MessageTaken, status=201, in_form=MessageInForm,
)  # fmt: skip
def write_in_thread(tx: Tx, body: Any, ref: str) -> Answer:
    """Write to the other side."""
    return _sent(tx, talk_of(tx, actor(), here(tx, ref)), body)


@reads(ON_PLEDGE, Permission.DESK_READ, MESSAGES, Messages, "Messages on a pledge", is_list=True)
def pledge_messages(tx: Tx, ref: str) -> Answer:
    """What both sides of a pledge have written each other, the latest first; nothing as long as nobody has."""
    return _messages(tx, _pledge_talk(tx, ref))


@writes(
    "POST", ON_PLEDGE, Permission.MESSAGE_SEND, MESSAGE, MessageGiven, "Write on a pledge", takes=MessageTaken,
    status=201, version="no", in_form=MessageInForm,
)  # fmt: skip
def write_on_pledge(tx: Tx, body: Any, ref: str) -> Answer:
    """Write to the other side of a pledge; the first message begins the thread."""
    return _sent(tx, _pledge_talk(tx, ref), body)


@reads(ON_MATCH, Permission.DESK_READ, MESSAGES, Messages, "Messages on a match", is_list=True)
def match_messages(tx: Tx, ref: str, kind: str, offer_ref: str) -> Answer:
    """What both sides of a match have written each other, the latest first; nothing as long as nobody has."""
    return _messages(tx, _match_talk(tx, ref, kind, offer_ref))


@writes(
    "POST", ON_MATCH, Permission.MESSAGE_SEND, MESSAGE, MessageGiven, "Write on a match", takes=MessageTaken,
    status=201, version="no", in_form=MessageInForm,
)  # fmt: skip
def write_on_match(tx: Tx, body: Any, ref: str, kind: str, offer_ref: str) -> Answer:
    """Write to the other side of a match; the first message begins the thread."""
    return _sent(tx, _match_talk(tx, ref, kind, offer_ref), body)


def _pledge_talk(tx: Tx, ref: str) -> Talk:
    talk: Talk = found(talk_on_pledge(tx, actor(), ref))
    return talk


def _match_talk(tx: Tx, ref: str, kind: str, offer_ref: str) -> Talk:
    talk = talk_on_match(tx, actor(), ref, offer_ref)
    one: Talk = found(talk if talk is not None and talk.offer_kind == kind else None)
    return one


def _messages(tx: Tx, talk: Talk) -> Answer:
    return messages_of(tx, talk.thread) if talk.thread is not None else Answer({"items": [], "next": None})


def _sent(tx: Tx, talk: Talk, body: Any) -> Answer:
    """What was sent is written for one's side: whether one may is asked first, and whether it has ended last."""
    require(actor(), Permission.MESSAGE_SEND, now(), talk)
    places = rules.writes_for(actor(), talk.organisation_ids)
    if not places:
        raise Refused(Permission.MESSAGE_SEND.value)
    form = filled(lambda typed: MessageForm(places=places, formdata=typed, meta=NO_TOKEN), body.record, body.files)
    seen_version(Seen(queries.count_messages(tx, talk.thread) if talk.thread else 0))
    message = service.send(tx, actor(), form.organisation_id, talk, form.draft(), site().files, now())
    return message_answer(tx, message, 201)
