"""The kinds of records that are kept alive, each with who may say so, how it is confirmed, and how it is ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, select

from app.courses.confirming import confirm_course
from app.courses.models import Course
from app.courses.service import withdraw_course
from app.foundation.db import Tx
from app.foundation.disclosure import readable
from app.foundation.messages import Message, msg
from app.foundation.permissions import STATUSES_THAT_COUNT, SYSTEM, Actor, Permission
from app.needs.models import Need
from app.needs.rules import OPEN
from app.needs.service import confirm_need
from app.organisations.details import MAY_AMEND, confirm_contact
from app.organisations.models import Organisation
from app.programmes.models import Programme
from app.programmes.rules import RUNNING, endings_of
from app.programmes.service import close_programme, confirm_programme

End: TypeAlias = Callable[[Tx, Actor, Any, str, datetime], None]
ENDED_WITH = ("4", "5")
"""How a programme is ended by its owner's word alone: closed, or cancelled where it never began."""


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    `ends` is empty where ending asks for more than a word: the results of a need, say. `ending` says what is done.
    """

    code: str
    name: Message
    model: type[Any]
    going_on: ColumnElement[bool]
    permission: Permission
    confirm: Callable[..., None]
    page: str
    amend: str
    ending: Message
    ends: End | None = None


def _close(tx: Tx, actor: Actor, programme: Programme, reason: str, now: datetime) -> None:
    close_programme(tx, actor, programme, _ending_of(programme), reason, now)


def _ending_of(programme: Programme) -> str:
    possible = endings_of(programme.status)
    return next((status for status in ENDED_WITH if status in possible), ENDED_WITH[0])


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "need", msg("Need"), Need, and_(Need.status.in_(OPEN), Need.is_published), Permission.NEED_AMEND,
            confirm_need, "needs.page", "needs.amend",
            msg("Closing a need asks for its results. It is put on your desk, and you close it there."),
        ),
        Kind(
            "programme", msg("Programme"), Programme, and_(Programme.status.in_(RUNNING), Programme.is_published),
            Permission.PROGRAMME_AMEND, confirm_programme, "programmes.page", "programmes.amend",
            msg("The programme is closed: it takes no more requests. Needs that match it are told."), _close,
        ),
        Kind(
            "course", msg("Course"), Course, and_(Course.status == "posted", Course.is_published),
            Permission.COURSE_AMEND, confirm_course, "courses.page", "courses.amend",
            msg("The course leaves the catalogue, and sessions that are still to come are cancelled. "
                "This cannot be undone."), withdraw_course,
        ),
        Kind(
            "organisation", msg("Contact"), Organisation, Organisation.status.in_(STATUSES_THAT_COUNT), MAY_AMEND,
            confirm_contact, "organisations.page", "organisations.details",
            msg("An organisation is not closed by a link. It is put on your desk, and you say there what is wrong."),
        ),
    )
}  # fmt: skip
"""The kinds by their codes; the contact of an organisation is its details and its people."""


def rows_of(kind: Kind, reader: Actor = SYSTEM) -> Select[Any]:
    """The records of a kind that a reader may see."""
    return select(Organisation) if kind.model is Organisation else readable(reader, kind.model)


def going_on(kind: Kind, until: date) -> Select[Any]:
    """Those that go on and are to be confirmed by that day."""
    return rows_of(kind).where(kind.going_on, kind.model.verify_by.is_not(None), kind.model.verify_by <= until)


def find(tx: Tx, kind: str, number: int, *, hold: bool = False) -> Any:
    """One record as it is at this moment; nothing if it is gone. `hold` keeps others from changing it meanwhile."""
    if kind not in KINDS:
        return None
    query = rows_of(KINDS[kind]).where(KINDS[kind].model.id == number)
    if hold:
        query = query.with_for_update(of=KINDS[kind].model).execution_options(populate_existing=True)
    return tx.scalars(query).one_or_none()


def title_of(record: Any) -> str:
    """What a record is called: its title, or the name of an organisation."""
    return str(record.name if isinstance(record, Organisation) else record.title)


def is_public(record: Any) -> bool:
    """Whether anybody may read what it is called, so that a mail may say it."""
    if isinstance(record, Organisation):
        return record.status in STATUSES_THAT_COUNT
    return bool(record.is_published and record.disclosure == "public")
