"""The heads of the chains, signed: each signature covers the one of the day before, and is also noted in a file.

The file lies outside the database, so that whoever cuts the newest days out of the database still contradicts it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select

from app.foundation.audit.chain import AuditHead
from app.foundation.db import Tx
from app.foundation.web import Site

GRACE = timedelta(minutes=5)
"""A day's chain is first signed this long after midnight (UTC), when no change of the day before is still under way."""
PAUSE = timedelta(minutes=10)
"""How long events of today may stand unsigned."""
NOTEBOOK = "audit-seals.jsonl"


@dataclass(frozen=True)
class Seal:
    """How far a day's chain had come (`sequence`, `hash`), and the signature over it and over the day before's."""

    day: str
    sequence: int
    hash: str
    before: str
    signature: str = ""


def signature_of(key: str, seal: Seal) -> str:
    """HMAC-SHA-256 (RFC 2104) over the canonical JSON of everything but the signature itself."""
    body = {name: value for name, value in asdict(seal).items() if name != "signature"}
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def sign_heads(tx: Tx, key: str, now: datetime, pause: timedelta = PAUSE) -> list[Seal]:
    """Sign what has grown since it was last signed, oldest day first; only the newest signed day is signed anew.

    A day before the newest signed one whose chain has grown since is left alone: nothing of ours does that, and
    `flask audit verify` says so.
    """
    heads = list(tx.scalars(select(AuditHead).order_by(AuditHead.day).with_for_update()))
    newest = max((head.day for head in heads if head.signed_sequence), default=date.min)
    made: list[Seal] = []
    before = ""
    for head in heads:
        if head.day >= newest and _is_due(head, now, pause):
            seal = Seal(head.day.isoformat(), head.sequence, head.hash, before)
            head.signature = signature_of(key, seal)
            head.signed_sequence, head.signed_at = head.sequence, now
            made.append(Seal(seal.day, seal.sequence, seal.hash, before, head.signature))
        before = head.signature
    return made


def _is_due(head: AuditHead, now: datetime, pause: timedelta) -> bool:
    if head.sequence == head.signed_sequence:
        return False
    begins = datetime.combine(head.day, time(), UTC)
    is_new = head.signed_at is None or now - head.signed_at >= pause or now < head.signed_at
    return is_new and now >= begins + GRACE


def note(folder: Path, seals: list[Seal]) -> None:
    """Write signatures down in the file beside the database."""
    if seals:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / NOTEBOOK).open("a", encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(seal)) + "\n" for seal in seals)


def noted(folder: Path) -> Iterator[Seal]:
    """The signatures in the file, oldest first.

    Raises:
        ValueError: a line is none of ours.
    """
    path = folder / NOTEBOOK
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield Seal(**json.loads(line))
        except TypeError as error:
            raise ValueError(str(error)) from error


def sign(site: Site, pause: timedelta = PAUSE) -> int:
    """Sign the heads that are due and note it; how many were signed. Looks first, so that it rarely writes."""
    now = site.clock.now()
    with site.database.reading() as tx:
        heads = tx.scalars(select(AuditHead).where(AuditHead.sequence != AuditHead.signed_sequence))
        if not any(_is_due(head, now, pause) for head in heads):
            return 0
    with site.database.transaction() as tx:
        seals = sign_heads(tx, site.settings.audit_key, now, pause)
    note(site.settings.data_dir, seals)
    return len(seals)


def sign_due(site: Site) -> None:
    """What the worker does when it has nothing else to do."""
    sign(site)
