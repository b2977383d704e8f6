"""Whatever a record says, its file is valid by the schema of 2.03 and by the ruleset; the checker finds what is not."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from app.exchange.iati.activity import Activity, Problem
from app.exchange.iati.reader import read_activities
from app.exchange.iati_out.activity import Frame, activity_element
from app.exchange.iati_out.elements import NAMESPACES, clean
from app.exchange.iati_out.organisation import organisation_element
from app.exchange.iati_out.told import (
    Budget,
    Document,
    Indicator,
    Measured,
    OrganisationTold,
    Party,
    Place,
    Planned,
    Reporter,
    Told,
    Transaction,
)
from app.reference.themes import themes
from tests.exchange.iati_out.standard import RULES, errors, need_standard, ruleset, schema_errors

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FRAME = Frame(NOW, "https://counterpart.example/open-data")

pytestmark = pytest.mark.one_engine

WORDS = st.text(max_size=30) | st.sampled_from(
    [
        "",
        " ",
        "\x00",
        "\x0b\x1b",
        "مشروع \u200f(أ)",
        "a]]>b",
        "<p>&amp;</p>",
        "\ud7ff\ufffe",
        "=1+1",
        "a\r\nb",
        "\U0001f9ea",
    ]
)
LANGUAGE = st.sampled_from(["en", "fr", "ar", "", "x", "zz-\x00", "pt-BR"])
DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31))
MAYBE_DAY = st.none() | DAY
MONEY = st.decimals(min_value=-(10**14), max_value=10**14, places=2)
CURRENCY = st.sampled_from(["EUR", "XOF", ""])
SHARE = st.none() | st.decimals(min_value=0, max_value=300, places=2)
TEXTS = st.dictionaries(LANGUAGE, WORDS, max_size=4)
CODE = st.text("0123456789", min_size=1, max_size=5)
PARTY = st.builds(Party, WORDS, WORDS, st.sampled_from(["", "10"]), st.sampled_from(list("1234")), WORDS, LANGUAGE)
SHARES = st.dictionaries(CODE, SHARE, min_size=1, max_size=4).map(lambda found: tuple(found.items()))
REPORTER = st.builds(Reporter, st.just("XX-1"), st.just("10"), TEXTS, LANGUAGE, st.booleans())
BUDGET = st.builds(Budget, st.sampled_from("12"), MONEY, CURRENCY, MAYBE_DAY, MAYBE_DAY, MAYBE_DAY)
DOCUMENT = st.builds(
    Document, WORDS.map(lambda words: f"https://a.example/{words}"), TEXTS, st.just("A12"), st.sampled_from(["", "fr"])
)
TOLD = st.builds(
    Told,
    identifier=st.sampled_from(["XX-1-1", "XX-1", "a b", "\x0cX"]),
    reporter=REPORTER,
    language=LANGUAGE,
    titles=TEXTS,
    descriptions=TEXTS,
    status=st.sampled_from("123456"),
    changed_at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds it
    first_day=DAY,
    parties=st.lists(PARTY, max_size=3).map(tuple),
    other_identifiers=st.lists(WORDS, max_size=2).map(tuple),
    dates=st.dictionaries(st.sampled_from("1234"), DAY),
    contact=WORDS,
    scope=st.sampled_from(["", "4"]),
    countries=st.just(()) | SHARES,
    regions=st.lists(st.builds(Place, CODE, st.sampled_from("12")), max_size=3, unique=True).map(tuple),
    groupings=st.lists(st.sampled_from(["AU", "ECOWAS", "EU"]), max_size=2, unique=True).map(tuple),
    sectors=st.dictionaries(st.sampled_from(["1", "2", "99", "98", "WB"]), SHARES, max_size=3),
    themes=st.lists(st.sampled_from(sorted(themes())), max_size=4, unique=True).map(tuple),
    markers=st.lists(st.sampled_from(["1:1:2", "1:2:", "99:x:1"]), max_size=3, unique=True).map(tuple),
    collaboration_type=st.sampled_from(["", "1"]),
    flow_type=st.sampled_from(["", "10"]),
    finance_type=st.sampled_from(["", "110"]),
    aid_type=st.sampled_from(["", "D02"]),
    tied_status=st.sampled_from(["", "5"]),
    budgets=st.lists(BUDGET, max_size=3).map(tuple),
    planned=st.lists(st.builds(Planned, DAY, MONEY, st.just("EUR"), PARTY, st.none() | PARTY), max_size=2).map(tuple),
    transactions=st.lists(
        st.builds(
            Transaction, st.integers(1, 13).map(str), MONEY, CURRENCY, MAYBE_DAY, WORDS, st.none() | PARTY,
            st.none() | PARTY, st.sampled_from(["", "D01"]),
        ), max_size=3,
    ).map(tuple),
    documents=st.lists(DOCUMENT, max_size=2).map(tuple),
    related=st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from(["XX-9", "b"])), max_size=2).map(tuple),
    conditions=WORDS,
    indicators=st.lists(
        st.builds(
            Indicator, WORDS, LANGUAGE, DAY, WORDS | st.just("3"),
            st.lists(st.builds(Measured, DAY, WORDS | st.just("4"), WORDS | st.just("5.5")), max_size=2).map(tuple),
        ), max_size=2,
    ).map(tuple),
    hierarchy=st.none() | st.integers(1, 9),
)  # fmt: skip


def file_of(root: str, *pieces: etree._Element) -> etree._Element:
    tree = etree.Element(root, version="2.03", nsmap=NAMESPACES)
    tree.extend(pieces)
    return etree.fromstring(etree.tostring(tree, encoding="utf-8"))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(TOLD)
def test_an_activity_is_valid_whatever_its_record_says(told):
    need_standard()
    tree = file_of("iati-activities", activity_element(told, FRAME))
    assert schema_errors(tree) == []
    assert errors(tree, NOW.date()) == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(TOLD)
def test_what_is_written_is_read_again_as_it_was(told):
    tree = file_of("iati-activities", activity_element(told, FRAME))
    found = list(read_activities(io.BytesIO(etree.tostring(tree)), name="a"))
    one = next(each for each in found if isinstance(each, Activity))
    assert one.identifier == " ".join(clean(told.identifier).split())
    days = {"1": one.planned_start, "2": one.actual_start, "3": one.planned_end, "4": one.actual_end}
    assert {kind: day for kind, day in days.items() if day} == told.dates
    assert sorted(
        (b.amount, b.start, b.end, b.value_date) for b in one.budgets if b.start and b.end and b.value_date
    ) == sorted(
        (b.amount, b.starts_on, b.ends_on, b.valued_on)
        for b in told.budgets
        if b.starts_on and b.ends_on and b.valued_on
    )
    assert sorted(t.amount for t in one.transactions) == sorted(t.amount for t in told.transactions)
    assert sorted(one.themes) == sorted(told.themes)
    shares = {(s.vocabulary, s.code): s.percentage for s in one.sectors}
    expected = {(v, c): s for v, codes in told.sectors.items() for c, s in codes if v in {"2", "WB"}}
    assert expected.items() <= {key: share for key, share in shares.items() if key in expected}.items() or any(
        share is not None and share > 100 for share in expected.values()
    )
    assert not [each for each in found if isinstance(each, Problem) and each.severity == "refused"]


@settings(max_examples=20, deadline=None)
@given(REPORTER, LANGUAGE, st.lists(DOCUMENT, max_size=2).map(tuple), MONEY)
def test_an_organisation_is_valid_whatever_its_record_says(reporter, language, documents, amount):
    need_standard()
    budget = Budget("1", amount, "EUR", date(2027, 1, 1), date(2027, 12, 31))
    told = OrganisationTold(reporter, language, NOW, (budget,), documents)
    tree = file_of("iati-organisations", organisation_element(told, FRAME))
    assert schema_errors(tree) == []
    assert errors(tree, NOW.date()) == []


def plain(**more) -> Told:
    values = {
        "identifier": "XX-1-1", "reporter": Reporter("XX-1", "10", {"en": "A"}), "language": "en",
        "titles": {"en": "T"}, "descriptions": {"en": "D"}, "status": "2", "changed_at": NOW,
        "first_day": date(2026, 1, 1),
    }  # fmt: skip
    return Told(**values | more)


@pytest.mark.parametrize(
    ("rule", "break_it"),
    [
        ("1.1.3", lambda tree: tree.find(".//iati-identifier").__setattr__("text", "XX-1")),
        ("6.11.1", lambda tree: tree[0].remove(tree.find(".//activity-date"))),
        ("6.2.2", lambda tree: tree[0].remove(tree.find(".//sector"))),
        ("3.7.1", lambda tree: tree[0].remove(tree.find(".//recipient-region"))),
        ("4.1.1", lambda tree: [e.attrib.pop(k) for e in tree.iter() for k in list(e.attrib) if k.endswith("}lang")]),
        ("11.1.1", lambda tree: tree[0].set("last-updated-datetime", "2026-11-24T00:00:00Z")),
        ("4.3.1", lambda tree: tree.find(".//title/narrative").__setattr__("text", None)),
    ],
)
def test_the_checker_finds_a_rule_that_is_broken(rule, break_it):
    need_standard()
    tree = file_of("iati-activities", activity_element(plain(), FRAME))
    assert errors(tree, NOW.date()) == []
    break_it(tree)
    assert rule in {each.rule for each in errors(tree, NOW.date())}


def test_the_checker_knows_every_kind_of_rule():
    need_standard()
    used = {name for rules in ruleset().values() for name in rules}
    assert used - {"loop"} <= RULES.keys()


def test_what_the_standard_has_no_room_for_stands_beside_it():
    late = Transaction("3", Decimal(5), "EUR", date(2027, 1, 1))
    long = Budget("1", Decimal("100.01"), "EUR", date(2025, 1, 1), date(2027, 6, 30))
    tree = file_of("iati-activities", activity_element(plain(transactions=(late,), budgets=(long,)), FRAME))
    assert tree.findall(".//transaction") == []
    assert [each.tag for each in tree[0] if "counterpart" in each.tag] == [
        "{urn:counterpart:iati}budget",
        "{urn:counterpart:iati}transaction",
    ]
    parts = [Decimal(each.text) for each in tree.findall(".//budget/value")]
    assert (len(parts), sum(parts)) == (3, Decimal("100.01"))
    one = next(iter(read_activities(io.BytesIO(etree.tostring(tree)), name="a")))
    assert [(each.amount, each.end) for each in one.budgets] == [(Decimal("100.01"), date(2027, 6, 30))]
    assert [(each.amount, each.date) for each in one.transactions] == [(Decimal(5), date(2027, 1, 1))]


def test_a_file_of_somebody_else_is_read_as_it_stands():
    text = b"""<iati-activities version="2.03"><iati-activity xmlns:c="urn:other" c:added="true">
      <iati-identifier>A</iati-identifier><title><narrative>T</narrative></title>
      <recipient-country code="GH" c:code="SN"/></iati-activity></iati-activities>"""
    one = next(iter(read_activities(io.BytesIO(text), name="a")))
    assert [share.iso2 for share in one.countries] == ["GH"]
