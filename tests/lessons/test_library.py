"""The library: its filters, the page of a theme, the best practices, and what one takes along."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.foundation.db import Tx
from app.foundation.permissions import ANONYMOUS
from app.lessons.library import files
from app.lessons.library.brief import MOST_LESSONS, Brief, BriefSource, Entry, Section, Text
from app.lessons.library.paper import draw
from app.lessons.library.queries import Filters, column_counts, every_lesson, list_lessons, tag_counts
from app.lessons.library.themes import known_of
from app.lessons.models import Lesson
from tests.factories import World
from tests.pages import CheckingClient
from tests.read_aloud import assert_everything_is_told, kinds_of, told_of


@pytest.mark.parametrize(
    ("filters", "column"),
    [
        ({"criterion": ("impact",)}, {"criterion": "impact"}), ({"stage": ("tender",)}, {"stage": "tender"}),
        ({"evidence": ("measured",)}, {"evidence": "measured"}),
        ({"nature": ("developmental",)}, {"kind": "developmental"}),
        ({"status": ("submitted",)}, {"status": "submitted"}),
        ({"audience": ("trainers",)}, {"audiences": ["trainers"]}),
    ],
)  # fmt: skip
def test_every_facet_narrows(tx: Tx, world: World, filters: Any, column: Any) -> None:
    world.lesson(world.organisation())
    wanted = world.lesson(world.organisation(), **column)
    assert list_lessons(tx, ANONYMOUS, Filters(**filters), None).items == [wanted]


def test_what_nobody_named_is_no_choice(tx: Tx, world: World) -> None:
    world.lesson(world.organisation(), criterion="")
    world.lesson(world.organisation(), criterion="impact", audiences=["trainers"])
    assert column_counts(tx, ANONYMOUS, Lesson, Filters(), "criterion") == {"impact": 1}
    assert tag_counts(tx, ANONYMOUS, Lesson, Filters(), "audience") == {"trainers": 1}


def test_the_list_names_its_filters(client: CheckingClient, world: World) -> None:
    world.lesson(world.organisation(), criterion="impact", verdict="worked")
    page = client.get("/lessons?criterion=impact&standing=uncontradicted&nature=operational&audience=nobody").text
    assert "Not contradicted" in page
    assert "Best known first" in page
    assert "/lessons/library.csv?" in page
    assert "Best practices" in page


def test_a_theme_sums_up_what_validated_lessons_say(client: CheckingClient, world: World, tie: Any) -> None:
    theme = ["prisons"]
    one, other, third = (
        world.lesson(world.organisation(), themes=theme, verdict="worked", criterion="impact", instruction=f"Do {n}.")
        for n in range(3)
    )
    tie(one, other)
    tie(one, third)
    against = world.lesson(world.organisation(), themes=theme, verdict="failed", instruction="Do not.")
    tie(one, against, "contradicts")
    world.lesson(world.organisation(), themes=theme, status="submitted", instruction="Not yet said.")
    world.lesson(world.organisation(), themes=theme, disclosure="members", instruction="Hidden.")
    page = client.get("/lessons/themes/prisons").text

    assert "Three sources say" in page
    assert "Where lessons contradict one another" in page
    assert all(f"/lessons/{lesson.ref}" in page for lesson in (one, other, third, against))
    assert "Not yet said." not in page
    assert "1 further lesson is not validated yet" in page
    assert "Hidden." not in page
    assert "No stage named" in client.get("/lessons/themes/prisons?by=stage").text
    assert client.get("/lessons/themes/nothing").status_code == 404
    assert "Nothing validated yet" in client.get("/lessons/themes/customs").text


def test_a_hidden_lesson_adds_no_source_to_what_is_known(tx: Tx, world: World, tie: Any) -> None:
    one, other = (world.lesson(world.organisation(), themes=["prisons"]) for _ in range(2))
    tie(one, other)
    other.disclosure = "members"
    tx.flush()
    for reader, sources in ((ANONYMOUS, 1), (world.somebody("donor"), 2)):
        (group,) = known_of(tx, reader, "prisons", "criterion").summary.groups
        assert [one.sources for statements in group.by_verdict.values() for one in statements] == [sources]


def test_best_practices_are_listed_with_their_sources(client: CheckingClient, world: World, tie: Any) -> None:
    assert "No best practice yet" in client.get("/lessons/best-practices").text
    one, other, third = (world.lesson(world.organisation(), verdict="worked", title=f"Best {n}") for n in range(3))
    tie(one, other)
    tie(one, third)
    page = client.get("/lessons/best-practices").text
    assert all(title in page for title in ("Best 0", "Best 1", "Best 2"))
    assert "Known from three independent sources" in page
    assert "Best practice" in client.get(f"/lessons/{one.ref}").text


def test_the_table_is_safe_to_open_and_holds_what_the_filters_leave(client: CheckingClient, world: World) -> None:
    world.lesson(world.organisation(), title="=cmd|' /C calc'!A0", verdict="failed", countries=["GH"])
    world.lesson(world.organisation(), title="Other", verdict="worked")
    world.lesson(world.organisation(), title="Hidden", verdict="failed", disclosure="own")
    answer = client.get("/lessons/library.csv?verdict=failed")

    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row[1] for row in rows] == ["Title", "'=cmd|' /C calc'!A0"]
    assert len(rows[0]) == len(rows[1])
    assert rows[0][8:11] == ["What was done", "What it led to", "Why"], "a head names its column, as the form does"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_many_rows_taken_along_are_on_record(
    client: CheckingClient, world: World, tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = world.organisation()
    for _ in range(101):
        world.lesson(owner)
    client.get("/lessons/library.csv")
    events = tx.scalars(select(AuditEvent)).all()
    assert [(event.action, event.details) for event in events] == [("export.made", {"what": "lessons", "rows": 101})]


def test_a_brief_holds_so_many_and_says_so(
    client: CheckingClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Brief] = []
    monkeypatch.setattr(files, "draw", lambda brief: drawn.append(brief) or b"%PDF-")
    owner = world.organisation()
    for _ in range(MOST_LESSONS + 2):
        world.lesson(owner)
    world.lesson(owner, disclosure="own", title="Hidden")

    client.get("/lessons/library.pdf?country=SN", headers={"Accept-Language": "fr"})
    (brief,) = drawn
    assert len(brief.sections[0].entries) == len(brief.sources) == MOST_LESSONS
    assert any("62" in note and "60" in note for note in brief.notes)
    assert any("Sénégal" in note for note in brief.notes)
    assert all("Hidden" not in source.text for source in brief.sources)


def test_the_brief_of_a_theme_gives_each_sentence_its_sources(
    client: CheckingClient, world: World, tie: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Brief] = []
    monkeypatch.setattr(files, "draw", lambda brief: drawn.append(brief) or b"%PDF-")
    one, other = (world.lesson(world.organisation(), themes=["prisons"], verdict="worked") for _ in range(2))
    against = world.lesson(world.organisation(), themes=["prisons"], verdict="failed")
    tie(one, other)
    tie(one, against, "contradicts")
    client.get("/lessons/themes/prisons/brief.pdf")

    (brief,) = drawn
    marks = sorted(mark for entry in brief.sections[0].entries for mark in entry.sources.split())
    assert marks == ["[1]", "[2]", "[3]"]
    assert "contradict" in brief.sections[-1].heading
    assert [source.number for source in brief.sources] == [1, 2, 3]


@pytest.mark.one_engine
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_paper_runs_over_as_many_pages_as_it_needs(now: datetime, language: str) -> None:
    words = "ما الذي نجح في الميناء " if language == "ar" else "What worked in the port "
    entry = Entry(
        "Worked", Text("Title", language), (Text(words * 20, language, "When"),), Text(words, language), "[1]"
    )
    sources = (BriefSource(1, words, "http://localhost:5000/lessons/L-7KQ2-MX4T"),)
    brief = Brief(language, "Brief", "1", (), (Section("Impact", (entry,) * 12),), "Sources", sources, now)
    paper = draw(brief)

    assert paper.startswith(b"%PDF-")
    assert paper.count(b"/Type /Page\n") >= 2
    assert draw(brief) == paper


def test_both_papers_come_as_files(client: CheckingClient, world: World) -> None:
    world.lesson(world.organisation(), themes=["prisons"], language="fr")
    for address in ("/lessons/library.pdf", "/lessons/themes/prisons/brief.pdf"):
        answer = client.get(address)
        assert answer.mimetype == "application/pdf"
        assert answer.data.startswith(b"%PDF-")


def test_what_is_taken_along_is_in_the_order_of_the_list(tx: Tx, world: World) -> None:
    world.lesson(world.organisation(), title="Zebra", evidence="anecdotal")
    world.lesson(world.organisation(), title="Aardvark", evidence="evaluated")
    for sort, titles in (("title", ["Aardvark", "Zebra"]), ("known", ["Aardvark", "Zebra"])):
        assert [one.title for one in every_lesson(tx, ANONYMOUS, Filters(), sort)] == titles


def test_the_brief_in_arabic_is_read_in_order_and_told_apart() -> None:
    """Headings of three levels, the outline with them, each text with its language, and days that can be read."""
    now = datetime(2026, 11, 23, tzinfo=UTC)
    entry = Entry(
        "فعّال", Text("درس رقم 3 في عام 2026", "ar"), (Text("In Praia (25%).", "en", "عندما"),),
        Text("قبل 2026-11-30 بنسبة 25% على الأقل", "ar", "المرة القادمة"), "[1]",
    )  # fmt: skip
    source = BriefSource(1, "Ministry, “وزارة العدل”, 23 نوفمبر 2026, L-7KQ2-MX4T", "https://c.example/L")
    brief = Brief("ar", "ما تم تعلّمه", "12 درسا", (), (Section("القسم 1", (entry,)),), "المصادر", (source,), now)
    pdf = draw(brief)
    assert_everything_is_told(pdf)
    assert [kind for kind in kinds_of(pdf) if kind != "P"] == ["H1", "H2", "H3", "H2"]
    assert entry.strong.text in told_of(pdf, "/ActualText")
    assert {*told_of(pdf, "/Lang")} == {"ar", "en"}
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.outline[0]["/Title"] == brief.title
    text = reader.pages[0].extract_text()
    assert "2026-11-30" in text
    assert re.search(r"25%\s+بنسبة", text)
    assert "L-7KQ2-MX4T" in text
