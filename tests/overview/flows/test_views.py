"""The page of the flow of money and its file: both figures, what is left, and nothing of what is hidden."""

import csv
import io
import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from app.programmes.models import ProgrammeLink
from app.reference.countries import countries as all_countries
from app.reference.themes import themes as all_themes

HEAVIEST = 15 * 1024
MONEY = {"budget_amount": Decimal(1000), "currency": "EUR"}


@pytest.fixture
def donor(world):
    return world.organisation("donor", country="NO", name="Agency of Nordland")


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


def figures(page):
    return dict(re.findall(r"<div><dt>([^<]+)</dt><dd>([^<]+)</dd></div>", page))


def test_money_flows_from_a_donor_through_a_theme_to_a_country(client, world, donor):
    world.programme(donor, themes=["prisons"], countries=["CV", "SN"], **MONEY)
    page = client.get("/overview/flows").text
    assert figures(page) == {"Without double counting": "1,000 EUR", "As reported": "1,000 EUR"}
    assert re.findall(r'class="flows__name"[^>]*>([^<]+)<', page) == [
        "Agency of Nordland", "Prisons", "Cape Verde", "Senegal",
    ]  # fmt: skip
    assert page.count('class="flows__ribbon') == 1 + 2
    assert 'role="img" aria-labelledby="flows-title flows-desc"' in page
    assert "From themes to countries" in page
    assert "500 EUR" in page


def test_an_empty_site_has_an_empty_picture(client, tx):
    page = client.get("/overview/flows").text
    assert "No money is known here" in page
    assert '<svg class="flows"' not in page


def test_a_part_is_set_aside_and_both_figures_are_shown(client, world, tx, donor):
    whole = world.programme(donor, title="The whole", iati_identifier="XX-1", **MONEY)
    part = world.programme(donor, title="The part", budget_amount=Decimal(400), currency="EUR")
    tx.add(ProgrammeLink(programme_id=part.id, kind="1", identifier="XX-1"))
    tx.flush()
    page = client.get("/overview/flows").text
    assert figures(page) == {"Without double counting": "1,000 EUR", "As reported": "1,400 EUR"}
    aside = page[page.index("1 amount was set aside") :]
    assert f"/programmes/{part.ref}" in aside
    assert "Part of another record, which counts: " in aside
    assert f"/programmes/{whole.ref}" in aside
    assert "The picture counts each thing once." in page
    reported = client.get("/overview/flows?figures=reported").text
    assert "The picture shows what is reported." in reported
    assert [row["Counted"] for row in rows(client.get("/overview/flows.csv"))] == ["yes", "no"]


def test_what_has_no_rate_stands_beside(client, world, donor):
    world.programme(donor, **MONEY)
    left = world.programme(donor, title="In other money", budget_amount=Decimal(70), currency="NOK")
    page = client.get("/overview/flows").text
    assert figures(page)["Not converted"] == "70 NOK"
    assert "1 amount has no rate and was not converted" in page
    assert f"/programmes/{left.ref}" in page
    (row,) = [row for row in rows(client.get("/overview/flows.csv")) if row["Reference"] == left.ref]
    assert (row["Amount"], row["Counted"], row["As given"], row["Currency as given"]) == (
        "", "Not converted", "70.00", "NOK",
    )  # fmt: skip


def test_a_currency_can_be_chosen_and_the_rate_is_told(client, world, donor):
    world.programme(donor, **MONEY)
    page = client.get("/overview/flows?currency=XOF").text
    assert figures(page)["As reported"] == "655,957 XOF"
    assert "1 EUR = 655.957 XOF" in page
    assert "fixed parity" in page


@pytest.mark.parametrize(
    "query", ["grouping=X", "country=XX", "theme=x", "year=zz", "year=99999", "currency=QQQ", "figures=x", "page=x"]
)
def test_what_is_not_known_is_passed_over(client, world, donor, query):
    world.programme(donor, **MONEY)
    for picture in ("flows", "who", "map", "timeline"):
        assert client.get(f"/overview/{picture}?{query}").status_code == 200
    assert figures(client.get(f"/overview/flows?{query}").text)["As reported"] == "1,000 EUR"


def test_a_choice_narrows_the_picture_and_the_file(client, world, donor):
    world.programme(donor, countries=["SN"], **MONEY)
    world.programme(donor, countries=["CV"], **MONEY)
    assert figures(client.get("/overview/flows?country=CV").text)["As reported"] == "1,000 EUR"
    assert [row["Country"] for row in rows(client.get("/overview/flows.csv?country=CV"))] == ["Cape Verde"]


