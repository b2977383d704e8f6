"""What the authors of records say to lessons, entered when both are there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demonstration.people import People
from app.demonstration.source import Entry
from app.foundation.db import Tx
from app.matching.advice.rules import AnswerDraft
from app.matching.advice.service import answer_lesson
from app.matching.relations.records import side_of

At = Callable[[datetime, Callable[[datetime], Any]], None]


def enter_answers(
    tx: Tx, people: People, at: At, records: Mapping[tuple[str, str], Any],
    times: Mapping[tuple[str, str], datetime], entries: Iterable[Entry],
) -> int:  # fmt: skip
    """Enter each answer in the diary; how many there are."""
    count = 0
    for entry in entries:
        there = max(times[entry["kind"], entry["record"]], times["lesson", entry["lesson"]])
        at(there + timedelta(days=entry["days"]), partial(_answer, tx, people, records, entry))
        count += 1
    return count


def _answer(
    tx: Tx, people: People, records: Mapping[tuple[str, str], Any], entry: Entry, when: datetime
) -> None:  # fmt: skip
    actor, lesson = people.actor(entry["organisation"]), records["lesson", entry["lesson"]]
    side = side_of(records[entry["kind"], entry["record"]])
    answer_lesson(tx, actor, lesson, side, AnswerDraft(entry["says"], entry.get("reason", "")), when)
