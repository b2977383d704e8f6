from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from lxml import html as reader
from sqlalchemy import func, select

from app.foundation.audit import AuditEvent
from app.foundation.drafts import Draft
from app.foundation.filing.files import Attachment
from app.foundation.money import Money
from app.needs import service
from app.needs.models import Need
from tests.documents import pdf
from tests.needs.drafts import DRAFT

WHOLE = {
    "language": "fr",
    "title": "Deux scanners pour le port de Dakar",
    "summary": "Un conteneur sur vingt pourrait être contrôlé.",
    "themes": ["maritime_interdiction", "precursor_control"],
    "countries": ["SN"],
    "place": "Môle 8",
    "problem": "En 2025, un conteneur sur deux cents a été ouvert.",
    "beneficiary_unit": "Brigade portuaire",
    "beneficiaries": "1 200",
    "beneficiaries_women": "400",
    "lines-0-kind": "training",
    "lines-0-quantity": "40",
    "lines-0-unit": "officers",
    "lines-0-description": "Fouille de conteneurs",
    "lines-0-ends_on": "30/06/2027",
    "lines-0-cost_amount": "48 000,50",
    "lines-0-currency": "eur",
    "budget_amount": "358000",
    "currency": "EUR",
    "ends_on": "2028-12-31",
    "delivery_languages": ["fr"],
    "indicators-0-name": "Part des conteneurs ouverts",
    "indicators-0-target": "5",
    "contact": "cooperation@ocrtis.example",
    "disclosure": "public",
    "restricted_fields": ["contact", "budget"],
}


@pytest.fixture
def state(world):
    return world.organisation()


@pytest.fixture
def account(world, state):
    return world.account(state)


@pytest.fixture
def author(client, sign_in, account):
    sign_in(client, account)
    return client


@pytest.fixture
def need(tx, world, state, account, now):
    need = service.post_need(tx, world.actor(account), state.id, DRAFT, now)
    tx.flush()
    return need


@pytest.fixture
def donor(new_client, sign_in, world):
    browser = new_client()
    sign_in(browser, world.account(world.organisation("donor")))
    return browser


def words(response):
    page = reader.fromstring(response.get_data(as_text=True))
    return re.sub(r"\s+", " ", page.text_content())


def needs(tx):
    tx.expire_all()
    return list(tx.scalars(select(Need)))


# --- posting ---


def test_a_whole_need_is_posted_and_shown(author, tx, state):
    response = author.submit("/needs/new", WHOLE)
    assert response.status_code == 303, words(response)
    (need,) = needs(tx)
    assert response.location == f"/needs/{need.ref}"
    assert (need.organisation_id, need.status, need.title) == (state.id, "posted", WHOLE["title"])
    assert (need.beneficiaries, need.beneficiaries_women, need.beneficiaries_men) == (1200, 400, None)
    assert need.lines[0].cost == Money(Decimal("48000.50"), "EUR")
    assert need.field_disclosure == {"contact": "members", "budget": "members"}
    assert need.purpose_code == "16063"
    page = words(author.get(response.location))
    for told in (
        "Your need is posted",
        WHOLE["title"],
        "Fouille de conteneurs",
        "40 officers",
        "358,000 EUR",
        "Môle 8",
    ):
        assert told in page


def test_every_wrong_field_is_named_at_the_top_and_at_the_field_and_nothing_is_lost(author, tx):
    wrong = WHOLE | {
        "title": "",
        "themes": [],
        "problem": "x" * 2_000_000,
        "beneficiaries": "-3",
        "beneficiaries_women": "forty",
        "lines-0-quantity": "-5",
        "lines-0-currency": "XYZ",
        "currency": "",
        "starts_on": "1066-10-14",
        "ends_on": "some day",
        "restricted_fields": [],
    }
    response = author.submit("/needs/new", wrong)
    assert response.status_code == 422
    page = reader.fromstring(response.get_data(as_text=True))
    summary = {link.get("href"): link.text for link in page.xpath("//*[@data-error-summary]//a")}
    expected = {
        "#title": "Give a title",
        "#themes": "at least one theme",
        "#problem": "2000000 characters long; shorten it to 20000",
        "#beneficiaries": "cannot be less than zero",
        "#beneficiaries_women": "whole number",
        "#lines-0-quantity": "What you ask for 1, How many: This cannot be less than zero",
        "#lines-0-currency": "“XYZ” is not a currency",
        "#currency": "Give the currency",
        "#starts_on": "The year 1066 cannot be right",
        "#ends_on": "Type a day like 2027-03-31",
    }
    assert {key: text for key, text in summary.items() if expected.get(key, "?") not in text} == {}
    assert set(summary) == set(expected)
    for target in expected:
        (control,) = page.xpath(f"//*[@id='{target[1:]}']")
        assert page.xpath(f"//*[@id='{target[1:]}-error']"), target
        assert control.get("aria-describedby") or control.xpath("ancestor::fieldset/@aria-describedby")
    typed = author_values(page)
    for name in (
        "beneficiaries",
        "beneficiaries_women",
        "lines-0-quantity",
        "lines-0-currency",
        "starts_on",
        "ends_on",
    ):
        assert typed[name] == [wrong[name]], name
    assert len(typed["problem"][0].strip()) == 2_000_000
    assert typed["lines-0-description"][0].strip() == WHOLE["lines-0-description"]
    assert needs(tx) == []


