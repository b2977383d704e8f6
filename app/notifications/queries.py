"""Reading notices and waiting mails; of a record that its reader may no longer see, no notice is shown or counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, String, and_, literal, or_, select, union_all

from app.accounts.models import Invitation
from app.courses.models import Course
from app.foundation.db import Tx
from app.foundation.disclosure import model_of, visible_to
from app.foundation.kept.once import read_once
from app.foundation.paging import PAGE_SIZE, Page, page_number
from app.foundation.permissions import Actor
from app.lessons.models import Lesson, Output
from app.needs.models import Need
from app.notifications.models import Mail, Notice
from app.notifications.rules import MOST_ATTEMPTS, Part, records_of, wait_after, what_of
from app.organisations.models import Organisation
from app.organisations.rules import LISTED
from app.pledges.models import Pledge
from app.pledges.queries import is_shown as is_pledge_shown
from app.programmes.models import Programme
from app.search.models import SavedSearch

OWNED: Mapping[str, type[Any]] = {
    "need": Need, "programme": Programme, "course": Course, "lesson": Lesson, "output": Output, "pledge": Pledge,
}  # fmt: skip
Told = TypeVar("Told", bound=Any)
"""A notice, or as much of one as is needed to know whether it may be shown: its cause and its record."""
MOST_KEPT = 400
"""A person's desk shows at most so many notices, the latest."""


def visible_records(tx: Tx, reader: Actor, parts: Iterable[Part]) -> set[Part]:
    """Those of the records that this reader may see at this moment, all kinds in one query: every page asks it."""
    wanted: dict[str, set[str]] = {}
    for kind, ref in parts:
        wanted.setdefault(kind, set()).add(ref)
    asked: list[Select[Any]] = []
    for kind, refs in sorted(wanted.items()):
        # A kind that a higher feature keeps (a meeting) is found by its name.
        model = Organisation if kind == "organisation" else OWNED.get(kind) or model_of(kind)
        if model is not None:
            query = select(literal(kind, String).label("kind"), model.ref.label("ref"))
            asked.append(query.where(model.ref.in_(refs), _visible(reader, kind, model)))
    if not asked:
        return set()
    return {(kind, ref) for kind, ref in tx.execute(union_all(*asked) if asked[1:] else asked[0])}


def _visible(reader: Actor, kind: str, model: type[Any]) -> ColumnElement[bool]:
    if kind == "organisation":
        may_see_any = reader.is_system or reader.is_secretariat
        own = Organisation.id.in_(reader.organisation_ids)
        return or_(own, Organisation.status.in_(LISTED), Organisation.id.is_not(None) if may_see_any else own)
    if kind == "pledge":
        return is_pledge_shown(reader)
    return visible_to(reader, model)


def may_be_told(tx: Tx, reader: Actor, cause: str) -> bool:
    """Whether this reader may see, at this moment, everything that the news gives away."""
    records = records_of(cause)
    return visible_records(tx, reader, records) >= set(records)


def unread_count(tx: Tx, reader: Actor) -> int:
    """How many notices this person has not read, of those that may still be shown."""
    if not reader.is_signed_in:
        return 0
    # What they say is not needed to count them.
    return len(_unread(tx, reader))


def unread_notices(tx: Tx, reader: Actor, without: Collection[str] = (), most: int = MOST_KEPT) -> list[Notice]:
    """The latest notices that this person has not read, but for those whose news is of one of the kinds `without`."""
    wanted = [row.id for row in _unread(tx, reader) if what_of(row.cause) not in without][:most]
    query = select(Notice).where(Notice.account_id == reader.account_id, Notice.id.in_(wanted))
    return list(tx.scalars(query.order_by(Notice.id.desc()))) if wanted else []


def _unread(tx: Tx, reader: Actor) -> list[Any]:
    """What of the notices is needed to count them, the latest first: number, cause, record."""

    def read() -> list[Any]:
        query = select(Notice.id, Notice.cause, Notice.record_kind, Notice.record_ref)
        query = query.where(Notice.account_id == reader.account_id, Notice.read_at.is_(None))
        told = tx.execute(query.order_by(Notice.id.desc()).limit(MOST_KEPT)).all()
        return _still_shown(tx, reader, told)

    return read_once(tx, ("unread notices", reader), read)


