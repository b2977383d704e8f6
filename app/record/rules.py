"""How the record speaks: the words of an action and of a record's kind, and what looks like a reference."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.foundation.messages import Message
from app.record.kinds import KINDS
from app.record.names import RECORDS

WORDS: Mapping[str, Message] = {action: words for kind in KINDS.values() for action, words in kind.words.items()}

REFERENCE = re.compile(r"^[A-Z]{1,2}-[0-9A-Z]{2,4}(-[0-9A-Z]{0,4})?$")
NO_REFERENCE = "-"
"""Stands for the reference where an event is about nothing that has one."""
MOST_EXPORTED = 50_000
"""So many events fit into one file; a longer stretch is taken along in parts."""


def words_of(action: str) -> Message:
    """What happened, in words; an action that the site no longer knows speaks for itself."""
    return WORDS.get(action) or Message(action)


def record_words(kind: str) -> Message:
    """What kind of record it is, in words."""
    return RECORDS.get(kind) or Message(kind)


def is_reference(text: str) -> bool:
    """Whether this is a reference or the beginning of one (N-7KQ2), in capitals and without spaces."""
    return bool(REFERENCE.match(text))
