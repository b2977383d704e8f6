"""The words that the overview has for kinds of records, and where their pages are."""

from __future__ import annotations

from collections.abc import Mapping

from app.foundation.messages import Message, msg

KINDS: Mapping[str, Message] = {
    "need": msg("Needs"),
    "programme": msg("Programmes"),
    "course": msg("Courses"),
    "lesson": msg("Lessons"),
    "output": msg("Outputs"),
    "meeting": msg("Meetings"),
}
LISTS: Mapping[str, str] = {
    "need": "needs", "programme": "programmes", "course": "courses", "lesson": "lessons", "output": "outputs",
    "meeting": "meetings",
}  # fmt: skip
"""For each kind of record, the blueprint that has its pages `index`, `page`, `new` and `amend`."""
