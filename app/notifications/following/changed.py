"""Which parts of a record the last amendment changed, in the words of its form, as far as anybody may know."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from app.courses.changes import PARTS as COURSE_PARTS
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.permissions import ANONYMOUS
from app.foundation.versions import versions_of
from app.lessons.changes import PARTS as LESSON_PARTS
from app.needs import queries as needs
from app.needs.changes import LABELS
from app.programmes.changes import PARTS as PROGRAMME_PARTS

MOST = 3
LABELS_OF: Mapping[str, Mapping[str, Message]] = {
    "need": {name: Message(label) for name, label in LABELS.items()},
    "programme": {name: part.label for name, part in PROGRAMME_PARTS.items()},
    "course": {name: part.label for name, part in COURSE_PARTS.items()},
    "lesson": {name: part.label for name, part in LESSON_PARTS.items()},
}


def changed_parts(tx: Tx, record: Any) -> list[Message]:
    """What the parts are called in which the two last versions of a public record differ, in the order of the form.

    What not everybody may see of it is not among them, nor is anything of a record that is not public.
    """
    if record.record_kind not in LABELS_OF:
        return []
    read = partial(needs.versions_of if record.record_kind == "need" else versions_of, tx, ANONYMOUS)
    now, before = [*read(record), None, None][:2]
    if now is None or before is None:
        return []
    labels = LABELS_OF[record.record_kind]
    return [label for name, label in labels.items() if now.snapshot.get(name) != before.snapshot.get(name)]


def in_words(parts: list[Message]) -> Message | None:
    """The first few of them in one piece of a sentence; nothing where there are none."""
    if not parts:
        return None
    said = parts[0]
    for part in parts[1:MOST]:
        said = msg("%(one)s, %(other)s", one=said, other=part)
    return msg("%(one)s and more", one=said) if len(parts) > MOST else said
