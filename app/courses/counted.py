"""The list of courses: which they are and how many by their codes is kept until one changes."""

from __future__ import annotations

from app.courses import queries
from app.courses.models import Course
from app.foundation.kept.lists import CountedList

LIST_OF = CountedList(Course, frozenset({"course", "course_session", "organisation"}), queries, queries.courses_by_ids)
"""Told by the kinds of record whose changes may move a course, or take it out of sight."""