def author_values(page):
    values: dict[str, list[str]] = {}
    for name, value in page.get_element_by_id("need-form").form_values():
        values.setdefault(name, []).append(value)
    return values


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"starts_on": "2029-01-01"}, "ends_on", "before the start"),
        ({"ends_on": "2026-11-22"}, "ends_on", "has passed"),
        ({"offers_due_on": "2029-01-01"}, "offers_due_on", "after the help is needed"),
        ({"beneficiaries": "10"}, "beneficiaries", "more than the total"),
        ({"disclosure": "named"}, "named", "Name at least one organisation"),
        ({"lines-0-kind": "", "lines-0-unit": ""}, "lines-0-kind", "what kind of help"),
        ({"lines-0-starts_on": "2028-01-01"}, "lines-0-ends_on", "before the start of the line"),
        ({"lines-0-quantity": "0"}, "lines-0-quantity", "greater than zero"),
        ({"indicators-0-name": ""}, "indicators-0-name", "Name what is counted"),
        ({"title": "a\nb"}, "title", "one line"),
        ({"countries": []}, "countries", "Choose the country"),
    ],
)
def test_what_does_not_fit_together_is_said_at_the_field(author, tx, change, field, message):
    response = author.submit("/needs/new", WHOLE | change)
    assert response.status_code == 422
    page = reader.fromstring(response.get_data(as_text=True))
    assert message in page.get_element_by_id(f"{field}-error").text_content()
    assert message in page.xpath(f"//*[@data-error-summary]//a[@href='#{field}']")[0].text
    assert needs(tx) == []


def test_a_need_without_any_line_is_not_posted(author):
    empty = {key: "" for key in WHOLE if key.startswith("lines-")}
    response = author.submit("/needs/new", WHOLE | empty)
    assert response.status_code == 422
    assert "Add at least one line" in words(response)


def test_empty_rows_are_ignored(author, tx):
    more = dict.fromkeys(("lines-1-kind", "lines-1-quantity", "indicators-0-name", "indicators-0-target"), "")
    assert author.submit("/needs/new", WHOLE | more).status_code == 303
    (need,) = needs(tx)
    assert (len(need.lines), len(need.indicators)) == (1, 0)


def test_rows_are_added_and_removed_without_javascript(author, tx):
    response = author.submit("/needs/new", WHOLE | {"add-row": "lines"})
    assert response.status_code == 200
    page = reader.fromstring(response.get_data(as_text=True))
    assert "There is a problem" not in page.text_content()
    values = author_values(page)
    assert values["lines-0-description"][0].strip() == "Fouille de conteneurs"
    assert "lines-1-kind" in values
    values |= {"remove-row": ["lines-0"]}
    page = reader.fromstring(author.post("/needs/new", data=values).get_data(as_text=True))
    left = author_values(page)
    assert "Fouille de conteneurs" not in {text.strip() for text in left.get("lines-0-description", [])}
    assert needs(tx) == []


def test_the_last_row_can_be_removed_after_a_middle_one(author, tx):
    rows = {f"lines-{n}-description": f"Ligne {n}" for n in range(3)}
    page = reader.fromstring(
        author.submit("/needs/new", WHOLE | rows | {"remove-row": "lines-1"}).get_data(as_text=True)
    )
    last = page.xpath("//button[@name='remove-row'][not(ancestor::template)]/@value")[1]
    response = author.post("/needs/new", data=author_values(page) | {"remove-row": [last]})
    assert response.status_code == 200
    left = author_values(reader.fromstring(response.get_data(as_text=True)))
    texts = [texts[0].strip() for name, texts in left.items() if re.fullmatch(r"lines-\d+-description", name)]
    assert [text for text in texts if text] == ["Ligne 0"]
    assert needs(tx) == []


