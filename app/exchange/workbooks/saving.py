"""The good rows of a workbook are saved in one transaction, each by the service of its own feature, and remembered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm.exc import StaleDataError

from app.exchange.workbooks import keeping, shape
from app.exchange.workbooks.judging import Judge, Outcome, Ready
from app.exchange.workbooks.kinds.kind import Refusal
from app.exchange.workbooks.rules import AT_ONCE, Fault
from app.foundation.wording.versions import StaleVersion


def save(judge: Judge, outcome: Outcome) -> tuple[int, dict[int, Fault]]:
    """Save every good row; how many were saved, and why a service did not take a row, by the row's number.

    A row that is not taken leaves nothing behind, and the others stand.
    """
    done, refused = 0, {}
    for ready in outcome.rows:
        if not ready.row.is_good:
            continue
        try:
            with judge.tx.begin_nested():
                _save_row(judge, ready)
        except Refusal as error:
            refused[ready.row.number] = Fault(error.field, error.reason)
        except (StaleVersion, StaleDataError):
            refused[ready.row.number] = Fault("", AT_ONCE)
        else:
            done += 1
    return done, refused


def _save_row(judge: Judge, ready: Ready) -> None:
    record, cells = ready.record, dict(ready.sent.cells)
    if ready.form is not None:
        record = judge.kind.save(judge.tx, judge.place, record, ready.form)
        judge.tx.flush()
    cells |= _identities(judge, ready, record)
    keeping.remember(
        judge.tx, judge.place.owner, judge.kind.name, ready.row.key, record.ref, record.version, cells, judge.place.now
    )


def _identities(judge: Judge, ready: Ready, record: Any) -> Mapping[str, str]:
    """The references that the rows of repeated parts have now, by their place in the workbook."""
    if ready.form is None:
        return {name: text for name, text in (ready.sent.before.cells if ready.sent.before else {}).items()
                if name.endswith(f"-{shape.REF}")}  # fmt: skip
    found = {}
    for part, (_head, names, _least) in judge.kind.parts.items():
        kept = [ready.form[part].entries[number].name for number in shape.filled(ready.form, part, names)]
        refs = [getattr(row, shape.REF, "") for row in getattr(record, part)]
        known = dict(zip(kept, refs, strict=False))
        for here, there in ready.places.items():
            if here.startswith(f"{part}-") and known.get(there.rstrip("-")):
                found[here + shape.REF] = known[there.rstrip("-")]
    return found
