import re

import pytest

from app.help.glossary import BY_KEY, ENTRIES, alphabetical, definition_of
from tests.architecture.reading import ROOT, templates

ROW = re.compile(r"^\| ([a-z_]+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
USE = re.compile(r"\bterm\([^()]*(?:\([^()]*\))?[^()]*key='([a-z_]+)'")


def test_the_document_says_what_the_page_says():
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    documented = [row for row in ROW.findall(text) if row[0] != "key"]
    assert documented == [(e.key, str(e.term), str(e.definition)) for e in alphabetical("en")]


def test_each_word_has_one_entry_and_leads_to_others_that_exist():
    assert len(BY_KEY) == len(ENTRIES)
    assert {key for entry in ENTRIES for key in entry.see} <= set(BY_KEY)
    assert not [entry.key for entry in ENTRIES if entry.key in entry.see]


def test_the_order_is_that_of_the_readers_alphabet():
    assert [entry.key for entry in alphabetical("fr")] != [entry.key for entry in alphabetical("en")]
    assert next(iter(alphabetical("en"))).key == "account"


def test_a_word_that_is_not_there_has_no_definition():
    assert definition_of("pledge", "en").startswith("A promise")
    assert definition_of("pledge", "fr") != definition_of("pledge", "en")
    assert definition_of("blockchain", "en") is None


def test_every_word_that_a_page_explains_is_in_the_glossary():
    used = {key for text in templates().values() for key in USE.findall(text)}
    assert used <= set(BY_KEY), "a tooltip without words is no tooltip"
    assert {"pledge", "need", "match"} <= used


@pytest.mark.parametrize("key", BY_KEY)
def test_every_word_has_an_address(client, key):
    assert f'id="{key}"' in client.get("/glossary").text