def test_a_double_click_posts_one_need(author, tx):
    fields = author.form("/needs/new", "need-form") | {
        name: value if isinstance(value, list) else [value] for name, value in WHOLE.items()
    }
    first, second = (author.post("/needs/new", data=fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(needs(tx)) == 1
    assert tx.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "need.posted")) == 1


def test_a_reader_without_the_right_is_sent_to_sign_in_or_refused(client, donor):
    assert client.get("/needs/new").location.startswith("/sign-in")
    assert donor.get("/needs/new").status_code == 403


def test_an_organisation_that_is_not_verified_writes_drafts_and_posts_nothing(client, sign_in, world, tx):
    sign_in(client, world.account(world.organisation(status="applied")))
    page = client.get("/needs/new")
    assert "not verified yet" in words(page)
    assert "Post this need" not in words(page)
    assert client.submit("/needs/new", WHOLE).status_code == 403
    assert client.submit("/needs/new", WHOLE | {"keep": "1"}).status_code == 303
    assert needs(tx) == []
    assert tx.scalar(select(Draft.title)) == WHOLE["title"]


def test_who_acts_for_several_organisations_chooses_one(client, sign_in, world, tx, state, account):
    regional = world.organisation("regional")
    world.membership(account, regional)
    sign_in(client, account)
    assert client.submit("/needs/new", WHOLE | {"organisation": "O-WRNG-REF2"}).status_code == 422
    assert client.submit("/needs/new", WHOLE | {"organisation": regional.ref}).status_code == 303
    assert [need.organisation_id for need in needs(tx)] == [regional.id]


# --- drafts and the coach ---


def test_a_draft_is_kept_word_for_word_and_taken_up_again(author, tx):
    fields = author.form("/needs/new", "need-form")
    typed = fields | {"title": ["Deux scan"], "ends_on": ["next ye"], "lines-4-quantity": ["many"]}
    assert author.post("/needs/draft", data=typed).status_code == 204
    key = fields["form_key"][0]
    page = reader.fromstring(author.get(f"/needs/new?draft={key}").get_data(as_text=True))
    values = author_values(page)
    assert (values["form_key"], values["title"], values["ends_on"]) == ([key], ["Deux scan"], ["next ye"])
    assert ["many"] in values.values()
    assert "There is a problem" not in page.text_content()


def test_posting_ends_the_draft(author, tx):
    fields = author.form("/needs/new", "need-form")
    author.post("/needs/draft", data=fields)
    author.submit("/needs/new", WHOLE | {"form_key": fields["form_key"]})
    assert tx.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_draft_belongs_to_one_person(author, donor, world, new_client, sign_in, state):
    fields = author.form("/needs/new", "need-form") | {"title": ["Confidentiel"]}
    author.post("/needs/draft", data=fields)
    colleague = new_client()
    sign_in(colleague, world.account(state))
    assert "Confidentiel" not in colleague.get(f"/needs/new?draft={fields['form_key'][0]}").get_data(as_text=True)


def test_a_draft_that_is_too_large_is_refused_in_words(author):
    fields = author.form("/needs/new", "need-form") | {"problem": ["x" * 500_000]}
    response = author.post("/needs/draft", data=fields)
    assert response.status_code == 413
    assert "too much text" in response.get_data(as_text=True)
    kept = author.post("/needs/new", data=fields | {"keep": ["1"]})
    assert kept.status_code == 413
    assert "too much text" in words(kept)


def test_a_draft_is_thrown_away(author, tx):
    fields = author.form("/needs/new", "need-form")
    author.post("/needs/draft", data=fields)
    response = author.post("/needs/draft/drop", data={"form_key": fields["form_key"], "next": "https://evil.example/"})
    assert response.location == "/needs"
    assert tx.scalar(select(func.count()).select_from(Draft)) == 0


def test_the_coach_answers_with_a_part_of_a_page(author):
    empty = author.post("/needs/coach", data={"language": "en"})
    assert "0 of 10" in empty.get_data(as_text=True)
    told = author.post("/needs/coach", data=WHOLE | {"problem": "renforcement des capacités", "lines-0-quantity": "??"})
    assert "<html" not in told.get_data(as_text=True)
    assert "“renforcement des capacités” can mean anything" in told.get_data(as_text=True)


