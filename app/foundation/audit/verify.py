"""Whether the record still stands: every event, every chain, every signature, and the notes of them outside."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, select

from app.foundation.audit.chain import AuditEvent, AuditHead, AuditOrigin, chain_hash, origin_digest
from app.foundation.audit.seals import Seal, noted, signature_of
from app.foundation.db import Tx

LOT = 1000
"""How many events are read at once."""


@dataclass
class Verdict:
    """What was looked at, and what is wrong with it, in words for whoever runs the site."""

    events: int = 0
    days: int = 0
    signatures: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Nothing was changed, taken out or put in."""
        return not self.faults


def verify(tx: Tx, key: str, folder: Path) -> Verdict:
    """Go through the whole record, oldest day first."""
    verdict = Verdict()
    heads = list(tx.scalars(select(AuditHead).order_by(AuditHead.day)))
    hashes = _chains(tx, {head.day.isoformat(): head for head in heads}, verdict)
    _origins(tx, verdict)
    _signatures(heads, hashes, key, verdict)
    _notebook(folder, hashes, key, verdict)
    return verdict


def verify_day(tx: Tx, day: date) -> Verdict:
    """Go through the chain of one day (UTC) alone; signatures are not looked at."""
    verdict = Verdict()
    head = tx.get(AuditHead, day)
    _chains(tx, {day.isoformat(): head} if head is not None else {}, verdict, AuditEvent.day == day)
    return verdict


def _chains(
    tx: Tx, heads: dict[str, AuditHead], verdict: Verdict, *only: ColumnElement[bool]
) -> dict[tuple[str, int], str]:
    """Every event has the hash of its content, follows the one before, and the last one is the head."""
    hashes: dict[tuple[str, int], str] = {}
    last: dict[str, AuditEvent] = {}
    query = select(AuditEvent).where(*only).order_by(AuditEvent.day, AuditEvent.sequence)
    for event in tx.scalars(query.execution_options(yield_per=LOT)):
        day = event.day.isoformat()
        before = last.get(day)
        place = f"event {event.sequence} of {day} (number {event.id})"
        if chain_hash(event) != event.hash:
            verdict.faults.append(f"{place}: its content was changed")
        if event.sequence != (before.sequence if before else 0) + 1:
            verdict.faults.append(f"{place}: events before it are missing")
        elif event.previous_hash != (before.hash if before else ""):
            verdict.faults.append(f"{place}: it does not follow the event before it")
        last[day] = event
        hashes[day, event.sequence] = event.hash
        verdict.events += 1
    for day in sorted({*heads, *last}):
        verdict.faults += _head_fault(day, heads.get(day), last.get(day))
    verdict.days = len(heads)
    return hashes


def _head_fault(day: str, head: AuditHead | None, event: AuditEvent | None) -> list[str]:
    if head is None:
        return [f"{day}: the head of its chain is missing"]
    if event is None:
        return [f"{day}: all its events are missing"]
    if (head.sequence, head.hash) != (event.sequence, event.hash):
        return [f"{day}: the chain does not end where its head says; the newest events were taken out or put in"]
    return []


def _origins(tx: Tx, verdict: Verdict) -> None:
    """An origin may have been erased, never replaced."""
    query = select(AuditOrigin, AuditEvent.origin).outerjoin(AuditEvent, AuditEvent.id == AuditOrigin.event_id)
    for origin, digest in tx.execute(query.execution_options(yield_per=LOT)):
        if origin_digest(origin) != digest:
            verdict.faults.append(f"event number {origin.event_id}: the address it came from was replaced")


def _signatures(heads: list[AuditHead], hashes: dict[tuple[str, int], str], key: str, verdict: Verdict) -> None:
    """Each signed head is what was signed, and stands on the signature of the day before."""
    newest = max((head.day for head in heads if head.signed_sequence), default=None)
    before = ""
    for head in heads:
        day = head.day.isoformat()
        if newest is not None and head.day < newest and head.signed_sequence != head.sequence:
            verdict.faults.append(f"{day}: its chain has grown after it was signed for the last time")
        if head.signed_sequence:
            seal = Seal(day, head.signed_sequence, hashes.get((day, head.signed_sequence), ""), before, head.signature)
            if not _is_ours(key, seal):
                verdict.faults.append(f"{day}: the signature of its head is not ours; it or a day before was changed")
            verdict.signatures += 1
        before = head.signature


def _notebook(folder: Path, hashes: dict[tuple[str, int], str], key: str, verdict: Verdict) -> None:
    """What was signed once is still there."""
    try:
        for seal in noted(folder):
            if not _is_ours(key, seal):
                verdict.faults.append(f"{seal.day}: a note of its signature was changed")
            elif hashes.get((seal.day, seal.sequence)) != seal.hash:
                verdict.faults.append(
                    f"{seal.day}: event {seal.sequence} was signed and is not there any more as it was"
                )
    except ValueError:
        verdict.faults.append("the notes of the signatures cannot be read")


def _is_ours(key: str, seal: Seal) -> bool:
    return hmac.compare_digest(signature_of(key, seal).encode(), seal.signature.encode())
