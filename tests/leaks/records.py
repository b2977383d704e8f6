"""Records of every kind with words of chance, each with its version, its event and the fact that the worker acts upon.

The same functions make what everybody may see and what is hidden: a hidden record differs in nothing but its tier.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select

from app.conversations.clarifications.events import ClarificationAnswered, ClarificationAsked
from app.conversations.messages.events import MessageSent
from app.conversations.messages.models import Message
from app.coordination.events import MeetingConvened
from app.courses import changes as course_changes
from app.courses.events import CoursePosted, SessionPosted
from app.foundation import audit, outbox
from app.foundation.permissions import SYSTEM
from app.foundation.wording.versions import keep_version
from app.lessons import changes as lesson_changes
from app.lessons.events import LessonRecorded, LessonValidated, OutputRecorded
from app.needs.events import NeedPosted
from app.needs.limits.events import LimitSet
from app.needs.models import Need, NeedVersion
from app.needs.snapshots import snapshot as need_snapshot
from app.nominations.events import NominationMade
from app.nominations.sponsors.events import SeatsOffered, SponsorshipMoved
from app.pledges.events import PledgeAccepted, PledgeMade
from app.programmes import changes as programme_changes
from app.programmes.events import ProgrammePosted
from app.programmes.models import ProgrammeBudget
from tests.leaks.words import COUNTRIES, KINDS, THEMES, phrase, text

LAST_DAY = date(2028, 12, 31)


class Records:
    """Makes records in one transaction, at one hour, by chance that a seed rules."""

    def __init__(self, world: Any, rng: Random) -> None:
        self.world = world
        self.tx = world.tx
        self.now = world.now
        self.rng = rng

    def codes(self, count: int = 2) -> dict[str, list[str]]:
        """Themes and countries of a record."""
        return {"themes": self.rng.sample(THEMES, count), "countries": self.rng.sample(COUNTRIES, count)}

    def need(self, owner: Any, **kw: Any) -> Any:
        """A posted need with lines that cost something, indicators with a baseline, and every sensitive field."""
        kw = {**self.codes(), **self._dates(), **kw}
        kw = self._worded(kw, "summary", "problem", "objectives")
        kw.setdefault("budget_amount", Decimal(120_000))
        kw.setdefault("currency", "EUR")
        kw.setdefault("place", "Kolda, caserne du fleuve")
        kw.setdefault("contact", "colonel@nobody.example, +221 33 000 00 00")
        kw.setdefault("baseline", "Three of forty judges")
        kw.setdefault("lines", [self._line(position) for position in range(self.rng.randint(1, 3))])
        kw.setdefault("indicators", [{"name": "Cases followed", "unit": "cases", "baseline": "14", "target": "40"}])
        need = self.world.need(owner, **kw)
        if need.is_published:
            self._happened("need.posted", need, NeedPosted(need.id))
            row = NeedVersion(need_id=need.id, number=need.version, snapshot=need_snapshot(need), saved_at=self.now)
            self.tx.add(row)
        return need

    def _line(self, position: int) -> dict[str, Any]:
        kind = KINDS[position % len(KINDS)]
        return {
            "kind": kind, "unit": "judges" if kind == "training" else "kits", "description": phrase(self.rng),
            "quantity": Decimal(20), "cost_amount": Decimal(1000 * (position + 4)), "currency": "EUR",
        }  # fmt: skip

    def _dates(self) -> dict[str, date]:
        begins = date(2027, 1, 4) + timedelta(days=self.rng.randint(0, 200))
        return {"starts_on": begins, "ends_on": begins + timedelta(days=200)}

    def programme(self, owner: Any, **kw: Any) -> Any:
        """A programme that takes requests, with budget and contact."""
        kw = self._worded({**self.codes(), **kw}, "description", "conditions")
        kw.setdefault("budget_amount", Decimal(2_000_000))
        kw.setdefault("currency", "EUR")
        kw.setdefault("contact", "desk officer, +47 00 00 00 00")
        kw.setdefault("apply_by", self.now.date() + timedelta(days=self.rng.randint(30, 300)))
        offers = [{"kind": kind, "description": phrase(self.rng), "unit": "judges"} for kind in KINDS[:2]]
        kw.setdefault("offers", offers)
        programme = self.world.programme(owner, **kw)
        programme.budgets.append(ProgrammeBudget(starts_on=date(2027, 1, 1), ends_on=LAST_DAY, amount=Decimal(900_000), currency="EUR"))  # fmt: skip # noqa: E501
        self.tx.flush()
        self._kept(programme, programme_changes)
        return self._happened("programme.posted", programme, ProgrammePosted(programme.id))

    def course(self, owner: Any, **kw: Any) -> Any:
        """A course with a session to come."""
        kw = self._worded({**self.codes(), **kw}, "description", "objectives")
        begins = date(2027, 1, 11) + timedelta(days=self.rng.randint(0, 150))
        run = {"starts_on": begins, "ends_on": begins + timedelta(days=4), "register_by": begins - timedelta(days=9)}
        course = self.world.course(owner, **{"sessions": [{**run, "place": "Dakar"}], **kw})
        self._kept(course, course_changes)
        for session in course.sessions:
            outbox.tell(self.tx, SessionPosted(course.id, session.id), self.now)
        return self._happened("course.posted", course, CoursePosted(course.id))

    def nomination(self, session: Any, owner: Any, **kw: Any) -> Any:
        """A candidate whom the centre has not decided on: seats that are given everybody may count."""
        kw.setdefault("name", phrase(self.rng))
        kw.setdefault("motivation", text(self.rng))
        nomination = self.world.nomination(session, owner, **kw)
        return self._happened("nomination.made", nomination, NominationMade(nomination.id))

    def lesson(self, owner: Any, **kw: Any) -> Any:
        """A lesson, waiting for validation or validated."""
        kw = self._worded({**self.codes(), **kw}, "context", "action", "result")
        kw.setdefault("status", self.rng.choice(("submitted", "validated")))
        kw.setdefault("verdict", self.rng.choice(("worked", "failed")))
        lesson = self.world.lesson(owner, **kw)
        self._kept(lesson, lesson_changes)
        fact = LessonRecorded if lesson.status == "submitted" else LessonValidated
        return self._happened("lesson.recorded", lesson, fact(lesson.id))

    def output(self, owner: Any, **kw: Any) -> Any:
        """A manual or a study."""
        output = self.world.output(owner, **self._worded({**self.codes(), **kw}, "description"))
        return self._happened("output.recorded", output, OutputRecorded(output.id))

    def pledge(self, need: Any, owner: Any, **kw: Any) -> Any:
        """A pledge in kind and money, accepted or waiting for an answer."""
        line = {"need_line_id": need.lines[0].id, "quantity": Decimal(6), "amount": Decimal(1500), "currency": "EUR"}
        kw.setdefault("accepted_at", self.rng.choice((self.now, None)))
        pledge = self.world.pledge(need, owner, **{"lines": [line], **kw})
        outbox.tell(self.tx, PledgeMade(pledge.id, need.id), self.now)
        fact = PledgeAccepted(pledge.id, need.id) if pledge.accepted_at else None
        return self._happened("pledge.made", pledge, fact)

    def clarification(self, record: Any, asker: Any, **kw: Any) -> Any:
        """A question that waits, or with an answer one that everybody reads who sees the record."""
        row = self.world.clarification(record, asker, **kw)
        fact = ClarificationAnswered if row.is_published else ClarificationAsked
        return self._happened("clarification.asked", row, fact(row.id))

    def thread(self, pledge: Any, **kw: Any) -> Any:
        """A message of the need's side to that of the pledge."""
        # disclosure: the harness makes what its readers are then kept from.
        need = self.tx.get_one(Need, pledge.need_id)
        thread = self.world.thread(need, pledge, **kw)
        message = self.tx.scalars(select(Message).where(Message.thread_id == thread.id)).one()
        return self._happened("message.sent", thread, MessageSent(message.id))

    def sponsorship(self, course: Any, owner: Any, **kw: Any) -> Any:
        """Seats of the course's first session that the owner pays for, as its centre has accepted."""
        run = course.sessions[0] if course.sessions else self.world.course_session(course)
        kw = {"seats": 1, "countries": self.rng.sample(COUNTRIES, 2), **kw}
        one = self.world.sponsorship(run, owner, **kw)
        outbox.tell(self.tx, SeatsOffered(one.id), self.now)
        return self._happened("sponsorship.offered", one, SponsorshipMoved(one.id, "accepted"))

    def meeting(self, owner: Any, **kw: Any) -> Any:
        """A meeting with an agenda and an action point; whose minutes are for fewer people has been held."""
        is_held = "field_disclosure" in kw
        kw = self._worded(kw, "agenda", "minutes")
        kw.setdefault("country", self.rng.choice(COUNTRIES[:2]))
        kw.setdefault("held_on", self.now.date() + timedelta(days=self.rng.randint(40, 300) * (-1 if is_held else 1)))
        kw.setdefault("status", "held" if is_held else "planned")
        kw.setdefault("link", "https://meet.example/room")
        ref = kw.pop("point", None)
        meeting = self.world.meeting(owner, **kw)
        self.world.agenda_item(meeting, text=phrase(self.rng))
        named = {"ref": ref} if ref else {}
        self.world.action_point(meeting, owner, text=phrase(self.rng), due_on=meeting.held_on, **named)
        return self._happened("meeting.convened", meeting, MeetingConvened(meeting.id))

    def limit(self, owner: Any, **kw: Any) -> Any:
        """A limit of one provider or two at once, so that it is exceeded in some quarters."""
        kw.setdefault("most", self.rng.randint(1, 2))
        limit = self.world.limit(owner, **{"reason": text(self.rng), **kw})
        return self._happened("limit.set", limit, LimitSet(limit.id))

    def _worded(self, kw: dict[str, Any], *fields: str) -> dict[str, Any]:
        """Title and texts of chance, where none are given."""
        kw.setdefault("title", phrase(self.rng))
        for field in fields:
            kw.setdefault(field, text(self.rng))
        return kw

    def _kept(self, record: Any, changes: Any) -> None:
        keep_version(self.tx, SYSTEM, record, changes.snapshot(record), self.now)

    def _happened(self, action: str, record: Any, fact: Any) -> Any:
        audit.record_event(self.tx, SYSTEM, action, record, self.now)
        if fact is not None:
            outbox.tell(self.tx, fact, self.now)
        self.tx.flush()
        return record
