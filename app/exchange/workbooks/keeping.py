"""A workbook that was sent is kept for a week, for its sender alone; what its rows have become is kept for a year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from app.exchange.workbooks.models import WorkbookRow, WorkbookUpload
from app.exchange.workbooks.rules import KEPT_DAYS, REMEMBERED_DAYS, Before
from app.foundation.clock import Clock
from app.foundation.db import Tx
from app.foundation.filing.store import FileStore
from app.foundation.permissions import Actor, Membership

FOLDER = "workbooks"
KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def keep(  # noqa: PLR0913, PLR0917 - what was sent, by whom, for whom, and where it is put
    tx: Tx, actor: Actor, owner: Membership, kind: str, key: str, named: tuple[str, bytes], store: FileStore,
    now: datetime,
) -> None:  # fmt: skip
    """Keep a workbook (name, content) that was sent; what is too old goes."""
    forget_old(tx, store, now)
    name, content = named
    store.keep(name_of(key), content, tx)
    tx.add(
        WorkbookUpload(
            key=key, account_id=actor.account_id, organisation_id=owner.organisation_id, kind=kind, name=name[:120],
            sent_at=now,
        )
    )  # fmt: skip


def name_of(key: str) -> str:
    """The name of the workbook with that key in the store of files."""
    return f"{FOLDER}/{key}.xlsx"


def find(tx: Tx, actor: Actor, kind: str, key: str, now: datetime) -> WorkbookUpload | None:
    """The workbook that this person has sent under that key, within the last days."""
    since = now - timedelta(days=KEPT_DAYS)
    query = select(WorkbookUpload).where(
        WorkbookUpload.key == key, WorkbookUpload.account_id == actor.account_id, WorkbookUpload.kind == kind,
        WorkbookUpload.sent_at >= since,
    )  # fmt: skip
    return tx.scalar(query) if KEY.fullmatch(key) else None


def sent_by(tx: Tx, actor: Actor, kind: str, now: datetime) -> list[WorkbookUpload]:
    """The workbooks that this person has sent within the last days, the latest first."""
    since = now - timedelta(days=KEPT_DAYS)
    query = select(WorkbookUpload).where(
        WorkbookUpload.account_id == actor.account_id, WorkbookUpload.kind == kind, WorkbookUpload.sent_at >= since
    )
    return list(tx.scalars(query.order_by(WorkbookUpload.id.desc()).limit(5)))


def content_of(store: FileStore, upload: WorkbookUpload) -> bytes | None:
    """What was sent; none if the file is gone."""
    return store.read(name_of(upload.key))


def forget_old(tx: Tx, store: FileStore, now: datetime) -> int:
    """Drop the workbooks whose week is over, with their files, and what rows had become long ago; how many files."""
    tx.execute(delete(WorkbookUpload).where(WorkbookUpload.sent_at < now - timedelta(days=KEPT_DAYS)))
    tx.execute(delete(WorkbookRow).where(WorkbookRow.saved_at < now - timedelta(days=REMEMBERED_DAYS)))
    # An account that was erased took its rows along; their files go here.
    known = {name_of(key) for key in tx.scalars(select(WorkbookUpload.key))}
    return store.forget(FOLDER, known, Clock().wall(), tx)


def remembered(tx: Tx, owner: Membership, kind: str) -> dict[str, Before]:
    """What the rows of this organisation's workbooks have become, by their keys."""
    query = select(WorkbookRow).where(WorkbookRow.organisation_id == owner.organisation_id, WorkbookRow.kind == kind)
    return {row.key: Before(row.record_ref, row.version, row.cells) for row in tx.scalars(query)}


def remember(  # noqa: PLR0913, PLR0917 - which row of whose workbook has become what, when
    tx: Tx, owner: Membership, kind: str, key: str, ref: str, version: int, cells: Mapping[str, str], now: datetime
) -> None:
    """Keep what a row has become."""
    tx.merge(
        WorkbookRow(
            organisation_id=owner.organisation_id, kind=kind, key=key, record_ref=ref, version=version,
            cells=dict(cells), saved_at=now,
        )
    )  # fmt: skip