def test_no_cell_of_the_file_is_a_formula(client, world):
    world.programme(world.organisation("donor", name="=HYPERLINK(1)"), **MONEY)
    assert rows(client.get("/overview/flows.csv"))[0]["Donor"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize(("programmes", "events"), [(100, 0), (101, 1)])
def test_whoever_takes_much_along_is_on_record(client, world, tx, donor, programmes, events):
    for _number in range(programmes):
        world.programme(donor, countries=["SN"], **MONEY)
    answer = client.get("/overview/flows.csv")
    assert answer.mimetype == "text/csv"
    assert "counterpart-money-2026-11-23.csv" in answer.headers["Content-Disposition"]
    noted = tx.scalars(select(AuditEvent).where(AuditEvent.action == "export.made")).all()
    assert [event.details for event in noted] == [{"what": "money", "rows": 101}] * events


@pytest.fixture
def crowd(world):
    """Thirty donors, each with other themes and countries, and one of them with a hundred programmes in one State."""
    themes, codes = list(all_themes()), list(all_countries())
    for number in range(30):
        donor = world.organisation("donor", name=f"Donor of many words, the one with the number {number}")
        for step in range(3):
            about = {
                "themes": themes[number % 20 : number % 20 + 9],
                "countries": codes[number * step : number * step + 9],
            }
            world.programme(donor, budget_amount=Decimal(1000 + 97 * number * step), currency="EUR", **about)
    for number in range(60):
        world.programme(donor, title=f"One programme among many, by its number {number}", countries=["SN"])


@pytest.mark.parametrize("picture", ["map", "who", "who?theme=prisons", "flows", "timeline?country=SN"])
def test_a_picture_of_very_much_stays_light(client, crowd, picture):
    sent = client.get(f"/overview/{picture}", headers={"Accept-Encoding": "br"}, check=False)
    assert sent.headers["Content-Encoding"] == "br"
    assert len(sent.data) <= HEAVIEST


PICTURES = [
    "/overview/map", "/overview/map.csv", "/overview/who", "/overview/who.csv", "/overview/who?theme=prisons",
    "/overview/flows", "/overview/flows.csv", "/overview/flows?figures=reported", "/overview/timeline?country=SN",
    "/overview/timeline.csv?country=SN", "/overview/timeline?theme=prisons&by=theme",
]  # fmt: skip
WITHOUT_NONCE = re.compile(r"nonce=\"[^\"]+\"")


def plain(answer):
    return WITHOUT_NONCE.sub("", answer.text)


@pytest.mark.parametrize("path", PICTURES)
def test_a_hidden_record_changes_no_picture(client, world, tx, donor, path):
    """Whether it is there or not, the answer is the same, so that nothing can be found by subtraction."""
    about = {"themes": ["prisons"], "countries": ["SN"]}
    state = world.organisation()
    need = world.need(state, themes=["prisons"])
    programme = world.programme(donor, **about, **MONEY)
    course = world.course(world.organisation("centre"), themes=["prisons"], sessions=[{}])
    before = plain(client.get(path))
    hidden_need = world.need(state, themes=["prisons"], disclosure="members")
    hidden = world.programme(donor, iati_identifier="XX-9", disclosure="named", named=[state], **about, **MONEY)
    for parent in (programme, hidden):
        tx.add(ProgrammeLink(programme_id=parent.id, kind="5", identifier="XX-9"))
    world.course(course.organisation, themes=["prisons"], sessions=[{}], disclosure="own")
    for one, kw in ((need, {"disclosure": "own"}), (hidden_need, {})):
        line = {"need_line_id": one.lines[0].id, "amount": Decimal(10), "currency": "EUR"}
        world.pledge(one, donor, lines=[line], accepted_at=world.now, programme_id=hidden.id, **kw)
    tx.flush()
    assert plain(client.get(path)) == before


@pytest.mark.parametrize("path", PICTURES)
def test_whoever_may_see_it_sees_it(client, world, sign_in, donor, path):
    state = world.organisation()
    sign_in(client, world.account(state))
    before = plain(client.get(path))
    world.need(state, themes=["prisons"], disclosure="own")
    world.programme(donor, disclosure="named", named=[state], themes=["prisons"], countries=["SN"], **MONEY)
    assert plain(client.get(path)) != before


@pytest.mark.parametrize("path", PICTURES)
def test_every_picture_speaks_every_language(client, world, donor, path):
    world.need(world.organisation())
    world.programme(donor, themes=["prisons"], **MONEY)
    for language in ("fr", "ar"):
        assert client.get(path, headers={"Accept-Language": language}).status_code == 200
