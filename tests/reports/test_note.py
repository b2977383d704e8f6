"""A need as a note verbale: in five languages, as PDF, Word and page, and never more than its reader may see."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import api
from pypdf import PdfReader

from app.foundation.languages import LANGUAGES
from app.reports.note.formulas import FORMULAS, sender_of
from app.reports.wording import page_words
from tests.read_aloud import assert_everything_is_told
from tests.reports.conftest import text_of, words_of_word


@pytest.fixture
def need(world):
    ministry = world.organisation(country="SN", name="Ministère de la Justice", language="fr")
    return world.need(
        ministry, language="fr", title="Renforcement du laboratoire de Dakar", problem="Le laboratoire manque de tout.",
        contact="Colonel Diouf, +221 33 000", budget_amount=120_000, currency="EUR",
        field_disclosure={"contact": "members", "budget": "members"},
    )  # fmt: skip


def test_the_note_is_in_the_language_of_the_need_whatever_the_reader_speaks(client, need):
    page = client.get(f"/needs/{need.ref}/note").text
    assert "Le Ministère de la Justice présente ses compliments aux Missions permanentes" in page
    assert "les assurances de sa très haute considération" in page


def test_the_pdf_says_what_the_page_says_and_numbers_its_pages(client, need):
    answer = client.get(f"/needs/{need.ref}/note.pdf")
    assert answer.mimetype == "application/pdf"
    pdf, words = PdfReader(BytesIO(answer.data)), text_of(answer.data)
    assert "présente ses compliments" in words
    assert need.title in words
    assert page_words("fr") % {"number": 1, "all": 1} in words
    assert pdf.trailer["/Root"]["/Lang"] == "fr"
    assert need.title in pdf.metadata.title
    assert_everything_is_told(answer.data)


def test_the_word_file_has_title_language_and_table_head(client, need):
    file = client.get(f"/needs/{need.ref}/note.docx").data
    opened = api.Document(BytesIO(file))
    assert "présente ses compliments" in words_of_word(file)
    assert (opened.core_properties.language, opened.core_properties.author) == ("fr", "Ministère de la Justice")
    assert b"w:tblHeader" in ZipFile(BytesIO(file)).read("word/document.xml")


def test_what_a_reader_may_not_see_is_in_no_form_of_the_note(client, sign_in, world, need):
    for path in ("note", "note.pdf", "note.docx"):
        body = client.get(f"/needs/{need.ref}/{path}").data
        words = {"note": bytes.decode, "note.pdf": text_of, "note.docx": words_of_word}[path](body)
        assert "Diouf" not in words
        assert "120" not in words
    sign_in(client, world.account(world.organisation("donor")))
    assert "Diouf" in text_of(client.get(f"/needs/{need.ref}/note.pdf").data)


def test_a_hidden_need_has_no_note(client, sign_in, world):
    hidden = world.need(world.organisation(country="SN"), disclosure="own")
    sign_in(client, world.account(world.organisation("donor")))
    for path in ("note", "note.pdf", "note.docx"):
        assert client.get(f"/needs/{hidden.ref}/{path}").status_code == 404


def test_only_its_own_people_get_a_place_for_the_seal(client, new_client, sign_in, world, need):
    assert "Copie pour information" in client.get(f"/needs/{need.ref}/note").text
    mine = new_client()
    sign_in(mine, world.account(need.organisation))
    page = mine.get(f"/needs/{need.ref}/note").text
    assert "Sceau" in page
    assert "Copie pour information" not in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.one_engine
def test_every_language_has_its_own_formulas(client, world, language):
    need = world.need(world.organisation(country="CV"), language=language, title="Zorvaquin")
    words = text_of(client.get(f"/needs/{need.ref}/note.pdf").data)
    assert "Zorvaquin" in words
    formulas = FORMULAS[language]
    page = client.get(f"/needs/{need.ref}/note").text
    assert formulas.closing % {"sender": sender_of(need.organisation.name, formulas)} in page.replace("&#39;", "'")


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("language", "name", "said"),
    [
        ("fr", "Direction générale de la Police", "La Direction générale de la Police"),
        ("fr", "Office central", "L’Office central"),
        ("fr", "CENTIF", "L’autorité requérante, CENTIF,"),
        ("es", "Fiscalía de la Nación", "La Fiscalía de la Nación"),
        ("pt", "Polícia Judiciária", "A Polícia Judiciária"),
        ("en", "GIABA", "The requesting authority, GIABA,"),
        ("ar", "وزارة العدل", "وزارة العدل"),
        ("ar", "مكتب المدعي العام", "السلطة الطالبة، مكتب المدعي العام،"),
    ],
)
def test_a_sender_is_named_with_the_article_that_its_name_wants(language, name, said):
    assert sender_of(name, FORMULAS[language]) == said