# --- several languages ---

ENGLISH = {
    "other_texts-0-language": "en",
    "other_texts-0-title": "Two scanners for the port of Dakar",
    "other_texts-0-problem": "In 2025 one container in two hundred was opened.",
}


def with_languages(*rows):
    """A whole need with texts in further languages: (language, title) each."""
    typed = dict(WHOLE)
    for at, (language, title) in enumerate(rows):
        typed |= {f"other_texts-{at}-language": language, f"other_texts-{at}-title": title}
    return typed


def post_as_typed(browser, typed):
    """Send the form with rows that it did not have when it was opened, as the buttons for another row would make."""
    return browser.post("/needs/new", data=browser.form("/needs/new", "need-form") | typed)


def test_a_need_is_given_in_two_languages_and_each_reader_sees_hers(author, new_client, tx):
    blank = {f"other_texts-1-{part}": "" for part in ("language", "title", "summary", "problem", "objectives")}
    response = post_as_typed(author, WHOLE | ENGLISH | blank)
    assert response.status_code == 303, words(response)
    (need,) = needs(tx)
    assert [(text.language, text.title) for text in need.other_texts] == [("en", ENGLISH["other_texts-0-title"])]
    english = reader.fromstring(new_client().get(f"/needs/{need.ref}").get_data(as_text=True))
    assert english.xpath("//h1/span/@lang") == ["en"]
    assert ENGLISH["other_texts-0-problem"] in english.text_content()
    assert WHOLE["problem"] not in english.text_content()
    # What is not given in English is shown as it was written, and says so.
    assert english.xpath("//*[@class='lead'][@lang='fr']")
    assert "Also in" in english.text_content()
    french = new_client()
    french.set_cookie("language", "fr")
    page = reader.fromstring(french.get(f"/needs/{need.ref}").get_data(as_text=True))
    assert page.xpath("//h1/span/@lang") == ["fr"]
    assert WHOLE["problem"] in page.text_content()
    cards = reader.fromstring(new_client().get("/needs").get_data(as_text=True))
    assert cards.xpath("//article//*[@lang='en']//a/text()") == [ENGLISH["other_texts-0-title"]]


def test_two_languages_stand_side_by_side_each_with_its_mark(author, client, tx):
    post_as_typed(author, WHOLE | ENGLISH)
    (need,) = needs(tx)
    page = reader.fromstring(client.get(f"/needs/{need.ref}?beside=fr").get_data(as_text=True))
    assert page.xpath("//*[@id='beside']//h3/@lang") == ["en", "fr"]
    assert page.xpath("//*[@id='beside']//h3/text()") == [ENGLISH["other_texts-0-title"], WHOLE["title"]]
    for nonsense in ("en", "ar", "../x", "%00"):
        assert not reader.fromstring(client.get(f"/needs/{need.ref}?beside={nonsense}").get_data(as_text=True)).xpath(
            "//*[@id='beside']"
        )


@pytest.mark.parametrize(
    ("rows", "field", "message"),
    [
        ([("en", "")], "other_texts-0-title", "Give the title in this language"),
        ([("", "Two scanners")], "other_texts-0-language", "Choose the language of these words"),
        ([("fr", "Deux scanners")], "other_texts-0-language", "written in this language"),
        ([("en", "Two"), ("en", "Two")], "other_texts-1-language", "given twice"),
        ([("xx", "Two")], "other_texts-0-language", "Choose one of the list."),
    ],
)
def test_a_wrong_language_is_named_where_it_stands_and_nothing_is_lost(author, tx, rows, field, message):
    response = post_as_typed(author, with_languages(*rows))
    assert response.status_code == 422
    page = reader.fromstring(response.get_data(as_text=True))
    (link,) = page.xpath(f"//*[@data-error-summary]//a[@href='#{field}']")
    assert message in link.text
    assert message in page.xpath(f"//*[@id='{field}-error']")[0].text_content()
    assert [page.xpath(f"//*[@id='other_texts-{at}-title']/@value") for at in range(len(rows))] == [
        [title] for _language, title in rows
    ]
    assert needs(tx) == []


