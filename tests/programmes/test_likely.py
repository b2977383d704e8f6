"""Where an activity that names no country is likely to take place."""

from __future__ import annotations

import pytest

from app.programmes.likely import likely_country


@pytest.mark.parametrize(
    ("texts", "file", "country"),
    [
        (["Police de proximité en RDC"], "donor.xml", "CD"),
        (["Police", "Training of the Ghanaian police"], "donor.xml", "GH"),
        (["Police"], "donor-SN.xml", "SN"),
        (["Police in Ghana"], "donor-SN.xml", "GH"),
        (["Ghana and Senegal", "For Senegal"], "donor.xml", "SN"),
        (["Police"], "donor.xml", None),
    ],
)
def test_words_count_before_the_file_and_several_countries_decide_nothing(tx, texts, file, country) -> None:
    assert likely_country(tx, [], texts, file) == country


def test_kin_counts_before_words(tx, world) -> None:
    world.programme(world.organisation("donor"), iati_identifier="XX-1", countries=["TL"])
    tx.flush()
    assert likely_country(tx, [("1", "XX-1")], ["Police in Ghana"], "donor-SN.xml") == "TL"
    assert likely_country(tx, [("3", "XX-1")], ["Police in Ghana"], "donor-SN.xml") == "GH"
