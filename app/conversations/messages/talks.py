"""Between whom messages go, and about what: the two sides of a match or of a pledge, as one of them sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.conversations.messages import rules
from app.conversations.messages.models import Thread
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import Message
from app.foundation.permissions import SYSTEM, Actor, Membership
from app.matching.queries import find_pair
from app.matching.relations.records import side_by_ref, sides_by_keys
from app.needs import rules as needs
from app.needs.models import Need
from app.needs.queries import find_need
from app.organisations.models import Organisation
from app.programmes import rules as programmes
from app.search.documents import MODELS

OFFERS = ("programme", "course", "output")


@dataclass(frozen=True)
class Talk:
    """What two organisations may write each other about; `need`, `offer` and `pledge` as far as the reader sees them.

    `organisation_id` is the side of the need. `closed` says why one may not write, `thread` is there once somebody has.
    """

    about: str
    key: str
    need_id: int
    organisation_id: int
    other_id: int
    need: Any = None
    offer_kind: str = ""
    offer_id: int | None = None
    offer: Any = None
    pledge_id: int | None = None
    pledge: Any = None
    closed: Message | None = None
    thread: Thread | None = None

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The two sides, for policies."""
        return frozenset({self.organisation_id, self.other_id})

    @property
    def title(self) -> str:
        """The title of the need, by which a draft is found on one's desk."""
        return str(self.need.title) if self.need is not None else ""


def talk_on_pledge(tx: Tx, reader: Actor, pledge_ref: str) -> Talk | None:
    """What may be written about a pledge, for somebody of either side."""
    side = side_by_ref(tx, reader, pledge_ref)
    if side is None or side.kind != rules.PLEDGE:
        return None
    pledge = side.record
    return _whole(tx, reader, _of_pledge(pledge, find_need(tx, reader, pledge.need_ref)))


def talk_on_match(tx: Tx, reader: Actor, need_ref: str, offer_ref: str) -> Talk | None:
    """What may be written about a need and an offer that were matched, for somebody of either side."""
    need = find_need(tx, reader, need_ref)
    kind = next((one for one in OFFERS if offer_ref.startswith(f"{MODELS[one].reference_prefix}-")), "")
    shown = find_pair(tx, reader, need, kind, offer_ref) if need is not None and kind else None
    if shown is None:
        return None
    talk = _of_match(shown.need.id, shown.need.organisation_id, kind, shown.offer.id, shown.offer.organisation_id)
    whole = _whole(tx, reader, replace(talk, need=shown.need, offer=shown.offer))
    if whole is None or whole.thread is not None or whole.closed is not None:
        return whole
    return whole if _both_see(tx, whole) else replace(whole, closed=rules.CLOSED["hidden"])


def talk_of(tx: Tx, reader: Actor, thread: Thread) -> Talk:
    """What a thread, which the caller has found for its reader, is about."""
    need = tx.scalar(readable(reader, Need).where(Need.id == thread.need_id))
    if thread.about == rules.PLEDGE:
        sides = sides_by_keys(tx, reader, [(rules.PLEDGE, thread.pledge_id or 0)])
        pledge = next((side.record for side in sides.values()), None)
        talk = Talk(rules.PLEDGE, thread.about_key, thread.need_id, thread.organisation_id, thread.other_id, need,
                    pledge_id=thread.pledge_id, pledge=pledge)  # fmt: skip
    else:
        talk = _of_match(
            thread.need_id, thread.organisation_id, thread.offer_kind, thread.offer_id or 0, thread.other_id
        )
        talk = replace(talk, need=need, offer=_record(tx, reader, thread.offer_kind, thread.offer_id))
    return replace(talk, closed=closed_because(tx, talk), thread=thread)


def closed_because(tx: Tx, talk: Talk) -> Message | None:
    """Why one may not write any more: what it is about has ended, whether or not this reader may see that."""
    if talk.about == rules.PLEDGE:
        sides = sides_by_keys(tx, SYSTEM, [(rules.PLEDGE, talk.pledge_id or 0)])
        status = next((side.record.status for side in sides.values()), "withdrawn")
        return rules.CLOSED["pledge"] if status in rules.ENDED_PLEDGES else None
    need = _record(tx, SYSTEM, "need", talk.need_id)
    if need is None or need.status not in needs.OPEN:
        return rules.CLOSED["need"]
    offer = _record(tx, SYSTEM, talk.offer_kind, talk.offer_id)
    return None if offer is not None and _runs(talk.offer_kind, offer) else rules.CLOSED["offer"]


def _of_pledge(pledge: Any, need: Any) -> Talk:
    return Talk(
        rules.PLEDGE, rules.key_of_pledge(pledge.id), pledge.need_id, pledge.need_organisation_id,
        pledge.organisation_id, need, pledge_id=pledge.id, pledge=pledge,
    )  # fmt: skip


def _of_match(need_id: int, need_owner: int, kind: str, offer_id: int, offer_owner: int) -> Talk:
    key = rules.key_of_match(need_id, kind, offer_id)
    return Talk(rules.MATCH, key, need_id, need_owner, offer_owner, offer_kind=kind, offer_id=offer_id)


def _whole(tx: Tx, reader: Actor, talk: Talk) -> Talk | None:
    """With its thread, and why one may not write; nothing for others, and nothing within one organisation."""
    if talk.organisation_id == talk.other_id or not talk.organisation_ids & reader.organisation_ids:
        return None
    thread = tx.scalar(readable(reader, Thread).where(Thread.about_key == talk.key))
    return replace(talk, closed=closed_because(tx, talk), thread=thread)


def _record(tx: Tx, reader: Actor, kind: str, number: int | None) -> Any:
    model = MODELS[kind]
    return tx.scalar(readable(reader, model).where(model.id == number).options(selectinload(model.organisation)))


def _runs(kind: str, offer: Any) -> bool:
    if kind == "programme":
        return offer.status in programmes.RUNNING
    # An output can be had for good.
    return bool(kind == "output" or offer.status == "posted")


def _both_see(tx: Tx, talk: Talk) -> bool:
    """Whether each of the two organisations may see the record of the other, whoever of it reads."""
    people = [_anybody_of(tx, number) for number in sorted(talk.organisation_ids)]
    return all(
        _record(tx, one, "need", talk.need_id) is not None
        and _record(tx, one, talk.offer_kind, talk.offer_id) is not None
        for one in people
    )


def _anybody_of(tx: Tx, organisation_id: int) -> Actor:
    one = tx.scalars(select(Organisation).where(Organisation.id == organisation_id)).one()
    place = Membership(one.id, one.ref, one.name, one.kind, one.status, "member", one.country, one.grouping)
    return Actor(account_id=0, memberships=(place,))
