"""The command that measures relevance, on a small folder made here, with real files of activities."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.evaluation.ablations import parts_of
from app.evaluation.gold import GoldUnreadable, read_gold
from app.matching.semantic.encoder import is_installed
from app.programmes.models import Programme

pytestmark = pytest.mark.one_engine

NEED = {
    "need_id": "N1", "lang": "fr", "country": "SN", "theme": "prisons", "title": "Formation des agents pénitentiaires",
    "description": "Les prisons sont surpeuplées et les agents n'ont reçu aucune formation depuis dix ans.",
    "line_items": [{"kind": "formation", "quantity": 40, "unit": "agents"}], "start": "2014-01", "end": "2016-12",
    "delivery_languages": ["fr"],
}  # fmt: skip
SIDE = {"title": "Prison staff", "country": "SN", "start": "2014", "end": "2015", "id": "XX-1"}
FILES = {
    "needs.jsonl": json.dumps(NEED),
    "queries.jsonl": json.dumps({"query_id": "Q1", "lang": "fr", "query": "prisons senegal"}),
    "duplicates.jsonl": json.dumps({"pair_id": "P1", "label": "duplicate", "a": SIDE, "b": SIDE | {"id": "XX-1-1"}}),
    "qrels.tsv": "N1\tXX-PRISON\t3\nN1\tXX-FISH\t0",
    "query_qrels.tsv": "Q1\tXX-PRISON\t1",
}
ACTIVITY = """<iati-activity xml:lang="en"><iati-identifier>{id}</iati-identifier>
<reporting-org ref="XX" type="10"><narrative>Donor</narrative></reporting-org>
<title><narrative>{title}</narrative></title><description><narrative>{title}</narrative></description>
<participating-org role="1" ref="XX"/><activity-status code="2"/>
<activity-date type="2" iso-date="2013-01-01"/>{place}</iati-activity>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gold folder with one need, one question and one pair, and three activities beside it."""
    gold, corpus = tmp_path / "gold", tmp_path / "iati"
    gold.mkdir()
    corpus.mkdir()
    for name, text in FILES.items():
        (gold / name).write_text(text + "\n", encoding="utf-8")
    activities = [
        ("XX-PRISON", "Training of prison staff", ""),
        ("XX-FISH", "Coastal fishing", '<recipient-country code="SN"/>'),
        ("XX-ELSEWHERE", "Training of prison staff", '<recipient-country code="PE"/>'),
    ]
    body = "".join(ACTIVITY.format(id=i, title=t, place=p) for i, t, p in activities)
    text = f'<?xml version="1.0" encoding="UTF-8"?><iati-activities version="2.03">{body}</iati-activities>'
    (corpus / "donor-SN.xml").write_text(text, encoding="utf-8")
    return gold


@pytest.mark.skipif(not is_installed(), reason="the extra [semantic] is not installed: make semantic")
def test_with_the_extra_meaning_counts_and_is_left_out_by_itself(app, folder) -> None:
    site = app.extensions["counterpart"]
    assert "meaning" not in parts_of(site.settings)
    site.settings = replace(site.settings, semantic=True)
    result = app.test_cli_runner().invoke(args=["relevance", str(folder), "--json", "--with-ablations"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["semantic"]
    assert found["needs"]["all"]["ndcg10"] == 1
    assert "meaning" in found["ablations"]


def test_needs_questions_and_pairs_are_measured(app, folder) -> None:
    result = app.test_cli_runner().invoke(args=["relevance", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["needs"]["all"]["ndcg10"] == 1
    assert found["queries"]["all"]["ndcg10"] == 1
    assert found["duplicates"] == {"precision": 1.0, "recall": 1.0, "n": 1}
    # The country of the first is told by its file alone; the one elsewhere is experience, and fish is nothing.
    assert [row[0] for row in found["ranked"]["N1"]] == ["XX-PRISON", "XX-ELSEWHERE"]
    assert {row[2] for row in found["ranked"]["N1"]} == {"related"}
    assert set(found["baselines"]) == {"own_words", "country_sector", "fused"}


def test_the_figures_can_be_read_by_people(app, folder) -> None:
    said = app.test_cli_runner().invoke(args=["relevance", str(folder)]).output
    assert "needs, all" in said
    assert "duplicates: precision 1.000" in said


def test_a_folder_that_cannot_be_used_says_where_and_why(app, folder) -> None:
    (folder / "qrels.tsv").write_text("N1 XX-PRISON three\n")
    result = app.test_cli_runner().invoke(args=["relevance", str(folder)])
    assert result.exit_code == 1
    assert "qrels.tsv, line 1" in result.output
    (folder / "needs.jsonl").write_text('{"need_id": "N1"}\n')
    with pytest.raises(GoldUnreadable, match=r"needs.jsonl, line 1: 'lang' is missing"):
        read_gold(folder)


def test_nothing_of_the_running_site_is_changed(app, folder, tx) -> None:
    app.test_cli_runner().invoke(args=["relevance", str(folder)])
    assert tx.query(Programme).count() == 0
