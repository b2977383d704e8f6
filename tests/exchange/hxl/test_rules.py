"""Hashtags, days, codes, the columns that are read, and the money of an activity divided among its rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.hxl.amounts import amount_in, currency_in, currency_of
from app.exchange.hxl.areas import area_code_in, with_names
from app.exchange.hxl.columns import COLUMNS, TAGS
from app.exchange.hxl.lists import lists_in
from app.exchange.hxl.reading import (
    AREA,
    AREA_CODE,
    COUNTRY,
    CURRENCY,
    HEAD_CURRENCY,
    ORG,
    ORG_ID,
    THEME,
    TITLE,
    VALUE,
    WISHES,
    columns_in,
    lines_of,
)
from app.exchange.hxl.rules import Activity, Place, Wanted, area_kept, area_read, divided, rows_of
from app.exchange.hxl.tags import Tag, parsed, tag_row
from app.exchange.hxl.values import Unreadable, day_in
from app.exchange.hxl.writing import cells_of, template_of
from app.foundation.languages import LANGUAGES
from app.foundation.spreadsheets.sent import SheetRefused, read_csv

pytestmark = pytest.mark.one_engine

WORD = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]{0,6}", fullmatch=True)
MONEY = st.decimals(min_value=0, max_value=10**9, places=2)
SHARE = st.none() | st.decimals(min_value=0, max_value=100, places=2)


@settings(max_examples=30)
@given(WORD, st.lists(WORD, max_size=4), st.data())
def test_the_order_of_attributes_and_blanks_say_nothing(name, attributes, data):
    blank = st.sampled_from(["", " ", "  "])
    turned = data.draw(st.permutations(attributes))
    one = "#" + name + "".join(f"+{each}" for each in attributes)
    other = data.draw(blank) + "#" + data.draw(blank) + name.upper()
    other += "".join(f"{data.draw(blank)}+{data.draw(blank)}{each}" for each in turned) + data.draw(blank)
    assert parsed(one) == parsed(other) == Tag(name.lower(), frozenset(each.lower() for each in attributes))
    assert parsed(str(parsed(one))) == parsed(one)


@pytest.mark.parametrize("cell", ["", "org", "#", "#1st", "# +name", "#org name", "#org++name", "#org+", "a #org"])
def test_what_is_no_hashtag(cell):
    assert parsed(cell) is None


def test_the_hashtags_stand_within_the_first_rows():
    assert tag_row([["Who"], ["A note on #1"], ["#org", "", "x", "#sector"]]) == 2
    assert tag_row([["x"]] * 25 + [["#org"]]) is None
    assert tag_row([]) is None


@given(st.permutations(TAGS))
def test_columns_are_found_in_any_order(tags):
    places = columns_in([parsed(tag) for tag in tags])
    assert tags[places[THEME]] == "#sector+code+v_counterpart"
    assert tags[places[COUNTRY]] == "#country+code+v_iso2"
    assert (tags[places[ORG]], tags[places[ORG_ID]], tags[places[TITLE]]) == ("#org+name", "#org+id", "#activity+name")
    assert len(set(places.values())) == len(places)


@given(MONEY, st.lists(SHARE, min_size=1, max_size=9))
def test_parts_make_up_the_whole_and_none_is_negative(amount, shares):
    parts = divided(amount, shares)
    assert sum(parts) == amount
    assert min(parts) >= 0


@given(MONEY, st.integers(0, 3), st.integers(0, 3))
def test_the_rows_of_an_activity_have_all_of_its_money(amount, themes, places):
    what = Activity(
        "Aid", "O-1", "", "10", "programme", "P-1", "Ports", "", "2", amount=amount, currency="EUR",
        themes=[(f"t{n}", None) for n in range(themes)], places=[(Place(f"C{n}"), None) for n in range(places)],
    )  # fmt: skip
    rows = list(rows_of(what, Wanted()))
    assert len(rows) == max(themes, 1) * max(places, 1)
    assert sum(row.amount for row in rows) == amount
    assert {len(cells_of(row, "")) for row in rows} == {len(COLUMNS)}


def test_what_is_for_a_whole_grouping_is_for_its_members():
    assert Wanted(country="SN").wants(Place(grouping="ECOWAS"), "")
    assert Wanted(grouping="ECOWAS").wants(Place("SN"), "")
    assert not Wanted(country="SN").wants(Place("GH"), "")
    assert not Wanted(theme="prisons").wants(Place("GH"), "ports")


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_days_are_read_as_they_are_written(day):
    assert day_in(day.isoformat()) == day
    slashed = f"{day.day}/{day.month}/{day.year}"
    if day.day != day.month and day.day <= 12:
        with pytest.raises(Unreadable, match="two ways"):
            day_in(slashed)
    else:
        assert day_in(slashed) == day


@pytest.mark.parametrize("text", ["2027-02-30", "31/13/2027", "12/25/2027", "soon", "2027", "1.1.27"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(Unreadable, match="Write it as 2027-03-31"):
        day_in(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_are_known_by_their_names_in_every_language(language):
    lists = lists_in("en")
    for code, name in lists_in(language).themes.shown.items():
        assert list(lists.themes.codes(name)) == [code]
    assert list(lists.kinds.codes("training | equipment")) == ["training", "equipment"]


def test_an_unknown_code_is_told_what_is_near():
    with pytest.raises(Unreadable) as refused:
        lists_in("en").themes.code("port controll")
    assert "(port_control)" in refused.value.reason.values["near"]
    with pytest.raises(Unreadable, match="data dictionary"):
        lists_in("en").themes.code("zzqqxxzzqqxx")


def test_an_area_is_kept_and_read():
    assert area_read(area_kept("SN", "Saint: Louis", "SN-SL")) == Place("SN", area="Saint  Louis", area_code="SN-SL")


@pytest.mark.parametrize("code", ["PE-LIM", "cv-pr", " CO-ANT ", "FR-75C", "BJ-AK", "GB-1"])
def test_codes_of_areas_are_taken_by_their_form(code):
    known = {"PE", "CV", "CO", "FR", "BJ", "GB"}
    assert (
        area_code_in(code, (), known) == area_code_in(code, {code.strip()[:2].upper()}, known) == code.strip().upper()
    )


@pytest.mark.parametrize("code", ["PE", "PE-", "PE-LIMA", "PELIM", "PE15", "PE–LIM", "PER-LIM", "PE-L M", "XX-LIM"])
def test_what_is_no_code_of_an_area_is_refused(code):
    with pytest.raises(Unreadable, match="is no code of an area"):
        area_code_in(code, (), {"PE"})


def test_the_code_of_an_area_agrees_with_its_country():
    with pytest.raises(Unreadable, match="no code of an area of that country"):
        area_code_in("CO-ANT", {"PE"}, {"PE", "CO"})


def test_an_area_that_is_told_by_its_code_keeps_its_name():
    there = ["PE:Lima:PE-LIM", "PE:Cusco:"]
    assert with_names(["PE::PE-LIM", "PE::PE-CUS"], there) == ("PE::PE-CUS", "PE:Lima:PE-LIM")
    assert with_names(["PE:Lima Region:PE-LIM"], there) == ("PE:Lima Region:PE-LIM",)


@given(st.decimals(min_value=0, max_value=10**12, places=2))
def test_amounts_are_read_as_they_are_written(amount):
    plain = format(amount, "f")
    assert amount_in(plain) == amount_in(plain.replace(".", ",")) == amount_in(f"{amount:,.2f}") == amount


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("much", "no amount that can be read"), ("12 EUR", "no amount"), ("NaN", "no amount"), ("(500)", "no amount"),
        ("1.234", "read in two ways"), ("-5", "less than zero"), ("-0.01", "less than zero"), ("1e14", "too large"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(text, words):
    with pytest.raises(Unreadable, match=words):
        amount_in(text)


def test_amounts_that_a_spreadsheet_has_computed_are_taken_to_the_cent():
    assert amount_in("33333.333333333336") == Decimal("33333.33")
    assert amount_in("1,250,000") == amount_in("1.250.000") == amount_in("1 250 000") == 1250000


def test_a_currency_is_a_code():
    assert currency_in(" usd ") == "USD"
    for text in ("dollars", "ZZZ", "$"):
        with pytest.raises(Unreadable, match="is not a currency"):
            currency_in(text)
    assert currency_of(parsed("#value+budget+pen")) == "PEN"
    assert currency_of(parsed("#value+usd+eur")) == currency_of(parsed("#value")) == ""


@pytest.mark.parametrize(
    ("tags", "found"),
    [
        (["#value+spent", "#value+usd"], {VALUE: 1}),
        (["#value+usd", "#value+budget+usd"], {VALUE: 1}),
        (["#value", "#value+code"], {VALUE: 0, CURRENCY: 1}),
        (["#currency", "#value"], {VALUE: 1, CURRENCY: 0}),
        (["#value+currency", "#currency", "#value"], {VALUE: 2, CURRENCY: 0}),
        (["#adm1+code+v_pcode", "#adm1+code+v_iso3166_2"], {AREA_CODE: 1}),
        (["#adm1+pcode", "#adm1"], {AREA: 1}),
    ],
)
def test_which_columns_hold_amounts_currencies_and_areas(tags, found):
    assert columns_in([parsed(tag) for tag in tags]) == found


def test_the_currency_of_a_head_is_with_each_amount():
    head = ["#activity", "#sector", "#value+xof"]
    lines, _unread = lines_of([(1, head), (2, ["Ports", "prisons", "5"]), (3, ["Ports", "prisons", ""])])
    assert [line.cell(HEAD_CURRENCY) for line in lines] == ["XOF", ""]


def test_the_template_is_read_as_it_is_written():
    from app.exchange.hxl.reading import LIMITS, is_tag

    lines, unread = lines_of(read_csv(template_of("Northland Aid", "csv"), is_tag, LIMITS))
    assert unread == []
    assert len(lines) == 1
    assert set(lines[0].cells) == set(WISHES) - {"org_id", "kind_of", "grouping"}


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ([(1, ["Who", "What"]), (2, ["a", "b"])], "No row of HXL hashtags"),
        ([(1, ["#org", "#country"]), (2, ["a", "SN"])], "These columns are missing"),
        ([(1, ["#activity", "#sector"]), *((n, ["a", "b"]) for n in range(2, 503))], "more than"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_in_words(table, words):
    with pytest.raises(SheetRefused, match=words):
        lines_of(table)