def test_a_language_is_added_and_removed_without_javascript(author):
    # A browser sends nothing of a template, which the reader of HTML here does not know.
    fields = {
        name: value for name, value in author.form("/needs/new", "need-form").items() if "other_texts" not in name
    }
    more = reader.fromstring(author.post("/needs/new", data=fields | {"add-row": "other_texts"}).get_data(as_text=True))
    assert more.xpath("//form//*[not(ancestor::template)]/@name[.='other_texts-0-title']")
    sent = {name: value for name, value in author_values(more).items() if not name.startswith("other_texts-1")}
    fewer = author.post("/needs/new", data=sent | {"remove-row": "other_texts-0"})
    left = reader.fromstring(fewer.get_data(as_text=True))
    assert not left.xpath("//form//*[not(ancestor::template)]/@name[.='other_texts-0-title']")


def test_a_language_is_amended_told_in_the_history_and_taken_out(author, tx):
    post_as_typed(author, WHOLE | ENGLISH)
    (need,) = needs(tx)
    path = f"/needs/{need.ref}/amend"
    assert (
        author.submit(
            path, {"other_texts-0-title": "Three scanners for the port of Dakar"}, form_id="need-form"
        ).status_code
        == 303
    )
    history = reader.fromstring(author.get(f"/needs/{need.ref}/history").get_data(as_text=True))
    assert "Title (English)" in history.text_content()
    assert [mark.text_content().split()[-1] for mark in history.xpath("//*[@lang='en']/del")] == ["Two"]
    author.submit(path, {f"other_texts-0-{part}": "" for part in ("language", "title", "problem")}, form_id="need-form")
    (need,) = needs(tx)
    assert need.other_texts == []


def test_two_editors_see_where_their_languages_differ(author, tx, world, state, new_client, sign_in):
    post_as_typed(author, WHOLE | ENGLISH)
    (need,) = needs(tx)
    path = f"/needs/{need.ref}/amend"
    mine = author.form(path, "need-form") | {"other_texts-0-title": ["Mine"]}
    colleague = new_client()
    sign_in(colleague, world.account(state))
    colleague.submit(path, {"other_texts-0-title": "Theirs"}, form_id="need-form")
    response = author.post(path, data=mine)
    assert response.status_code == 409
    (row,) = reader.fromstring(response.get_data(as_text=True)).xpath("//table//tbody/tr")
    assert [cell.text_content().strip() for cell in row] == ["Title (English)", "Mine", "Theirs"]


# --- the sections of the form ---


def states(page):
    tasks = reader.fromstring(page.get_data(as_text=True)).xpath("//nav[@data-tasks]//a")
    return {task.get("href"): task.get("data-state") for task in tasks}


def test_the_list_of_sections_says_how_far_each_is(author):
    fresh = states(author.get("/needs/new"))
    assert [fresh[f"#section-{part}"] for part in ("what", "problem", "lines", "knowing")] == [
        "to_do", "to_do", "to_do", "optional",
    ]  # fmt: skip
    wrong = author.submit("/needs/new", WHOLE | {"problem": "", "lines-0-quantity": "-5"})
    told = states(wrong)
    assert [told[f"#section-{part}"] for part in ("what", "problem", "lines", "knowing", "context")] == [
        "complete", "errors", "errors", "complete", "optional",
    ]  # fmt: skip


def test_every_section_of_the_list_is_on_the_page_under_that_title(author):
    page = reader.fromstring(author.get("/needs/new").get_data(as_text=True))
    for link in page.xpath("//nav[@data-tasks]//a"):
        (heading,) = page.xpath(f"//section[@id='{link.get('href')[1:]}']//h2")
        assert heading.text == link.xpath("./*[@class='tasks__title']")[0].text


# --- amending ---


def test_amending_keeps_what_was_not_touched(author, need, tx):
    response = author.submit(f"/needs/{need.ref}/amend", {"title": "Trois scanners"}, form_id="need-form")
    assert response.status_code == 303, words(response)
    before = [line.ref for line in need.lines]
    tx.expire_all()
    assert (need.title, need.version, need.problem) == ("Trois scanners", 2, DRAFT.problem)
    assert [line.ref for line in need.lines] == before
    assert str(need.lines[1].cost_amount) == "310000"
    assert need.field_disclosure == {"contact": "members"}


