"""The list of programmes: which they are and how many by their codes is kept until one changes."""

from __future__ import annotations

from app.foundation.kept.lists import CountedList
from app.programmes import queries
from app.programmes.models import Programme

LIST_OF = CountedList(Programme, frozenset({"programme", "pledge", "organisation"}), queries, queries.programmes_by_ids)
"""Told by the kinds of record whose changes may move a programme, or take it out of sight."""
