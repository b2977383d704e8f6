"""Saving an import as the importer does, remembering of each programme how it was before; and taking it all back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from app.exchange.iati.activity import Activity, Party
from app.exchange.iati.importer import FOR_THE_SHELF, Run, Tick, Waiting, kept_programmes
from app.exchange.iati.owners import Importer, Owners, new_owner
from app.exchange.iati.report import FileReport
from app.exchange.intake import rules
from app.exchange.intake.comparing import NotedReport, programmes_under
from app.exchange.intake.models import ImportParty, ImportRow
from app.foundation.audit import record_event
from app.foundation.db import Database, Tx
from app.foundation.disclosure import visible_to
from app.foundation.permissions import SYSTEM, Actor
from app.matching.guard.holding import shelf_of
from app.organisations.queries import organisation_by_id, organisation_with_identifier
from app.organisations.rules import flat
from app.programmes.keeping import Saved
from app.programmes.models import Programme
from app.programmes.restoring import put_back, whole_of, withdraw_imported

UNDO_BATCH = 20


class ConfirmedOwners(Owners):
    """Owners as a person has confirmed them: by identifier, by a name that was said to be the same, else a new one."""

    def __init__(self, importer: Importer, said: dict[tuple[str, str], int | None]) -> None:
        super().__init__(importer)
        self._said = said

    def record(self, tx: Tx, reporting: Party, now: datetime) -> int:
        """The organisation that a reporter stands for; never one of the same name that nobody has confirmed."""
        known = organisation_with_identifier(tx, reporting.ref)
        if known is not None:
            return known.id
        said = self._said.get((reporting.ref, flat(reporting.name)))
        if said is None:
            return new_owner(tx, self.importer.actor, reporting, now).id
        organisation = organisation_by_id(tx, said)
        if organisation is not None and reporting.ref and not organisation.iati_identifier:
            # From now on its identifier speaks for it, and nobody is asked again.
            organisation.iati_identifier, organisation.changed_at = reporting.ref, now
            record_event(tx, self.importer.actor, "organisation.amended", organisation, now)
        return said


class Saving(Run):
    """One saving of the files of an import, which the person has seen compared."""

    def __init__(self, database: Database, importer: Importer, import_id: int, now: datetime, tick: Tick) -> None:
        with database.reading() as tx:
            kept, shelf = kept_programmes(tx), shelf_of(tx)
            said = answers_of(tx, import_id)
        super().__init__(database, importer, kept, now, tick, shelf)
        self.owners = ConfirmedOwners(importer, said)
        self._import_id = import_id

    def report_on(self, name: str) -> FileReport:
        """A report that keeps no problems: they were told when the files were read."""
        return NotedReport(name)

    def accepts_reporter(self, activity: Activity, report: FileReport, told: set[str]) -> bool:
        """What was refused when it was read is refused now."""
        del report, told
        return self.importer.is_secretariat or not self.importer.differs_from(activity.reporting)

    def save(self, waiting: list[Waiting], report: FileReport) -> None:
        """Keep them, and let go of what the report has heard."""
        super().save(waiting, report)
        assert isinstance(report, NotedReport)
        report.waiting = []

    def save_all(self, tx: Tx, waiting: list[Waiting], owners: list[int]) -> list[Saved]:
        """Keep activities, and beside each how its programme was before and which version it is now."""
        identifiers = [each.activity.identifier for each in waiting]
        before = {identifier: whole_of(one) for identifier, one in programmes_under(tx, identifiers).items()}
        saved = super().save_all(tx, waiting, owners)
        own = select(ImportRow.id, ImportRow.identifier).where(
            ImportRow.import_id == self._import_id, ImportRow.identifier.in_(identifiers),
            ImportRow.outcome.in_((rules.NEW, rules.CHANGED)), ImportRow.saved == "",
        )  # fmt: skip
        became = dict(zip(identifiers, saved, strict=True))
        # A programme that an undone import left hidden comes anew.
        rows = [
            {"id": number, "programme_id": became[name].programme.id, "saved": became[name].outcome,
             "saved_version": became[name].programme.version,
             "before": {} if became[name].outcome in FOR_THE_SHELF else before.get(name, {})}
            for number, name in tx.execute(own)
        ]  # fmt: skip
        if rows:
            tx.execute(update(ImportRow), rows)
        return saved


def answers_of(tx: Tx, import_id: int) -> dict[tuple[str, str], int | None]:
    """For each reporter the organisation that it stands for, as far as its identifier or a person has said so."""
    parties = tx.scalars(select(ImportParty).where(ImportParty.import_id == import_id))
    return {
        (one.identifier, one.flat_name): one.organisation_id if not one.by_name or one.answer == rules.SAME else None
        for one in parties
    }


def undo_rows(tx: Tx, actor: Actor, import_id: int, now: datetime) -> int:
    """Take back the next few activities of an import, the last first; how many were dealt with.

    What somebody has changed since is left as it is.
    """
    query = select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.programme_id.is_not(None), ImportRow.undone == ""
    )
    rows = list(tx.scalars(query.order_by(ImportRow.id.desc()).limit(UNDO_BATCH)))
    found = select(Programme).where(visible_to(SYSTEM, Programme), Programme.id.in_([row.programme_id for row in rows]))
    programmes = {one.id: one for one in tx.scalars(found.options(selectinload(Programme.texts)))}
    for row in rows:
        row.undone = _undo(tx, actor, row, programmes.get(row.programme_id or 0), now)
    return len(rows)


def _undo(tx: Tx, actor: Actor, row: ImportRow, programme: Programme | None, now: datetime) -> str:
    if programme is None or programme.version != row.saved_version:
        return rules.LEFT
    if row.before:
        put_back(tx, actor, programme, row.before, now)
        return rules.PUT_BACK
    withdraw_imported(tx, actor, programme, now)
    return rules.WITHDRAWN


def importing_as(importer: Importer, account_id: int) -> Importer:
    """The same, with the person whose import it is in the record of what is done."""
    return replace(importer, actor=replace(importer.actor, account_id=account_id))
