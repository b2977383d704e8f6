"""Two records of one organisation become one: everything moves, and what happened to either stays told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Table, and_, delete, func, select, update

from app.foundation import audit, drafts, outbox
from app.foundation.db import Base, Tx
from app.foundation.disclosure import Owned, visible_to
from app.foundation.messages import msg
from app.foundation.permissions import Actor, Permission, require
from app.organisations.events import OrganisationMerged
from app.organisations.models import Organisation
from app.organisations.rules import MERGES, WrongMove

OWNER = "organisations.id"
# What happened is told of whom it happened to then; the chain of the audit could not be changed anyway.
STAYS = frozenset({"organisations", "audit_events"})


@dataclass(frozen=True)
class Moving:
    """How many rows of one table will change hands."""

    table: str
    number: int


def check_merge(gone: Organisation, kept: Organisation) -> None:
    """Whether these two may become one.

    Raises:
        WrongMove: they are one already, of different kinds, or not of a status in which records are merged.
    """
    if gone.id == kept.id:
        raise WrongMove(msg("This is the same record. Give the reference of the other one."))
    if gone.status not in MERGES or kept.status not in MERGES:
        raise WrongMove(msg("Only records that are verified or known from imported data can be merged."))
    if kept.status == "recorded" and gone.status != "recorded":
        raise WrongMove(msg("Merge the imported record into the verified one, not the other way round."))
    if "secretariat" in {gone.kind, kept.kind} or (gone.status != "recorded" and gone.kind != kept.kind):
        raise WrongMove(msg("These are organisations of different kinds. They cannot be the same."))


def moving(tx: Tx, gone: Organisation) -> list[Moving]:
    """What would move, table by table; tables without any row are left out."""
    found = []
    for table, column in _owners():
        number = tx.scalar(select(func.count()).select_from(table).where(column == gone.id)) or 0
        if number:
            found.append(Moving(table.name, number))
    return found


def records_moving(tx: Tx, reader: Actor, gone: Organisation) -> int:
    """How many records of the organisation would move, of those that this reader may see.

    Rows that only tell who may see what are not counted: they would tell of fields that the reader is not shown.
    """
    counts = (
        tx.scalar(
            select(func.count()).select_from(model).where(model.organisation_id == gone.id, visible_to(reader, model))
        )
        for model in Owned.__subclasses__()
    )
    return sum(count or 0 for count in counts)


def merge(  # noqa: PLR0913, PLR0917 - as every service: who, what, into what, why, when, from which form
    tx: Tx, actor: Actor, gone: Organisation, kept: Organisation, reason: str, now: datetime, form_key: str = ""
) -> None:
    """Give everything of one organisation to another one; its people belong to that one from the next request on.

    Raises:
        Refused: the actor is not of the secretariat.
        WrongMove: see check_merge, or the reason is missing.
    """
    require(actor, Permission.ORGANISATION_VERIFY, now, kept)
    check_merge(gone, kept)
    if not reason.strip():
        raise WrongMove(msg("Write the reason: the record keeps it."))
    tx.flush()
    for table, column in _owners():
        _drop_doubles(tx, table, column, gone.id, kept.id)
        tx.execute(update(table).where(column == gone.id).values({column.name: kept.id}))
    _take_over_names(tx, gone, kept)
    gone.status, gone.merged_into_id, gone.decision_reason = "merged", kept.id, reason.strip()
    gone.decided_by, gone.decided_at, gone.changed_at, kept.changed_at = actor.account_id, now, now, now
    tx.flush()
    tx.expire_all()
    audit.record_event(tx, actor, "organisation.merged", gone, now, {"into": kept.ref})
    audit.record_event(tx, actor, "organisation.absorbed", kept, now, {"gone": gone.ref})
    outbox.tell(tx, OrganisationMerged(kept.id, gone.id), now)
    if form_key:
        drafts.note_done(tx, actor, form_key, f"/organisations/{kept.ref}", now)


def _take_over_names(tx: Tx, gone: Organisation, kept: Organisation) -> None:
    names = [name for name in (gone.name, *gone.former_names) if name != kept.name]
    kept.former_names = list(dict.fromkeys([*kept.former_names, *names]))
    kept.names = {**(gone.names or {}), **(kept.names or {})}
    identifier, gone.iati_identifier = gone.iati_identifier, None
    # An identifier is one organisation's alone, so the one that goes has to let go of it first.
    tx.flush()
    kept.iati_identifier = kept.iati_identifier or identifier


def _owners() -> list[tuple[Table, Column[int]]]:
    """Every column of every table that says to which organisation a row belongs."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        if table.name not in STAYS
        for column in table.columns
        if column.name == "organisation_id" or any(key.target_fullname == OWNER for key in column.foreign_keys)
    ]


def _drop_doubles(tx: Tx, table: Table, column: Column[int], gone: int, kept: int) -> None:
    """Where a row may be there once for each organisation, the one that both have is kept once."""
    keys = [[c.name for c in table.primary_key.columns]]
    keys += [[c.name for c in one.columns] for one in table.constraints if hasattr(one, "columns")]
    for names in keys:
        if column.name not in names or len(names) < 2:  # noqa: PLR2004 - a key of one column is no double
            continue
        twin = table.alias("twin")
        same = [table.c[name] == twin.c[name] for name in names if name != column.name]
        there = select(1).where(and_(twin.c[column.name] == kept, *same)).exists()
        tx.execute(delete(table).where(column == gone, there))
