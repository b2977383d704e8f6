"""Certificates: who gets one, what stands on the sheet, who can fetch it, and what a check says."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.foundation.audit import history_of
from app.foundation.languages import say
from app.foundation.outbox import OutboxRow
from app.foundation.permissions import Refused
from app.nominations import results, rules, service
from app.nominations.certificates import news
from app.nominations.certificates import service as certificates
from app.nominations.certificates.drawable import undrawable, undrawable_on
from app.nominations.certificates.events import ManyCertified, ManyRevoked
from app.nominations.certificates.news import certificate_issued, certificate_revoked, with_link
from app.nominations.certificates.paper import draw
from app.nominations.certificates.queries import stuck_in
from app.nominations.certificates.rules import SHAPE, earns_certificate, new_code, tidy_code
from app.nominations.certificates.words import plain, sheet_of
from app.nominations.forgetting import forget_due
from app.nominations.models import Nomination
from app.notifications.models import Mail
from app.notifications.telling import Telling
from tests.nominations.conftest import School
from tests.read_aloud import assert_everything_is_told, kinds_of, told_of

URL = "https://counterpart.example"


def graduate(school: School, name: str = "Ana Lopes", mark: int | None = 81, **kw: Any) -> Nomination:
    """Somebody who confirmed, came and passed."""
    one = school.put_forward(name, **kw)
    school.accept(one)
    service.confirm(school.tx, one, school.now)
    held = school.now.replace(year=2027, month=3, day=12)
    results.write_result(school.tx, school.centre, one, "passed", None if mark is None else Decimal(mark), held)
    return one


def text_of(one: Nomination) -> str:
    reader = PdfReader(io.BytesIO(draw(sheet_of(one, URL))))
    assert len(reader.pages) == 1
    page = reader.pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)
    return page.extract_text()


@pytest.mark.parametrize(
    ("status", "pass_mark", "earns"),
    [("passed", 60, True), ("passed", None, True), ("attended", None, True), ("attended", 60, False),
     ("failed", None, False), ("no_show", None, False), ("confirmed", None, False)],
)  # fmt: skip
def test_who_earns_one(status, pass_mark, earns):
    assert earns_certificate(status, pass_mark) is earns


def test_a_code_can_be_typed_in_many_ways():
    code = new_code()
    assert SHAPE.fullmatch(code.replace("-", ""))
    assert code != new_code()
    for typed in (code, code.lower(), code.replace("-", " "), code.replace("-", "–"), f" {code.replace('-', '')}\n"):
        assert tidy_code(typed) == code
    for wrong in ("", "7KQ2", f"{code}A", code.replace(code[0], "O"), "<script>", "%00"):
        assert tidy_code(wrong) == ""


def test_it_is_issued_once_and_audited(school: School):
    one = graduate(school)
    assert certificates.issue(school.tx, school.centre, [one], school.now) == 1
    code = one.certificate_code
    assert tidy_code(code) == code
    assert "nomination.certified" in {event.action for event in history_of(school.tx, one.ref)}
    with pytest.raises(rules.MoveRefused):
        certificates.issue(school.tx, school.centre, [one], school.now)
    assert one.certificate_code == code


def test_only_the_centre_issues_and_only_what_was_earned(school: School):
    one = graduate(school)
    with pytest.raises(Refused):
        certificates.issue(school.tx, school.state, [one], school.now)
    results.write_result(school.tx, school.centre, one, "failed", Decimal(20), school.now.replace(year=2027, month=4))
    with pytest.raises(rules.MoveRefused):
        certificates.issue(school.tx, school.centre, [one], school.now)
    assert one.certificate_code == ""


@pytest.mark.parametrize(("status", "mark"), [("failed", 30), ("passed", 82), ("attended", None)])
def test_a_changed_result_revokes_it_and_another_one_has_another_code(school: School, status, mark):
    school.session.course.pass_mark = 60
    one = graduate(school)
    certificates.issue(school.tx, school.centre, [one], school.now)
    code, later = one.certificate_code, school.now.replace(year=2027, month=4)
    results.write_result(school.tx, school.centre, one, status, mark and Decimal(mark), later)
    assert (one.certificate_code, certificates.is_valid(one)) == (code, False)
    results.write_result(school.tx, school.centre, one, "passed", Decimal(81), later)
    assert not certificates.is_valid(one)
    certificates.issue(school.tx, school.centre, [one], later)
    assert certificates.is_valid(one)
    assert one.certificate_code != code


def test_the_same_result_written_again_revokes_nothing(school: School):
    one = graduate(school)
    certificates.issue(school.tx, school.centre, [one], school.now)
    results.write_result(school.tx, school.centre, one, "passed", Decimal(81), school.now.replace(year=2027, month=4))
    assert certificates.is_valid(one)


def test_the_sheet_says_everything(school: School):
    course = school.session.course
    course.recognised_by, course.hours, course.hosts = "the Council of the Judiciary", 30, "the Police Academy"
    one = graduate(school, "Ana Lúcia Gonçalves Štěpánek")
    certificates.issue(school.tx, school.centre, [one], school.now)
    text = text_of(one)
    for words in ("Ana Lúcia Gonçalves Štěpánek", course.title, course.organisation.name, "30", "Dakar", "81",
                  "the Council of the Judiciary", "the Police Academy", one.certificate_code,
                  "counterpart.example/certificates"):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "mars 2027"), ("es", "de marzo de 2027"), ("pt", "de março de 2027"), ("ar", "81"), ("de", "March 2027")],
)
def test_it_is_in_the_language_of_the_course(school: School, language, words):
    school.session.course.language = language
    one = graduate(school)
    certificates.issue(school.tx, school.centre, [one], school.now)
    assert words in text_of(one)
    file = draw(sheet_of(one, URL))
    assert kinds_of(file)[:1] == ["P"]
    assert kinds_of(file).count("H1") == 1
    assert told_of(file, "/Alt") == [f"QR: {URL}/certificates/{one.certificate_code}"]
    assert_everything_is_told(file)


def test_who_attended_has_no_mark_on_it(school: School):
    school.session.course.pass_mark, school.session.course.language = None, "en"
    one = graduate(school, mark=77)
    results.write_result(school.tx, school.centre, one, "attended", Decimal(77), school.now.replace(year=2027, month=4))
    certificates.issue(school.tx, school.centre, [one], school.now)
    text = text_of(one)
    assert "Certificate of attendance" in text
    assert "77" not in text.replace(one.certificate_code, "")


ATTACKS = [
    "<b>Ana</b><script>alert(1)</script>", "=cmd|' /C calc'!A0", "(Ana) Tj ET endstream", "Ana\u202egnol",
    "**Ana** __x__",    "A" * 120, "أحمد بن محمد العلوي", "Ana\x07 Lopes", "名前", "🎓 Ana",
]  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_a_name_stays_a_name_on_the_sheet(school: School, name):
    one = graduate(school)
    one.name = name
    if undrawable(name):
        with pytest.raises(rules.MoveRefused, match="cannot be drawn"):
            certificates.issue(school.tx, school.centre, [one], school.now)
        return
    certificates.issue(school.tx, school.centre, [one], school.now)
    sheet = draw(sheet_of(one, URL))
    assert b"/JavaScript" not in sheet
    text = PdfReader(io.BytesIO(sheet)).pages[0].extract_text()
    if name.isascii() and name.isprintable() and len(name) < 60:
        assert name in text
    assert one.certificate_code in text


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Ana Lopes, João d’Ávila-Ñuñez", ""), ("Nguyễn Thị Ánh", ""), ("Ελένη Παπαδοπούλου", ""),
        ("Ольга Іваненко", ""), ("Ana 🎓", "🎓"), ("김민준", "김민준"),
        ("أحمد بن محمد العلوي", ""), ("می\u200cخواهم", ""), ("Z\u0301o\u0308e", ""), ("名前 名", "名前"),
    ],
)  # fmt: skip
def test_which_letters_cannot_be_drawn(text, letters):
    assert undrawable(text) == letters


def test_who_cannot_be_drawn_gets_none_and_the_others_do(school: School):
    people = [graduate(school, "Ana"), graduate(school, "Bia")]
    people[1].name = "名前"
    assert certificates.issue(school.tx, school.centre, people, school.now) == 1
    assert people[1].certified_at is None
    assert stuck_in(school.tx, school.centre, school.session.id) == [(people[1], "名前")]
    school.session.course.title = "講座"
    assert undrawable_on(people[0]) == "講座"


def test_nobody_is_put_forward_with_a_name_that_cannot_be_drawn(school: School):
    with pytest.raises(rules.DraftRefused, match="名"):
        school.put_forward("名前")


def test_what_cannot_be_seen_is_left_out():
    assert plain("Ana\u202e\n Lo\x07pes") == "Ana Lopes"
    assert plain("می\u200cخواهم") == "می\u200cخواهم"


def test_the_mail_has_a_link_as_long_as_it_is_valid(school: School, settings):
    one = graduate(school)
    certificates.issue(school.tx, school.centre, [one], school.now)
    telling = Telling(school.tx, settings)
    certificate_issued(telling, certificates.CertificateIssued(one.id, one.certificate_code))
    certificate_issued(telling, certificates.CertificateIssued(one.id, "2222-2222-2222"))
    (draft,) = telling.mails
    assert draft.recipient == one.email
    mail = Mail(cause=draft.cause, recipient=draft.recipient, subject=draft.subject, body=draft.body)
    assert f"{settings.public_url}/certificate/" in str(with_link(school.tx, settings, mail, school.now))
    later = school.now.replace(year=2027, month=4)
    results.write_result(school.tx, school.centre, one, "failed", Decimal(2), later)
    assert with_link(school.tx, settings, mail, school.now) is None
    certificate_revoked(telling, certificates.CertificateRevoked(one.id, one.certificate_code))
    assert len(telling.mails) == 2


def test_nothing_is_issued_to_nobody(school: School):
    one = graduate(school)
    assert forget_due(school.tx, school.now + timedelta(days=3650)) == 1
    assert not certificates.may_get_one(one)


def sent(school: School, settings, fact) -> list[str]:
    telling = Telling(school.tx, settings)
    news.NEWS[type(fact).__name__](telling, fact)
    assert {notice.account_id for notice in telling.notices} <= {school.state.account_id}
    assert all(notice.by_mail for notice in telling.notices)
    return [say(notice.message, "en") for notice in telling.notices]


def facts(school: School, name: str) -> list[dict]:
    return [row.payload for row in school.tx.scalars(select(OutboxRow).order_by(OutboxRow.id)) if row.fact == name]


def test_who_nominated_is_told_once_of_all_certificates_of_a_session(school: School, settings):
    people = [graduate(school, "Ana"), graduate(school, "Bia")]
    certificates.issue(school.tx, school.centre, people, school.now)
    assert facts(school, "ManyCertified") == [{"nomination_id": people[0].id, "how_many": 2}]
    told = sent(school, settings, ManyCertified(people[0].id, 2))
    assert told == [f"2 candidates of yours have certificates of “{school.session.course.title}”"]
    assert people[1].ref in sent(school, settings, ManyCertified(people[1].id, 1))[0]


def test_who_nominated_is_told_once_of_all_that_are_not_valid_any_more(school: School, settings):
    people = [graduate(school, "Ana"), graduate(school, "Bia")]
    certificates.issue(school.tx, school.centre, people, school.now)
    later = school.now.replace(year=2027, month=3, day=13)
    written = [results.Result(one, "failed", None) for one in people]
    results.write_results(school.tx, school.centre, written, later)
    assert facts(school, "ManyRevoked") == [{"nomination_id": people[0].id, "how_many": 2}]
    assert "not valid any more" in sent(school, settings, ManyRevoked(people[0].id, 2))[0]
    results.write_results(school.tx, school.centre, written, later)
    assert len(facts(school, "ManyRevoked")) == 1
