"""The list of needs: which they are and how many by their codes is kept until one changes."""

from __future__ import annotations

from app.foundation.kept.lists import CountedList
from app.needs import queries
from app.needs.models import Need

LIST_OF = CountedList(
    Need, frozenset({"need", "result", "pledge", "contribution", "organisation"}), queries, queries.needs_by_ids
)
"""Told by the kinds of record whose changes may move a need, or take it out of sight."""
