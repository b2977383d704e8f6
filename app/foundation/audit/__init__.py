"""The record that stands up: one event for each move, chained by hash, the heads signed, all of it checkable."""

from app.foundation.audit.chain import (
    AuditEvent,
    AuditHead,
    AuditOrigin,
    Entry,
    Origin,
    chain_hash,
    from_nowhere,
    history_of,
    record_event,
    record_events,
)

__all__ = [
    "AuditEvent",
    "AuditHead",
    "AuditOrigin",
    "Entry",
    "Origin",
    "chain_hash",
    "from_nowhere",
    "history_of",
    "record_event",
    "record_events",
]
