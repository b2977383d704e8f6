from __future__ import annotations

import pytest

from app.needs.models import NeedText
from app.needs.wording import Said, other_languages, words_beside, words_in

OWN = NeedText(language="fr", title="Deux scanners", summary="Bref.", problem="Peu.", objectives="Plus.")
ENGLISH = NeedText(language="en", title="Two scanners", summary="", problem="Few.", objectives="")
PORTUGUESE = NeedText(language="pt", title="Dois scanners", summary="", problem="", objectives="")
OTHERS = [ENGLISH, PORTUGUESE]


def test_a_reader_sees_her_own_language_and_the_original_where_it_is_not_given():
    words = words_in(OWN, OTHERS, "en")
    assert (words.title, words.problem) == (Said("Two scanners", "en"), Said("Few.", "en"))
    assert (words.summary, words.objectives) == (Said("Bref.", "fr"), Said("Plus.", "fr"))


def test_who_reads_a_language_that_is_not_given_sees_the_original():
    assert words_in(OWN, OTHERS, "es").title == Said("Deux scanners", "fr")


def test_the_other_languages_begin_with_the_original():
    assert other_languages(OWN, OTHERS, "fr") == ["en", "pt"]
    assert other_languages(OWN, OTHERS, "pt") == ["fr", "en"]


@pytest.mark.parametrize("wanted", ["en", "es", "", "xx"])
def test_nothing_stands_beside_itself_or_beside_what_is_not_given(wanted):
    assert words_beside(OWN, OTHERS, "en", wanted) is None


def test_what_stands_beside_is_not_filled_up():
    beside = words_beside(OWN, OTHERS, "fr", "en")
    assert beside is not None
    assert (beside.title.text, beside.summary.text) == ("Two scanners", "")
