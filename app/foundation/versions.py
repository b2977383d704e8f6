"""Two people may open the same record: whoever saves second is shown both texts, and nothing is overwritten."""

from __future__ import annotations

from typing import Any


class StaleVersion(Exception):
    """Somebody else has changed the record since this person opened it; `record` is as it stands now."""

    def __init__(self, record: Any) -> None:
        super().__init__(record.ref)
        self.record = record


def check_version(record: Any, opened: int | None) -> None:
    """Go on only if the record is still as the person saw it.

    Raises:
        StaleVersion: it is not.
    """
    if opened is not None and record.version != opened:
        raise StaleVersion(record)