def test_two_editors_see_both_texts_and_the_second_can_go_on(author, need, tx, world, state, new_client, sign_in):
    colleague = new_client()
    sign_in(colleague, world.account(state))
    path = f"/needs/{need.ref}/amend"
    mine = author.form(path, "need-form") | {"title": ["Mon titre à moi"]}
    assert colleague.submit(path, {"title": "Leur titre", "place": "Thiès"}, form_id="need-form").status_code == 303
    response = author.post(path, data=mine)
    assert response.status_code == 409
    page = reader.fromstring(response.get_data(as_text=True))
    rows = [
        [re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row] for row in page.xpath("//table//tbody/tr")
    ]
    assert rows == [["Title", "Mon titre à moi", "Leur titre"], ["Place", "–", "Thiès"]]
    again = author_values(page)
    assert (again["title"], again["version"]) == (["Mon titre à moi"], ["2"])
    tx.expire_all()
    assert need.title == "Leur titre"
    assert author.post(path, data=again).status_code == 303
    tx.expire_all()
    assert need.title == "Mon titre à moi"


def test_a_line_with_a_pledge_is_put_back(author, need, world):
    world.pledge(need, world.organisation("donor"))
    fields = author.form(f"/needs/{need.ref}/amend", "need-form")
    left = {name: value for name, value in fields.items() if not name.startswith("lines-0-")}
    response = author.post(f"/needs/{need.ref}/amend", data=left)
    assert response.status_code == 422
    assert "pledged against cannot be left out" in words(response)


def test_an_ended_need_is_not_amended_and_the_text_stays(author, need, world, account, now, tx):
    fields = author.form(f"/needs/{need.ref}/amend", "need-form") | {"title": ["Trop tard"]}
    service.end_need(tx, world.actor(account), need, "closed", "Financé.", now)
    tx.flush()
    assert author.get(f"/needs/{need.ref}/amend").status_code == 303
    response = author.post(f"/needs/{need.ref}/amend", data=fields)
    assert response.status_code == 409
    assert author_values(reader.fromstring(response.get_data(as_text=True)))["title"] == ["Trop tard"]


def test_a_stranger_neither_amends_nor_ends(donor, need):
    for path in ("amend", "end", f"indicators/{need.indicators[0].ref}/results/new"):
        assert donor.get(f"/needs/{need.ref}/{path}").status_code == 403
    assert donor.post(f"/needs/{need.ref}/confirm").status_code == 403


# --- reading ---


def test_what_one_may_not_see_does_not_exist(client, donor, author, world, state):
    hidden = world.need(state, title="Rien que pour nous", disclosure="own")
    for path in ("", "/history", "/amend", "/end", "/files/F-2222-2222", "/indicators/NI-2222-2222/results/new"):
        assert donor.get(f"/needs/{hidden.ref}{path}").status_code == 404
    for browser in (client, donor):
        page = browser.get("/needs")
        assert ("Rien que pour nous" in words(page)) is (browser is client)
    assert author.get(f"/needs/{hidden.ref}").status_code == 200


def test_restricted_parts_are_named_and_not_shown(new_client, donor, tx, need, world):
    visitor = new_client()
    page = words(visitor.get(f"/needs/{need.ref}"))
    assert DRAFT.contact not in page
    assert "Shown to verified organisations" in page
    assert "Sign in to pledge" in page
    assert DRAFT.contact in words(donor.get(f"/needs/{need.ref}"))


def test_a_hidden_budget_hides_the_costs_of_the_lines(new_client, donor, need, tx):
    need.field_disclosure = {"budget": "members"}
    tx.flush()
    assert "310,000" not in words(new_client().get(f"/needs/{need.ref}"))
    assert "310,000" in words(donor.get(f"/needs/{need.ref}"))


def test_each_reader_is_offered_what_they_can_do(author, donor, new_client, need):
    def offered(browser):
        page = reader.fromstring(browser.get(f"/needs/{need.ref}").get_data(as_text=True))
        (actions,) = page.xpath("//main//header/following-sibling::div[@class='actions']")
        return " ".join(" ".join(actions.itertext()).split())

    assert offered(author) == "Amend It still stands Close or withdraw"
    assert offered(donor) == "Pledge See what could meet it Record a lesson"
    assert offered(new_client()) == "Sign in to pledge See what could meet it See what changed"


def test_a_reference_can_be_typed_in_small_letters(client, need):
    assert client.get(f"/needs/{need.ref.lower()}").status_code == 200


def test_the_text_says_its_language(client, need):
    page = reader.fromstring(client.get(f"/needs/{need.ref}").get_data(as_text=True))
    assert page.xpath("//h1/span/@lang") == ["fr"]


