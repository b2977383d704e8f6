"""What a person may do with an import: begin it, say whom a reporter stands for, have it saved, have it undone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.exchange.intake import rules
from app.exchange.intake.models import FileImport
from app.exchange.intake.queries import broke_off, open_parties, parties_in_doubt
from app.foundation.audit import record_event
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.permissions import Actor, Permission, Refused, require
from app.jobs.service import Work, start_job
from app.organisations.models import Organisation

READ, SAVE, UNDO = "import.read", "import.save", "import.undo"
KINDS = {rules.READING: READ, rules.SAVING: SAVE, rules.UNDOING: UNDO}
"""Which work is done for an import in which state."""
MAY = (Permission.PROGRAMME_IMPORT,)


class AnswerNeeded(ValueError):
    """It is not said yet of every reporter whether it is the organisation of the same name."""


@dataclass(frozen=True)
class Order:
    """For whom files are brought in; `by_reporter`: each activity belongs to the organisation that reports it."""

    organisation: Organisation
    files: list[dict[str, Any]]
    by_reporter: bool = False


def begin_import(tx: Tx, actor: Actor, order: Order, now: datetime) -> FileImport:
    """Have files read and compared with what is kept; nothing of them is saved before somebody says so.

    Raises:
        Refused: the actor may not import for that organisation. TooManyJobs: too much of theirs waits already.
    """
    made = FileImport(
        organisation_id=order.organisation.id, by_reporter=order.by_reporter, made_by=actor.account_id,
        files=order.files, state=rules.READING, created_at=now,
    )  # fmt: skip
    check_may(actor, made, now)
    tx.add(made)
    tx.flush()
    record_event(tx, actor, "import.begun", made, now, {"files": len(order.files)})
    _have(tx, actor, made, now)
    return made


def save_import(tx: Tx, actor: Actor, made: FileImport, now: datetime) -> None:
    """Have what was read imported.

    Raises:
        Refused: the actor may not. MoveRefused: it is not there to be imported. AnswerNeeded: a reporter is in doubt.
    """
    check_may(actor, made, now)
    rules.check_move(made.state, rules.SAVING)
    if open_parties(tx, made):
        raise AnswerNeeded(made.ref)
    made.state = rules.SAVING
    record_event(tx, actor, "import.confirmed", made, now)
    _have(tx, actor, made, now)


def undo_import(tx: Tx, actor: Actor, made: FileImport, now: datetime) -> None:
    """Have a whole import taken back.

    Raises:
        Refused: the actor may not. MoveRefused: there is nothing to take back.
    """
    check_may(actor, made, now)
    rules.check_move(made.state, rules.UNDOING)
    if made.state == rules.SAVING and not broke_off(tx, made):
        raise rules.MoveRefused(made.state)
    made.state = rules.UNDOING
    record_event(tx, actor, "import.undo_asked", made, now)
    _have(tx, actor, made, now)


def go_on(tx: Tx, actor: Actor, made: FileImport, now: datetime) -> None:
    """Have the work taken up again that broke off: what is done stays done, and the rest is done now.

    Raises:
        Refused: the actor may not. MoveRefused: nothing has broken off.
    """
    check_may(actor, made, now)
    if not broke_off(tx, made):
        raise rules.MoveRefused(made.state)
    record_event(tx, actor, "import.taken_up", made, now, {"as": made.state})
    _have(tx, actor, made, now)


def answer_parties(tx: Tx, actor: Actor, made: FileImport, said: Mapping[int, str], now: datetime) -> None:
    """Say of reporters, by number, whether each is the organisation of the same name or one that is to be recorded.

    What is not said of one, or said again, changes nothing.

    Raises:
        Refused: the actor may not. MoveRefused: the import is past that.
    """
    check_may(actor, made, now)
    rules.check_move(made.state, rules.SAVING)
    for party in parties_in_doubt(tx, made):
        answer = said.get(party.id, "")
        if answer in {rules.SAME, rules.OTHER} and answer != party.answer:
            party.answer, party.answered_by = answer, actor.account_id
            record_event(tx, actor, "import.reporter_said", made, now, {"party": party.id, "says": answer})


def check_may(actor: Actor, made: FileImport, now: datetime) -> None:
    """Go on only where the actor may import for that organisation.

    Raises:
        Refused: for another organisation than one's own, or not one of the secretariat.
    """
    require(actor, Permission.PROGRAMME_IMPORT, now, made)
    if made.by_reporter and not actor.of_kind("secretariat"):
        raise Refused(Permission.PROGRAMME_IMPORT.value)


def _have(tx: Tx, actor: Actor, made: FileImport, now: datetime) -> None:
    work = Work(KINDS[made.state], _title(made), {"import": made.ref}, MAY)
    job = start_job(tx, actor, work, now)
    tx.flush()
    made.job_ref = job.ref


def _title(made: FileImport) -> Message:
    first, more = made.files[0]["name"], len(made.files) - 1
    if made.state == rules.SAVING:
        return msg("Importing %(file)s", file=first)
    if made.state == rules.UNDOING:
        return msg("Taking back the import of %(file)s", file=first)
    return (
        msg("Reading %(file)s and %(count)s more", file=first, count=more)
        if more
        else msg("Reading %(file)s", file=first)
    )
