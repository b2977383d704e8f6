"""The report of a region: written by its desk, counted as its audience sees it, signed, and followed up by the next."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from app.accounts.models import Membership
from app.foundation.audit import AuditEvent
from app.foundation.permissions import Refused
from app.foundation.wording.versions import StaleVersion
from app.jobs.models import Job
from app.jobs.runner import work_through
from app.reports.models import MadeReport, RegionalReport
from app.reports.regional import service
from app.reports.regional.content import regional_document
from app.reports.regional.rules import SIGNED_STAYS, RegionalDraft, ReportRefused, reader_of, to_follow_up
from app.reports.regional.signing import GONE, IS_SIGNED, WRITTEN_ON, order_signing
from app.reports.rules import Signer
from tests.read_aloud import assert_everything_is_told, kinds_of, told_of
from tests.reports.conftest import text_of, words_of_document, words_of_word

DRAFT = RegionalDraft(
    language="en", title="West Africa in the second half of 2026", starts_on=date(2026, 7, 1),
    ends_on=date(2026, 12, 31),
    situations={"asset_recovery": "Laboratories are being built in three States."},
    recommendations=(("Share one laboratory among neighbours", "ECOWAS Commission"),),
)  # fmt: skip
SIGNER = Signer("Ama Mensah", "Head of desk", "Abuja")
TYPED = {
    "title": DRAFT.title, "language": "en", "starts_on": "2026-07-01", "ends_on": "2026-12-31", "disclosure": "public",
    "situations-0-theme": "asset_recovery", "situations-0-text": "Laboratories are being built.",
    "recommendations-0-text": "Share one laboratory", "recommendations-0-to": "ECOWAS Commission",
}  # fmt: skip


@pytest.fixture
def head(world, region):
    return world.account(region.desk, "focal_point")


@pytest.fixture
def desk(world, head):
    return world.actor(head)


@pytest.fixture
def report(tx, desk, region, now):
    report = service.begin(tx, desk, region.desk.id, DRAFT, now)
    tx.flush()
    return report


def signed(tx, desk, report, now):
    service.sign(tx, desk, report, SIGNER, {"pdf": service.Signed("RP-2222-2222", "0" * 64)}, report.version, now)
    tx.flush()
    return report


def test_its_chapters_stand_in_the_order_of_a_mini_dublin_report(tx, report, now):
    document = regional_document(tx, report, now, "https://here.example")
    chapters = [block.text for block in document.blocks if type(block).__name__ == "Heading" and block.level == 1]
    assert [one.split(". ")[0] for one in chapters[:6]] == ["1", "2", "3", "4", "5", "6"]
    assert chapters[-1] == "Annex: sources"
    words = words_of_document(document)
    for said in (
        "Laboratories are being built in three States.", "Laboratoire de Dakar", "Norwegian Agency",
        "Share one laboratory among neighbours (ECOWAS Commission)", "https://here.example/needs/",
    ):  # fmt: skip
        assert said in words, said


@pytest.mark.parametrize("audience", ["public", "members"])
def test_nothing_that_its_audience_may_not_see_is_in_it_nor_in_its_figures(tx, world, region, report, now, audience):
    report.disclosure = audience
    before = words_of_document(regional_document(tx, report, now, ""))
    tier = "members" if audience == "public" else "named"
    other = world.organisation(country="SN")
    need = world.need(other, title="Zorvaquin", countries=["SN"], disclosure=tier)
    world.pledge(need, world.organisation("donor"), status="pledged", accepted_at=now, disclosure=tier)
    world.programme(world.organisation("donor"), title="Zorvaquin", countries=["SN"], disclosure=tier)
    # What its desk itself keeps for its own people is no exception.
    world.need(region.desk, title="Zorvaquin", countries=["GH"], disclosure="own")
    assert words_of_document(regional_document(tx, report, now, "")) == before


def test_what_members_may_see_is_counted_for_members(tx, world, report, now):
    world.need(world.organisation(country="SN"), title="Zorvaquin", countries=["SN"], disclosure="members")
    assert "Zorvaquin" in words_of_document(regional_document(tx, report, now, ""))


def test_a_draft_is_there_for_its_desk_alone_until_it_is_signed(
    client, new_client, sign_in, tx, world, desk, report, now
):
    member = new_client()
    sign_in(member, world.account(world.organisation("donor")))
    assert member.get(f"/reports/regional/{report.ref}").status_code == 404
    signed(tx, desk, report, now)
    assert DRAFT.title in member.get(f"/reports/regional/{report.ref}").text
    assert client.get(f"/reports/regional/{report.ref}").status_code == 404


def test_whoever_saves_second_is_told(tx, desk, report, now):
    service.amend(tx, desk, report, DRAFT, report.version, now)
    tx.flush()
    with pytest.raises(StaleVersion):
        service.amend(tx, desk, report, DRAFT, report.version - 1, now)


def test_what_is_signed_stays_as_it_is(tx, desk, report, now):
    signed(tx, desk, report, now)
    for change in (
        lambda: service.amend(tx, desk, report, DRAFT, report.version, now),
        lambda: service.drop(tx, desk, report, now),
        lambda: signed(tx, desk, report, now),
    ):  # fmt: skip
        with pytest.raises(ReportRefused):
            change()


def test_an_editor_writes_and_only_a_focal_point_signs(tx, world, region, report, now):
    editor = world.actor(world.account(region.desk))
    service.amend(tx, editor, report, DRAFT, report.version, now)
    tx.flush()
    with pytest.raises(Refused):
        signed(tx, editor, report, now)
    with pytest.raises(Refused):
        service.amend(tx, world.somebody("regional", grouping="CARICOM"), report, DRAFT, report.version, now)


def test_the_next_report_follows_up_what_the_last_recommended_and_left_open(tx, world, desk, region, report, now):
    report.follow_up = [
        {"text": "An old one", "to": "", "status": "open", "note": "", "points": []},
        {"text": "A done one", "to": "", "status": "done", "note": "", "points": []},
    ]
    signed(tx, desk, report, now)
    following = service.begin(tx, desk, region.desk.id, DRAFT, now)
    assert following.previous_id == report.id
    assert [row["text"] for row in following.follow_up] == ["Share one laboratory among neighbours", "An old one"]
    meeting = world.meeting(region.state, invited=[region.desk], disclosure="members", status="held")
    point = world.action_point(meeting, region.desk, text="Choose the place")
    outcomes = (("done", "Agreed in May", (point.ref,)), ("dropped", "Too dear", ()))
    draft = RegionalDraft("en", "Next", DRAFT.starts_on, DRAFT.ends_on, outcomes=outcomes)
    service.amend(tx, desk, following, draft, following.version, now)
    tx.flush()
    words = words_of_document(regional_document(tx, following, now, ""))
    assert "Agreed in May" in words
    assert "Too dear" in words
    assert ("Choose the place" in words) == (meeting.field_disclosure.get("minutes", meeting.disclosure) == "members")


def test_an_action_point_that_its_audience_may_not_read_is_not_told(tx, world, region, report, now):
    meeting = world.meeting(region.state, disclosure="named", status="held")
    point = world.action_point(meeting, region.state, text="Zorvaquin")
    report.follow_up = [{"text": "One", "to": "", "status": "open", "note": "", "points": [point.ref]}]
    assert "Zorvaquin" not in words_of_document(regional_document(tx, report, now, ""))


@pytest.mark.one_engine
def test_only_what_is_open_goes_on():
    rows = [
        {"text": str(n), "to": "", "status": s, "note": "x", "points": ["T"]} for n, s in enumerate(("open", "done"))
    ]
    assert to_follow_up([], rows) == [{"text": "0", "to": "", "status": "open", "note": "", "points": []}]


@pytest.mark.one_engine
def test_the_readers_of_a_report_belong_to_nobody():
    assert not reader_of("public").is_signed_in
    member = reader_of("members")
    assert member.is_verified
    assert not member.is_secretariat
    assert not member.desk_countries


# --- pages ---


def test_from_an_empty_form_to_the_signed_files(client, new_client, sign_in, tx, site, head):
    sign_in(client, head)
    answer = client.submit("/reports/regional/new", TYPED)
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert "Share one laboratory (ECOWAS Commission)" in client.get(page).text
    assert "States by themes" in client.get(page).text
    answer = client.submit(f"{page}/sign", {"name": "Ama Mensah", "function": "Head of desk", "place": "Abuja"})
    work = answer.headers["Location"]
    assert new_client().get(page, check=False).status_code == 404
    assert work in client.get(page).text
    assert f"{page}/sign" not in client.get(page).text
    assert work_through(site, work.rsplit("/", 1)[1])
    tx.expire_all()
    assert page in client.get(work).text
    report = tx.scalars(select(RegionalReport)).one()
    assert (
        "regional_report.signed"
        in tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == report.ref)).all()
    )
    somebody = new_client()
    assert "Head of desk" in somebody.get(page).text
    pdf, word = (somebody.get(f"{page}/file.{form}").data for form in ("pdf", "docx"))
    for words in (text_of(pdf), words_of_word(word)):
        for said in ("Laboratoire de Dakar", "Norwegian Agency", "Share one laboratory", "Ama Mensah"):
            assert said in words, said
    assert hashlib.sha256(pdf).hexdigest() == report.made["pdf"]["file_sha256"]
    assert len(PdfReader(BytesIO(pdf)).outline) >= 6
    assert_everything_is_told(pdf)
    assert {"H1", "H2", "P", "Figure", "Table", "TR", "TH", "TD"} <= {*kinds_of(pdf)}
    assert kinds_of(pdf).count("Figure") == len(told_of(pdf, "/Alt"))
    assert b'descr="' in ZipFile(BytesIO(word)).read("word/document.xml")
    assert len([name for name in ZipFile(BytesIO(word)).namelist() if name.endswith(".png")]) >= 2
    kept = tx.scalars(select(MadeReport).where(MadeReport.ref == report.made["pdf"]["ref"])).one()
    assert "Yes: a report" in somebody.get(f"/reports/{kept.ref}?sha256={kept.said_sha256}").text
    assert client.get(f"{page}/amend").status_code == 409


def ordered(tx, desk, report, now):
    job = order_signing(tx, desk, report, SIGNER, report.version, now)
    tx.flush()
    return job


def write_on(tx, desk, report, now):
    service.amend(tx, desk, report, replace(DRAFT, title="Theirs"), report.version, now)


def leave(tx, desk, report, now):
    tx.execute(update(Membership).where(Membership.account_id == desk.account_id).values(role="editor"))


def drop(tx, desk, report, now):
    service.drop(tx, desk, report, now)


@pytest.mark.parametrize(
    ("happens", "words"),
    [(write_on, WRITTEN_ON), (leave, GONE), (drop, GONE), (signed, SIGNED_STAYS)],
    ids=["written on", "no focal point any more", "thrown away", "signed by another"],
)
def test_what_happens_before_it_is_signed_is_told_and_nothing_is_signed(
    tx, world, site, region, desk, report, now, happens, words
):
    job = ordered(tx, desk, report, now)
    other = world.actor(world.account(region.desk, "focal_point"))
    happens(tx, desk if happens is leave else other, report, now)
    tx.flush()
    assert work_through(site, job.ref)
    tx.expire_all()
    assert (job.state, job.words) == ("failed", words)
    assert not tx.scalars(select(MadeReport)).all()
    assert not job.link


def test_work_that_broke_off_after_it_had_signed_signs_no_second_time(tx, site, desk, report, now):
    job = ordered(tx, desk, report, now)
    signed(tx, desk, report, now)
    assert work_through(site, job.ref)
    tx.expire_all()
    assert (job.state, job.words) == ("done", IS_SIGNED)
    assert report.made["pdf"]["ref"] == "RP-2222-2222"


def test_one_who_has_seen_an_older_text_signs_nothing(client, sign_in, tx, head, desk, report, now):
    sign_in(client, head)
    opened = report.version
    write_on(tx, desk, report, now)
    tx.flush()
    path = f"/reports/regional/{report.ref}"
    answer = client.submit(f"{path}/sign", {"function": "Head", "place": "Abuja", "version": str(opened)})
    assert answer.headers["Location"] == path
    assert "Somebody has written on the report." in client.get(path).text
    assert not tx.scalars(select(Job)).all()


def test_two_people_of_the_desk_are_shown_both_texts(client, sign_in, tx, head, desk, report, now):
    sign_in(client, head)
    opened = report.version
    service.amend(tx, desk, report, RegionalDraft("en", "Theirs", DRAFT.starts_on, DRAFT.ends_on), opened, now)
    tx.flush()
    answer = client.submit(f"/reports/regional/{report.ref}/amend", {"title": "Mine", "version": str(opened)})
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert "Mine" in answer.text


def test_on_the_page_one_says_what_became_of_a_recommendation(client, sign_in, tx, head, desk, region, report, now):
    signed(tx, desk, report, now)
    following = service.begin(tx, desk, region.desk.id, replace(DRAFT, recommendations=()), now)
    tx.flush()
    sign_in(client, head)
    path = f"/reports/regional/{following.ref}/amend"
    assert "Share one laboratory among neighbours</legend>" in client.get(path).text
    answer = client.submit(path, {"follow_up-0-status": "dropped"})
    assert "Say in a sentence why it was dropped." in answer.text
    client.submit(path, {"follow_up-0-status": "dropped", "follow_up-0-note": "Too dear"})
    tx.expire_all()
    assert [(row["status"], row["note"]) for row in following.follow_up] == [("dropped", "Too dear")]


def test_rows_can_be_added_without_javascript_and_faults_are_told(client, sign_in, head):
    sign_in(client, head)
    answer = client.submit("/reports/regional/new", {**TYPED, "add-row": "recommendations"})
    assert "recommendations-1-text" in answer.text
    answer = client.submit("/reports/regional/new", {**TYPED, "ends_on": "2026-01-01"})
    assert answer.status_code == 422
    assert "This is before the first day." in answer.text


def test_the_draft_as_a_file_is_made_in_the_background(client, sign_in, tx, head, report):
    sign_in(client, head)
    answer = client.post(f"/reports/regional/{report.ref}/make", data={"form": "docx"})
    assert answer.status_code == 303
    job = tx.scalars(select(Job)).one()
    assert job.arguments["subject"] == report.ref
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_draft_is_thrown_away_after_a_question(client, sign_in, tx, head, report):
    sign_in(client, head)
    page = f"/reports/regional/{report.ref}"
    assert "This cannot be undone." in client.get(f"{page}/drop").text
    client.submit(f"{page}/drop", {})
    tx.expire_all()
    assert not tx.scalars(select(RegionalReport)).all()
    assert client.get(page, check=False).status_code == 404


def test_the_page_of_a_grouping_leads_to_its_reports(client, sign_in, tx, head, desk, report, now):
    assert DRAFT.title not in client.get("/overview?grouping=ECOWAS").text
    sign_in(client, head)
    page = client.get("/overview?grouping=ECOWAS").text
    assert DRAFT.title in page
    assert "/reports/regional/new" in page