def test_script_in_a_text_stays_text(author, tx, client):
    author.submit("/needs/new", WHOLE | {"title": "<script>alert(1)</script>", "problem": "</textarea><b>x</b>"})
    (need,) = needs(tx)
    for path in (f"/needs/{need.ref}", f"/needs/{need.ref}/amend", f"/needs/{need.ref}/history", "/needs"):
        assert "<script>alert" not in author.get(path).get_data(as_text=True)


def test_a_stale_need_says_so(client, need, clock):
    assert "Not confirmed lately" not in words(client.get(f"/needs/{need.ref}"))
    clock.move(days=200)
    assert "has not answered yet" in words(client.get(f"/needs/{need.ref}"))


def test_history_marks_what_went_and_what_came(author, need):
    author.submit(f"/needs/{need.ref}/amend", {"title": "Trois scanners pour le port de Dakar"}, form_id="need-form")
    page = reader.fromstring(author.get(f"/needs/{need.ref}/history").get_data(as_text=True))
    assert [mark.text_content().split()[-1] for mark in page.xpath("//del | //ins")] == ["Deux", "Trois"]


def test_a_look_of_the_office_at_a_named_need_is_on_record_once(app, client, sign_in, world, state, need, tx):
    named = world.need(state, named=[world.organisation("donor")])
    sign_in(client, world.account(world.organisation("secretariat")))
    # Our own client refuses pages that write while one only looks; this is the one that has to.
    app.test_client_class = FlaskClient
    office = app.test_client()
    office.set_cookie("counterpart", client.get_cookie("counterpart").value)
    tx.flush()
    for ref in (named.ref, need.ref):
        assert office.get(f"/needs/{ref}").status_code == 200
    tx.expire_all()
    looks = tx.scalars(select(AuditEvent.record_ref).where(AuditEvent.action == "need.looked"))
    assert list(looks) == [named.ref]


def test_the_list_is_filtered_and_paged(client, world, state):
    for number in range(21):
        world.need(state, title=f"Besoin {number}")
    world.need(state, title="Frontière", themes=["border_control"])
    assert "22 needs" in words(client.get("/needs"))
    assert "1 need" in words(client.get("/needs?theme=border_control"))
    assert "21–22 of 22" in words(client.get("/needs?page=2"))
    assert client.get("/needs?page=99999").status_code == 200
    assert "No need fits these filters" in words(client.get("/needs?country=GH"))


def test_a_list_keeps_its_filters_in_its_address_and_each_can_be_taken_away(client, world, state):
    for number in range(21):
        world.need(state, title=f"Besoin {number}", themes=["border_control"], offers_due_on=None)
    asked = "/needs?theme=border_control&country=SN&status=posted&q=besoin&sort=deadline&size=50"
    page = reader.fromstring(client.get(asked).get_data(as_text=True))
    assert len(page.xpath("//article")) == 21
    chips = [chip.get("href") for chip in page.xpath("//a[@class='chip']")]
    assert chips == [
        "/needs?status=posted&country=SN&theme=border_control&sort=deadline&size=50",
        "/needs?country=SN&theme=border_control&q=besoin&sort=deadline&size=50",
        "/needs?status=posted&theme=border_control&q=besoin&sort=deadline&size=50",
        "/needs?status=posted&country=SN&q=besoin&sort=deadline&size=50",
    ]
    assert page.xpath("//select[@name='sort']/option[@selected]/@value") == ["deadline"]
    assert page.xpath("//select[@name='size']/option[@selected]/text()") == ["50"]


def test_an_address_that_asks_nonsense_gives_the_plain_list(client, need):
    for nonsense in ("sort=price", "size=9999", "size=-1", "status=draft", "theme=nothing%27", "page=0", "q=%00"):
        assert client.get(f"/needs?{nonsense}").status_code == 200


def test_a_card_shows_how_far_the_need_is_covered(client, world, need):
    world.pledge(
        need,
        world.organisation("donor"),
        accepted_at=need.posted_at,
        lines=[{"need_line_id": need.lines[0].id, "quantity": Decimal(40)}],
    )
    (card,) = reader.fromstring(client.get("/needs").get_data(as_text=True)).xpath("//article")
    assert "1 of 2 lines covered" in card.text_content()