def list_notices(tx: Tx, reader: Actor, page: str | None) -> Page[Notice]:
    """This person's notices, unread ones first, the latest first."""
    found = shown_notices(tx, reader)
    number = page_number(page, len(found))
    return Page(found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, len(found))


def shown_notices(tx: Tx, reader: Actor) -> list[Notice]:
    """All of this person's notices that may still be shown, unread ones first, the latest first."""
    return sorted(_shown(tx, reader), key=lambda notice: notice.read_at is not None)


def find_shown_notice(tx: Tx, reader: Actor, notice_id: int) -> Notice | None:
    """One of this person's own notices, if it may still be shown."""
    return next(iter(_shown(tx, reader, Notice.id == notice_id)), None)


def find_notice(tx: Tx, reader: Actor, notice_id: int) -> Notice | None:
    """One of this person's own notices."""
    return tx.scalar(select(Notice).where(Notice.id == notice_id, Notice.account_id == reader.account_id))


def _shown(tx: Tx, reader: Actor, *where: ColumnElement[bool]) -> list[Notice]:
    query = select(Notice).where(Notice.account_id == reader.account_id, *where)
    return _still_shown(tx, reader, tx.scalars(query.order_by(Notice.id.desc()).limit(MOST_KEPT)).all())


def _still_shown(tx: Tx, reader: Actor, rows: Sequence[Told]) -> list[Told]:
    """Those of which the reader may see everything that they give away."""
    seen = visible_records(tx, reader, {part for row in rows for part in records_of(row.cause)})
    dropped = _dropped_searches(tx, reader, {row.record_ref for row in rows if row.record_kind == "search"})
    return [row for row in rows if seen.issuperset(records_of(row.cause)) and row.record_ref not in dropped]


def _dropped_searches(tx: Tx, reader: Actor, refs: set[str]) -> set[str]:
    """Searches that this person followed once: where a notice about several records led to, there is nothing now."""
    if not refs:
        return refs
    own = SavedSearch.account_id == reader.account_id
    return refs - set(tx.scalars(select(SavedSearch.ref).where(own, SavedSearch.ref.in_(refs))))


def known_notices(tx: Tx, account_ids: Iterable[int], causes: Iterable[str]) -> dict[tuple[int, str], int]:
    """Who has been told what already, with the number of the notice."""
    query = select(Notice.account_id, Notice.cause, Notice.id)
    rows = tx.execute(query.where(Notice.account_id.in_(set(account_ids)), Notice.cause.in_(set(causes))))
    return {(account_id, cause): number for account_id, cause, number in rows}


def known_mails(tx: Tx, recipients: Iterable[str], causes: Iterable[str]) -> set[tuple[str, str]]:
    """What has been written to whom already, sent or not."""
    query = select(Mail.recipient, Mail.cause)
    rows = tx.execute(query.where(Mail.recipient.in_(set(recipients)), Mail.cause.in_(set(causes))))
    return {(recipient, cause) for recipient, cause in rows}


def mails_to_try(tx: Tx, now: datetime, limit: int) -> Sequence[Mail]:
    """The oldest mails that are to be sent or tried again now, held so that no other worker takes them."""
    untried = Mail.claimed_at.is_(None)
    tries = [
        and_(Mail.attempts == attempts, Mail.claimed_at <= now - wait_after(attempts))
        # What was claimed while the server took nothing has no attempt to its name, and waits its turn all the same.
        for attempts in range(MOST_ATTEMPTS)
    ]
    query = select(Mail).where(Mail.sent_at.is_(None), Mail.attempts < MOST_ATTEMPTS, or_(untried, *tries))
    return tx.scalars(query.order_by(Mail.id).limit(limit).with_for_update(skip_locked=True)).all()


def invitation_by_ref(tx: Tx, ref: str) -> Invitation | None:
    """The invitation that a mail brings."""
    return tx.scalar(select(Invitation).where(Invitation.ref == ref))
