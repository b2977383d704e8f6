"""The table counts each programme once in each cell, row and sum, and its money adds up."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.overview.giving.rules import Choice, Giving, parts_of
from app.overview.who.rules import OTHERS, SHADES, Cell, heat

EVERYTHING = Choice()


def giving(number, donor=1, themes=("borders",), places=("SN",), kind="programme"):
    coded = [tuple((code, None) for code in each) for each in (themes, places)]
    return Giving(kind, number, f"P-{number}", "Title", "en", donor, *coded)


def table(givings, choice=EVERYTHING, amount=100, **kw):
    parts = [part for one in givings for part in parts_of(one, Decimal(amount))]
    wanted = [part for part in parts if choice.wants_theme(part.theme) and choice.wants_place(part.place)]
    return heat(givings, wanted, choice, **kw)


def test_what_has_two_themes_is_in_two_columns_and_once_in_the_sums():
    found = table([giving(1, themes=("borders", "justice")), giving(2), giving(3, donor=2, kind="pledge")])
    assert found.columns == ["borders", "justice"]
    first, second = found.rows
    assert (first.donor, first.cells, first.whole) == (
        1, [Cell(2, 0, Decimal(150)), Cell(1, 0, Decimal(50))], Cell(2, 0, Decimal(200)),
    )  # fmt: skip
    assert (second.donor, second.whole) == (2, Cell(0, 1, Decimal(100)))
    assert found.sums == [Cell(2, 1, Decimal(250)), Cell(1, 0, Decimal(50))]
    assert found.whole == Cell(2, 1, Decimal(300))


def test_with_a_theme_the_columns_are_places():
    found = table([giving(1, places=("SN", "CV")), giving(2, themes=("justice",))], Choice(theme="borders"))
    assert found.columns == ["CV", "SN"]
    assert found.whole == Cell(1, 0, Decimal(100))


def test_a_country_narrows_the_columns_too():
    found = table([giving(1, places=("SN", "CV", "grouping:ECOWAS"))], Choice(theme="borders", country="SN"))
    assert found.columns == ["SN", "grouping:ECOWAS"]


def test_what_names_no_theme_has_a_column():
    assert table([giving(1, themes=())]).columns == [""]


def test_few_columns_stand_alone_and_the_rest_together():
    givings = [giving(number, themes=(f"t{number}", "borders")) for number in range(12)]
    found = table(givings, most=4)
    assert found.columns == ["borders", "t0", "t1", "t10", OTHERS]
    assert len(found.gathered) == 9
    assert found.rows[0].cells[-1] == Cell(9, 0, Decimal(450))
    assert table(givings, most=None).columns[-1] != OTHERS


def test_shades_go_from_none_to_the_fullest():
    found = table([*(giving(number) for number in range(8)), giving(9, themes=("justice",)), giving(10, donor=2)])
    assert [found.shade(Cell(count)) for count in (0, 1, 2, 3, 8)] == [0, 1, 1, 2, SHADES]
    assert found.shade(found.rows[0].cells[0]) == SHADES


def test_nothing_makes_an_empty_table():
    found = table([])
    assert (found.columns, found.rows, found.whole, found.fullest) == ([], [], Cell(), 0)


CODES = st.lists(st.sampled_from("abcdef"), max_size=3, unique=True)


@given(st.lists(st.tuples(st.integers(1, 3), CODES, CODES), max_size=12), st.integers(1, 4))
def test_money_is_the_same_by_rows_by_columns_and_in_all(drawn, most):
    givings = [giving(number, donor, themes, places) for number, (donor, themes, places) in enumerate(drawn)]
    found = table(givings, amount="10.01", most=most)
    assert found.whole.count == len(givings)
    assert sum(row.whole.count for row in found.rows) == len(givings)
    for cells in ([row.whole for row in found.rows], found.sums, [cell for row in found.rows for cell in row.cells]):
        assert sum(cell.amount for cell in cells) == found.whole.amount == Decimal("10.01") * len(givings)
