"""Countries that texts and names of files speak of."""

from __future__ import annotations

import pytest

from app.reference.places import countries_in, country_of_file


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Appui à la modernisation de la police sénégalaise", ["SN"]),
        ("justice effective en RDCongo", ["CD"]),
        ("Colombian police and hondureños", ["CO", "HN"]),
        ("fronteira alfandega timor", ["TL"]),
        ("South Sudan and Sudan", ["SS", "SD"]),
        ("Guinea-Bissau", ["GW"]),
        ("Niger and Nigeria", ["NE", "NG"]),
        ("support us in a man's work", []),
        ("السنغال", ["SN"]),
        ("", []),
    ],
)
def test_countries_are_found_by_any_name(text, found) -> None:
    assert countries_in(text) == found


@pytest.mark.parametrize(
    ("name", "country"),
    [("donor-CD.xml", "CD"), ("SenegalAIMS_Release.xml", "SN"), ("ct-ghana_GH-GB-1.xml", "GH"),
     ("donor-KO.xml", None), ("donor-589__v1.02.xml", None), ("Multinational.xml", None)],
)  # fmt: skip
def test_a_file_may_tell_its_country(name, country) -> None:
    assert country_of_file(name) == country