def test_the_lines_stand_in_one_table_with_a_bar_each(client, need):
    page = reader.fromstring(client.get(f"/needs/{need.ref}").get_data(as_text=True))
    tables = [table for table in page.xpath("//table") if "Fouille de conteneurs" in table.text_content()]
    assert len(tables) == 1
    assert len(tables[0].xpath(".//tbody/tr//*[contains(@class, 'ledger__bar')]")) == len(need.lines)
    assert "310,000" in tables[0].text_content()


def test_an_empty_list_says_what_will_be_there(client):
    assert "no open need that you may see" in words(client.get("/needs"))


# --- files ---


def test_files_are_attached_downloaded_and_taken_off(author, donor, tx):
    annex = pdf("annexe")
    data = WHOLE | {"files": (BytesIO(annex), "../Termes de référence.pdf"), "restricted_fields": ["files"]}
    fields = author.form("/needs/new", "need-form") | data
    response = author.post("/needs/new", data=fields, content_type="multipart/form-data")
    assert response.status_code == 303
    (need,) = needs(tx)
    (file,) = tx.scalars(select(Attachment))
    assert (file.name, file.size, file.record_ref) == ("Termes de référence.pdf", len(annex), need.ref)
    path = f"/needs/{need.ref}/files/{file.ref}"
    with donor.get(path) as download:
        assert download.data == annex
    assert download.headers["Content-Disposition"].startswith("attachment;")
    assert download.headers["Content-Security-Policy"].startswith("sandbox")
    assert download.headers["X-Content-Type-Options"] == "nosniff"
    assert author.application.test_client().get(path).status_code == 404
    author.submit(f"/needs/{need.ref}/amend", {"unwanted_files": file.ref}, form_id="need-form")
    assert author.get(path).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("a.exe", b"MZ", "cannot be taken"), ("a.pdf", b"", "is empty"), ("a.pdf", b"MZ", "it is not what its name says")],
)
def test_a_file_that_is_not_taken_is_named(author, tx, name, content, message):
    fields = author.form("/needs/new", "need-form") | WHOLE | {"files": (BytesIO(content), name)}
    response = author.post("/needs/new", data=fields, content_type="multipart/form-data")
    assert response.status_code == 422
    assert f"“{name}” " in words(response)
    assert message in words(response)
    assert "Choose them again below" in words(response)
    assert needs(tx) == []


# --- afterwards ---


def test_closing_asks_for_a_reason_and_then_shows_it(author, client, need, tx):
    path = f"/needs/{need.ref}/end"
    response = author.submit(path, {"status": "closed", "status_reason": " "}, form_id="end-form")
    assert response.status_code == 422
    assert "Say why in a sentence" in words(response)
    assert author.submit(path, {"status": "closed", "status_reason": "Financé par Nordland."}).status_code == 303
    tx.expire_all()
    assert need.status == "closed"
    assert "Financé par Nordland." in words(client.get(f"/needs/{need.ref}"))
    assert author.get(path).status_code == 303
    assert author.post(f"/needs/{need.ref}/confirm").status_code == 303


def test_confirming_is_one_click(client, sign_in, account, need, tx, clock):
    clock.move(days=2)
    sign_in(client, account)
    assert client.post(f"/needs/{need.ref}/confirm").status_code == 303
    tx.expire_all()
    assert need.verify_by.isoformat() == "2027-05-24"


def test_a_result_is_recorded_and_shown(author, client, need):
    path = f"/needs/{need.ref}/indicators/{need.indicators[0].ref}/results/new"
    wrong = author.submit(path, {"actual": "", "measured_on": "2027-01-01"}, form_id="result-form")
    assert wrong.status_code == 422
    assert "Give the value" in words(wrong)
    assert "has not come yet" in words(wrong)
    right = {"actual": "1,2", "measured_on": "1/11/2026", "evidence": "Registre du port"}
    assert author.submit(path, right, form_id="result-form").status_code == 303
    page = words(client.get(f"/needs/{need.ref}"))
    assert "1,2" in page
    assert "Registre du port" in page


def test_closing_asks_first_for_results_and_for_what_others_may_use(client, world, sign_in):
    state = world.organisation("state")
    need = world.need(state, indicators=[{"name": "Dossiers suivis"}])
    sign_in(client, world.account(state))
    page = client.get(f"/needs/{need.ref}/end").text
    assert f"/needs/{need.ref}/indicators/{need.indicators[0].ref}/results/new" in page
    assert f"/outputs/new?need={need.ref}" in page
