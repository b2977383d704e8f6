"""The pages of certificates: issued with one button, fetched by three, checked by anybody who has the code."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from pypdf import PdfReader

from app import create_app
from app.nominations.certificates.links import token_for
from app.nominations.certificates.rules import new_code
from app.nominations.models import Nomination
from tests.factories import SECRET_KEY, World
from tests.house import MovableClock
from tests.nominations.test_views import Pages, accept
from tests.nominations.test_views import token_for as seat_token
from tests.pages import CheckingClient

NASTY = "<script>alert(1)</script> =1+1"


@pytest.fixture
def graduate(pages: Pages, client: CheckingClient, clock: MovableClock) -> Nomination:
    """One candidate who passed, with a name that attacks."""
    pages.put_forward(name=NASTY)
    accept(pages, *pages.nominations())
    one = pages.nominations()[0]
    client.submit(f"/seat/{seat_token(SECRET_KEY, one)}", {"answer": "yes"})
    clock.move(days=107)
    pages.sign_in_again()
    rows = {"rows-0-ref": one.ref, "rows-0-status": "passed", "rows-0-mark": "81"}
    assert pages.registrar.submit(f"{pages.here}/results", rows).status_code == 303
    return pages.nominations()[0]


def issue(pages: Pages) -> Nomination:
    answer = pages.registrar.post(f"{pages.here}/certificates", data={"form_key": new_code()})
    assert answer.status_code == 303
    return pages.nominations()[0]


def test_the_centre_issues_and_three_fetch(
    pages: Pages, graduate: Nomination, client: CheckingClient, new_client: Callable[[], CheckingClient],
    sign_in: Callable[..., object], world: World,
) -> None:  # fmt: skip
    assert "Issue one certificate" in pages.registrar.get(f"{pages.here}/nominations").text
    assert "Issue one certificate" not in pages.focal.get(f"{pages.here}/nominations").text
    assert pages.focal.post(f"{pages.here}/certificates", data={}).status_code == 403
    assert pages.focal.get(f"/nominations/{graduate.ref}/certificate.pdf").status_code == 404
    one = issue(pages)
    assert "Issue one certificate" not in pages.registrar.get(f"{pages.here}/nominations").text
    mine = f"/certificate/{token_for(SECRET_KEY, one)}"
    for reader, path in (
        (pages.registrar, f"/nominations/{one.ref}/certificate.pdf"), (client, mine),
        (pages.focal, f"/nominations/{one.ref}/certificate.pdf"),
    ):  # fmt: skip
        answer = reader.get(path)
        assert answer.mimetype == "application/pdf"
        assert NASTY in PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert one.certificate_code in pages.focal.get(f"/nominations/{one.ref}").text
    stranger = new_client()
    sign_in(stranger, world.account(world.organisation("centre")))
    assert stranger.get(f"/nominations/{one.ref}/certificate.pdf").status_code == 404
    assert stranger.post(f"/nominations/{one.ref}/certificate", data={}).status_code == 404
    assert client.get(f"{mine}x").status_code == 410
    seat = seat_token(SECRET_KEY, one)
    assert client.get(f"/certificate/{seat}").status_code == 410
    assert client.get(f"/seat/{mine.rsplit('/', maxsplit=1)[-1]}").status_code == 410


def test_one_is_issued_from_the_page_of_a_candidate(pages: Pages, graduate: Nomination) -> None:
    path = f"/nominations/{graduate.ref}"
    assert "Issue the certificate" in pages.registrar.get(path).text
    assert "Issue the certificate" not in pages.focal.get(path).text
    assert pages.registrar.post(f"{path}/certificate", data={}).status_code == 303
    assert pages.nominations()[0].certified_at is not None
    again = pages.registrar.post(f"{path}/certificate", data={})
    assert "nobody to issue a certificate for" in pages.registrar.get(again.location).text


def test_anybody_checks_a_code(pages: Pages, graduate: Nomination, client: CheckingClient) -> None:
    one = issue(pages)
    answer = client.submit("/certificates", {"code": f" {one.certificate_code.lower().replace('-', ' ')} "})
    assert answer.location == f"/certificates/{one.certificate_code}"
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "This certificate is valid" in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; =1+1" in page.text
    assert pages.run.course.title in page.text
    assert "81" not in page.text.split("<main")[1].split("</main>")[0].replace(one.certificate_code, "")
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "private, no-store"
    for secret in (one.ref, one.email, "She leads the unit"):
        assert secret not in page.text


def test_a_changed_result_says_not_valid(pages: Pages, graduate: Nomination, client: CheckingClient) -> None:
    one = issue(pages)
    mine = f"/certificate/{token_for(SECRET_KEY, one)}"
    rows = {"rows-0-ref": one.ref, "rows-0-status": "failed", "rows-0-mark": "31"}
    assert pages.registrar.submit(f"{pages.here}/results", rows).status_code == 303
    page = client.get(f"/certificates/{one.certificate_code}")
    assert page.status_code == 200
    assert "This certificate is not valid" in page.text
    assert client.get(mine).status_code == 410
    assert pages.registrar.get(f"/nominations/{one.ref}/certificate.pdf").status_code == 404
    assert "Certificate no longer valid" in pages.registrar.get(f"/nominations/{one.ref}").text


def test_after_the_personal_data_is_erased_it_is_valid_without_a_name(
    pages: Pages, graduate: Nomination, client: CheckingClient
) -> None:
    one = issue(pages)
    mine = f"/certificate/{token_for(SECRET_KEY, one)}"
    one.name, one.forgotten_at = "", one.certified_at
    pages.tx.flush()
    page = client.get(f"/certificates/{one.certificate_code}").text
    assert "This certificate is valid" in page
    assert "The name is not kept any more" in page
    assert client.get(mine).status_code == 410
    assert pages.registrar.get(f"/nominations/{one.ref}/certificate.pdf").status_code == 404
    assert "Certificate (PDF)" not in pages.registrar.get(f"/nominations/{one.ref}").text


@pytest.mark.parametrize("code", ["2222-2222-2222", "<script>alert(1)</script>", "' OR 1=1 --", "x" * 300, "=1+1"])
def test_a_code_that_nothing_bears(client: CheckingClient, code: str) -> None:
    answer = client.get(f"/certificates/{code}")
    assert answer.status_code == 404
    assert "No certificate bears this code" in answer.text or "/" in code
    assert "<script>alert" not in answer.text


def test_nobody_looks_at_many_codes(settings, database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.nominations.certificates.views.CHECKS", "1 per hour")
    site = create_app(replace(settings, rate_limits=True), database)
    site.extensions["counterpart"].clock = clock
    client = site.test_client()
    codes = [new_code() for _ in range(21)]
    assert [client.get(f"/certificates/{code}").status_code for code in codes] == [404] * 20 + [429]
    assert client.get(f"/certificates/{codes[0]}").status_code == 404


def test_a_form_without_a_code_asks_for_one(client: CheckingClient) -> None:
    assert client.submit("/certificates", {"code": ""}).status_code == 422
    assert client.submit("/certificates", {"code": "7KQ2"}).status_code == 404
