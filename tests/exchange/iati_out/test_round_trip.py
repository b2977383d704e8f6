"""Real files in, out, in again and out again: a few of them here, all of them with `make iati-roundtrip`."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from tests.exchange.iati_out.account import account_of, left_out, table
from tests.exchange.iati_out.round_trip import NOW, difference, travel
from tests.exchange.iati_out.standard import SHARED, errors, need_standard, schema_errors

FEW = ("codeex-sample__v2.03.xml", "pyd-111111__v2.02.xml", "ds-CD__v1.01.xml", "ct-malawi_MW-EU__v1.04.xml")


@pytest.fixture
def paths() -> list[Path]:
    need_standard()
    return [SHARED / "iati" / name for name in FEW]


def test_in_out_in_again_and_out_again(new_database, engine_name, paths, tmp_path):
    trip = travel(new_database(engine_name), new_database(engine_name), paths, tmp_path)
    tree = etree.fromstring(trip.first)
    assert len(tree) > len(paths)
    assert difference(trip) == []
    assert trip.is_alike
    assert schema_errors(tree) == []
    assert errors(tree, NOW.date()) == []
    lines = account_of(paths, tree)
    assert [line.path for line in left_out(lines) if line.reason == "no reason is told"] == []
    assert "| `location` |" in table(lines) or "`location" not in table(lines)


def test_an_export_that_lost_something_would_be_found(new_database, engine_name, paths, tmp_path):
    trip = travel(new_database(engine_name), new_database(engine_name), paths[:1], tmp_path)
    trip.second = trip.second.replace(b"<title>", b"<title><narrative>More</narrative>", 1)
    assert not trip.is_alike
    assert len(difference(trip)) == 1
