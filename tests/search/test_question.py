"""What is typed into the box is taken apart in one way, whatever it is."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.question import LONGEST_QUESTION, NAMES, PREFIXES, days_of, parse

TYPED = st.text(alphabet=st.sampled_from("ab :\"«»“”'0-é\u0646\u00a0\n") | st.characters(), max_size=400)


def clauses(text: str) -> list[tuple[str, str]]:
    return [(part.facet, part.value) for part in parse(text).clauses]


def test_prefixes_phrases_and_words_are_told_apart() -> None:
    question = parse('judges country:SN "chain of custody" theme:prisons after:2025-01 training')
    assert question.words == "judges training"
    assert question.phrases == ("chain of custody",)
    assert [(part.facet, part.value) for part in question.clauses] == [
        ("country", "SN"), ("theme", "prisons"), ("after", "2025-01"),
    ]  # fmt: skip
    assert question.plain == "judges chain of custody training"
    assert question.without(question.clauses) == 'judges "chain of custody" training'


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('country:"Côte d’Ivoire"', [("country", "Côte d’Ivoire")]),
        ("pays : « Côte d’Ivoire »", [("country", "Côte d’Ivoire")]),
        ("País:Brasil", [("country", "Brasil")]),
        ("thème:prisons", [("theme", "prisons")]),
        ("COUNTRY:sn", [("country", "sn")]),
        ("año:2027", [("year", "2027")]),
        ("بلد:السنغال", [("country", "السنغال")]),
        ("country:“Cabo Verde” ports", [("country", "Cabo Verde")]),
        ("country:", []),
        ('country:""', []),
        ("note: this", []),
        ("mycountry:SN", []),
        ("https://example.org", []),
    ],
)
def test_prefixes_as_people_type_them(text: str, found: list[tuple[str, str]]) -> None:
    assert clauses(text) == found


def test_what_is_no_prefix_stays_a_word() -> None:
    assert parse("note: seizure of 3:1").words == "note: seizure of 3:1"
    assert parse('an "open end').words == "an open end"


def test_a_clause_can_be_turned_into_words() -> None:
    question = parse('judges country:"New Wakanda" ports')
    assert question.with_words_for(question.clauses[0]) == "judges New Wakanda ports"


@given(TYPED)
def test_nothing_that_is_typed_breaks_it_or_is_lost(text: str) -> None:
    question = parse(text)
    again = parse(question.without(()))
    assert [(p.kind, p.facet, p.value) for p in again.parts] == [(p.kind, p.facet, p.value) for p in question.parts]
    kept = "".join(part.written for part in question.parts)
    letters = [c for c in text[:LONGEST_QUESTION] if c.isalnum()]
    dropped = sum(len(name) for name in PREFIXES) if ":" in text else 0
    assert len([c for c in kept if c.isalnum()]) + dropped >= len(letters)


@given(st.text(max_size=60))
def test_no_day_breaks_it(text: str) -> None:
    found = days_of(text)
    assert found is None or found[0] <= found[1]


@pytest.mark.parametrize("evil", ['"' * 5000, "«" * 5000, "a:" * 5000, "a" * 5000, ("country:" * 900), 'a:"' * 2000])
def test_no_text_takes_long(evil: str) -> None:
    begin = time.perf_counter()
    parse(evil)
    days_of(evil)
    assert time.perf_counter() - begin < 0.2


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
        ("12/2025", date(2025, 12, 1), date(2025, 12, 31)),
        ("2025-01-15", date(2025, 1, 15), date(2025, 1, 15)),
        ("31 mars 2027", date(2027, 3, 31), date(2027, 3, 31)),
        ("março de 2027", date(2027, 3, 1), date(2027, 3, 31)),
        ("٢٠٢٥", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_years_months_and_days(text: str, first: date, last: date) -> None:
    assert days_of(text) == (first, last)


@pytest.mark.parametrize("text", ["", "soon", "2025-13", "0001", "9999-12", "31/02/2027", "12"])
def test_what_is_no_day(text: str) -> None:
    assert days_of(text) is None


def test_no_name_of_a_prefix_means_two_things() -> None:
    assert len(PREFIXES) == sum(len(names.split()) for names in NAMES.values())
