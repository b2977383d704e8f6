"""Which parts of a record the last amendment changed, in the words of its form, as far as anybody may know."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from app.courses.changes import PARTS as COURSE_PARTS
from app.foundation.db import Tx
from app.foundation.messages import Message, msg
from app.foundation.permissions import ANONYMOUS, Actor
from app.foundation.wording.versions import versions_of
from app.lessons.changes import PARTS as LESSON_PARTS
from app.lessons.queries import versions_shown
from app.needs import queries as needs
from app.needs.changes import LABELS
from app.programmes.changes import PARTS as PROGRAMME_PARTS
from app.programmes.changes import SENSITIVE

READ: Mapping[str, Callable[..., Sequence[Any]]] = {
    "need": needs.versions_of,
    "programme": partial(versions_of, parts=SENSITIVE),
    "course": versions_of,
    "lesson": versions_shown,
}
"""How the versions of each kind are read, without what their reader may not see of them."""
MOST = 3
BOTH = 2
NO_WORDS = frozenset({"field_disclosure"})
"""Says which fields are hidden, and is no news to those from whom they are."""
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
    seen = _last_two(tx, ANONYMOUS, record)
    if len(seen) < BOTH:
        return []
    now, before = seen
    return [label for name, label in LABELS_OF[record.record_kind].items() if now.get(name) != before.get(name)]


def is_changed_for(tx: Tx, reader: Actor, record: Any) -> bool:
    """Whether this reader sees any difference between the two last versions.

    Somebody who was told of an amendment in which nothing differs would learn that there is something hidden in it.
    """
    seen = _last_two(tx, reader, record)
    if len(seen) < BOTH:
        # Of a record from before versions were kept nobody can say what differs; one version alone is no difference.
        return not seen
    now, before = seen
    return any(now.get(name) != before.get(name) for name in {*now, *before} - NO_WORDS)


def _last_two(tx: Tx, reader: Actor, record: Any) -> list[Mapping[str, Any]]:
    versions = READ[record.record_kind](tx, reader, record) if record.record_kind in READ else ()
    return [version.snapshot for version in versions[:BOTH]]


def in_words(parts: list[Message]) -> Message | None:
    """The first few of them in one piece of a sentence; nothing where there are none."""
    if not parts:
        return None
    said = parts[0]
    for part in parts[1:MOST]:
        said = msg("%(one)s, %(other)s", one=said, other=part)
    return msg("%(one)s and more", one=said) if len(parts) > MOST else said
