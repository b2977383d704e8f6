"""The check of the catalogues itself: it finds the sentences, and what is wrong with their translations."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from tests import words


@pytest.fixture
def found():
    catalogue = Catalog()
    catalogue.add("%(count)s seats", flags=["python-format"])
    return catalogue


def french(text, flags=("python-format",)):
    catalogue = Catalog(locale="fr")
    if text is not None:
        catalogue.add("%(count)s seats", text, flags=flags)
    return catalogue


def test_sentences_of_code_and_pages_are_found():
    sentences = words.gather()
    assert "There is a problem" in sentences, "a page's"
    assert "Type a day like 2027-03-31 or 31/03/2027." in sentences, "the code's"


def test_a_translation_is_enough(found):
    assert words.missing(found, french("%(count)s places")) == []


@pytest.mark.parametrize(
    ("text", "flags"),
    [(None, ()), ("", ()), ("%(count)s places", ("python-format", "fuzzy")), ("%(number)s places", ("python-format",))],
)
def test_what_is_missing_or_does_not_fit_is_found(found, text, flags):
    assert len(words.missing(found, french(text, flags))) == 1
