"""One record of each kind with everything that hangs on it, drawn from a text of the corpus."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.courses.models import Course, CourseSession, CourseTag
from app.foundation.wording.versions import RecordVersion
from app.lessons.models import Lesson, LessonTag, Output, OutputTag
from app.needs.models import Need, NeedIndicator, NeedLine, NeedTag, NeedVersion
from app.pledges.models import Pledge, PledgeLine
from app.programmes.models import (
    Programme,
    ProgrammeBudget,
    ProgrammeOffer,
    ProgrammeParticipant,
    ProgrammeTag,
    ProgrammeText,
    ProgrammeTransaction,
)
from app.upkeep.clocks.models import NeedMoment
from tests.benchmarks.corpus import Record
from tests.benchmarks.whole.rows import Cast, Filler

OPEN = {"posted", "partly_met"}
NEED_STATUS = ("posted",) * 3 + ("partly_met", "met", "met", "closed", "closed", "closed", "withdrawn")
OFFER_IN_FIVE = 5


@dataclass
class Drawn:
    """What was drawn and is needed again: (number, reference, owner) of open needs and of offers."""

    needs: list[tuple[int, str, int]] = field(default_factory=list)
    lines: dict[int, list[str]] = field(default_factory=dict)
    offers: list[tuple[str, int, str, int]] = field(default_factory=list)


Draw = Callable[[Filler, Cast, Drawn, Record], None]


def need(rows: Filler, cast: Cast, drawn: Drawn, record: Record) -> None:
    """A need with one to four lines, an indicator, its first version and what was done for it; pledges for some."""
    number = rows.next_id(Need)
    owner = cast.owner("need", number)
    shown, status = rows.posted("need", owner, record), rows.rng.choice(NEED_STATUS)
    kinds = rows.some(rows.kinds, 2)
    words = {"problem": record.body, "summary": record.body[:160], "objectives": record.body[200:420]}
    rows.add(
        Need, id=number, status=status, **shown, **words, **rows.span(700), budget_amount=rows.money(),
        currency="USD", verify_by=rows.now.date() + timedelta(days=rows.rng.randrange(-20, 180)),
    )  # fmt: skip
    country = [cast.places[owner]]
    rows.codes(NeedTag, number, country=country, theme=_themes(rows, record), kind=kinds, language=["en", "fr"])
    refs = [_line(rows, cast, (number, shown["ref"], owner), position, kinds) for position in range(_few(rows))]
    rows.part(NeedIndicator, "NI", need_id=number, position=1, name="People in post a year later", target="30")
    snapshot = {name: words[name] for name in words} | {"title": shown["title"], "lines": refs, "disclosure": "public"}
    rows.part(NeedVersion, need_id=number, number=1, snapshot=snapshot, saved_at=shown["posted_at"], saved_by=1)
    rows.part(NeedMoment, "NM", need_id=number, what="acknowledged", told=[], happened_at=shown["posted_at"])
    rows.event("need.posted", "need", shown["ref"], owner, shown["posted_at"])
    if status in OPEN:
        drawn.needs.append((number, shown["ref"], owner))
        drawn.lines[number] = refs


def _few(rows: Filler) -> int:
    return rows.rng.choice((1, 2, 2, 3, 4))


def _themes(rows: Filler, record: Record) -> list[str]:
    known = [theme for theme in record.facets.get("theme", ()) if theme in rows.themes]
    return known or rows.some(rows.themes, 2)


def _line(rows: Filler, cast: Cast, need: tuple[int, str, int], position: int, kinds: list[str]) -> str:
    number, need_ref, owner = need
    ref = rows.ref("NL")
    line = rows.next_id(NeedLine)
    rows.add(
        NeedLine, id=line, ref=ref, need_id=number, position=position + 1, kind=kinds[position % len(kinds)],
        description="Trainers, materials and mentoring.", quantity=Decimal(20), unit="participants",
        cost_amount=rows.money(), currency="USD",
    )  # fmt: skip
    if rows.rng.random() < 0.3:
        at = rows.now - timedelta(days=rows.rng.randrange(300))
        pledge = rows.part(
            Pledge, "G", version=1, created_at=at, changed_at=at, posted_at=at, need_id=number, need_ref=need_ref,
            need_organisation_id=owner, organisation_id=cast.owner("programme", line), disclosure="public",
            field_disclosure={}, is_published=True, status=rows.rng.choice(("pledged", "committed")),
            accepted_at=at if rows.rng.random() < 0.7 else None,
        )  # fmt: skip
        rows.part(PledgeLine, pledge_id=pledge, need_line_id=line, quantity=Decimal(rows.rng.randint(1, 20)))
    return ref


def programme(rows: Filler, cast: Cast, drawn: Drawn, record: Record) -> None:
    """A programme: one in five was posted here and takes requests, the others are imported activities."""
    number = rows.next_id(Programme)
    owner = cast.owner("programme", number)
    shown, is_offer = rows.posted("programme", owner, record), number % OFFER_IN_FIVE == 0
    rows.add(
        Programme, id=number, **shown, **rows.span(1500), description=record.body, status=rows.rng.choice("222234"),
        accepting="yes" if is_offer else "unknown", source="site" if is_offer else "iati",
        source_digest="" if is_offer else f"{rows.rng.getrandbits(256):064x}", budget_amount=rows.money(),
        currency="USD", iati_identifier=None if is_offer else f"XM-BENCH-{number}",
        verify_by=rows.now.date() + timedelta(days=rows.rng.randrange(-10, 180)) if is_offer else None,
    )  # fmt: skip
    places = list(record.facets.get("country") or rows.some(rows.places, 2))
    kinds = rows.some(rows.kinds, 2)
    rows.codes(
        ProgrammeTag, number, country=places, theme=_themes(rows, record), kind=kinds, language=[shown["language"]]
    )
    rows.event("programme.posted", "programme", shown["ref"], owner, shown["posted_at"])
    if is_offer:
        for position, kind in enumerate(kinds, start=1):
            rows.part(ProgrammeOffer, programme_id=number, position=position, kind=kind, quantity=Decimal(60))
        _version(rows, "programme", number, {"title": shown["title"], "description": record.body})
        drawn.offers.append(("programme", number, shown["ref"], owner))
    else:
        _activity(rows, number, shown, record)


def _activity(rows: Filler, number: int, shown: dict[str, Any], record: Record) -> None:
    """What an imported activity brings besides."""
    words = {"title": shown["title"], "description": record.body}
    rows.part(ProgrammeText, programme_id=number, language=shown["language"], **words)
    for role in ("1", "4"):
        rows.part(ProgrammeParticipant, programme_id=number, role=role, name="Agency for international cooperation")
    rows.part(ProgrammeBudget, programme_id=number, **rows.span(400), amount=rows.money(), currency="USD")
    for kind in ("2", "3", "3"):
        day = rows.span(90)["starts_on"]
        rows.part(ProgrammeTransaction, programme_id=number, kind=kind, happened_on=day, amount=rows.money())


def _version(rows: Filler, kind: str, number: int, words: dict[str, Any]) -> None:
    snapshot = words | {"disclosure": "public", "field_disclosure": {}}
    rows.part(RecordVersion, record_kind=kind, record_id=number, number=1, snapshot=snapshot, saved_at=rows.now)


def course(rows: Filler, cast: Cast, drawn: Drawn, record: Record) -> None:
    """A course with two sessions."""
    number = rows.next_id(Course)
    owner = cast.owner("course", number)
    shown = rows.posted("course", owner, record)
    rows.add(Course, id=number, status="posted", **shown, description=record.body, hours=35, fee_includes=[])
    grouping = [rows.rng.choice(("ECOWAS", "ASEAN", "SADC"))]
    rows.codes(CourseTag, number, theme=_themes(rows, record), grouping=grouping, language=[shown["language"]])
    for _session in range(2):
        begins = rows.span(90)["starts_on"]
        rows.part(
            CourseSession, "S", created_at=rows.now, changed_at=rows.now, course_id=number, status="open",
            starts_on=begins, ends_on=begins + timedelta(days=5), country=cast.places[owner], seats=24,
            languages=[shown["language"]], register_by=begins - timedelta(days=30),
        )  # fmt: skip
    _version(rows, "course", number, {"title": shown["title"], "description": record.body})
    rows.event("course.posted", "course", shown["ref"], owner, shown["posted_at"])
    drawn.offers.append(("course", number, shown["ref"], owner))


def lesson(rows: Filler, cast: Cast, drawn: Drawn, record: Record) -> None:
    """A validated lesson."""
    number = rows.next_id(Lesson)
    owner = cast.owner("lesson", number)
    shown, body = rows.posted("lesson", owner, record), record.body
    parts = {"context": body[:300], "action": body[300:600], "result": body[600:900], "instruction": body[900:1200]}
    rows.add(Lesson, id=number, status="validated", **shown, **parts, validated_at=shown["posted_at"], author_words={})
    rows.codes(LessonTag, number, theme=_themes(rows, record), kind=rows.some(rows.kinds, 2), country=["SN"])
    _version(rows, "lesson", number, {"title": shown["title"], **parts})
    rows.event("lesson.recorded", "lesson", shown["ref"], owner, shown["posted_at"])


def output(rows: Filler, cast: Cast, drawn: Drawn, record: Record) -> None:
    """A manual or a study that others may use again."""
    number = rows.next_id(Output)
    owner = cast.owner("output", number)
    shown = rows.posted("output", owner, record)
    rows.add(Output, id=number, status="posted", **shown, description=record.body, kind="manual", licence="CC-BY-4.0")
    rows.codes(OutputTag, number, theme=_themes(rows, record), country=[rows.rng.choice(rows.places)])
    rows.event("output.recorded", "output", shown["ref"], owner, shown["posted_at"])
    drawn.offers.append(("output", number, shown["ref"], owner))


DRAW: dict[str, Draw] = {"need": need, "programme": programme, "course": course, "lesson": lesson, "output": output}
