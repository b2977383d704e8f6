"""The rules for alerts name figures that the site gives, and headings that stand in the handbook."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.architecture.reading import ROOT, none_of

FOLDER = ROOT / "deploy" / "prometheus"
RULES = [rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
FIGURE = re.compile(r"\bcounterpart_\w+")
FUNCTIONS = {"sum", "rate", "increase", "delta", "histogram_quantile", "by", "or", "and", "le", "up", "job", "status"}


def headings():
    """The headings of the handbook, as links name them."""
    titles = re.findall(r"^#+ (.+)$", (ROOT / "docs" / "operating.md").read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title).lower().replace(" ", "-") for title in titles}


@pytest.fixture
def names(client, part):
    """Every name under which the site gives a figure."""
    part.settings.data_dir.mkdir(parents=True, exist_ok=True)
    (part.settings.data_dir / "last-backup.json").write_text('{"at": "2026-11-23T08:00:00+00:00"}')
    client.get("/nowhere")
    return set(re.findall(r"^(counterpart_\w+)", client.get("/metrics").text, re.MULTILINE))


def test_every_figure_in_a_rule_is_one_that_the_site_gives(names):
    used = {figure for rule in RULES for figure in FIGURE.findall(rule["expr"])}
    assert used
    assert used - names == set()


def test_what_can_go_wrong_wakes_somebody(names):
    """Whatever tells of a fault by itself is in a rule; only what is looked at by eye is not."""
    by_eye = re.compile(
        r"requests_in_flight|build_info|_created|_bucket|_sum|_waiting$|jobs_running|files_unscanned$|files_never_scanned$"
    )
    used = {figure for rule in RULES for figure in FIGURE.findall(rule["expr"])}
    none_of(sorted(name for name in names - used if not by_eye.search(name)))


def test_every_rule_is_whole_and_says_what_to_do():
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert set(rule["annotations"]) == {"summary", "action", "runbook"}
        assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
        assert not [fault for fault in faults_of(rule["expr"]) if fault], rule["alert"]


def faults_of(expr):
    """What in an expression is neither a figure, a number, a function nor a label that is known."""
    plain = re.sub(r'"[^"]*"|\[\d+[smh]\]', "", expr)
    yield from (f"{a} without {b}" for a, b in ("()", "{}", "[]") if plain.count(a) != plain.count(b))
    words = set(re.findall(r"\b[a-z_]+\b", FIGURE.sub("", re.sub(r"\b\d[\d.]*(e\d+)?\b", "", plain))))
    yield from sorted(words - FUNCTIONS)


@pytest.mark.parametrize("expr", ["sum(rate(x_total[5m])", "counterpart_a > 1 unless foo", "raet(counterpart_a[5m])"])
def test_a_slip_in_an_expression_is_found(expr):
    assert list(faults_of(expr))


def test_every_runbook_is_a_heading_of_the_handbook():
    linked = {rule["annotations"]["runbook"].removeprefix("docs/operating.md#") for rule in RULES}
    assert linked - headings() == set()


def test_the_example_of_a_scrape_asks_for_the_page_that_there_is(client):
    jobs = yaml.safe_load((FOLDER / "scrape.yml").read_text())["scrape_configs"]
    assert {job["metrics_path"] for job in jobs} == {"/metrics"}
    assert client.get(jobs[0]["metrics_path"]).status_code == 200
    alerts = next(rule for rule in RULES if rule["alert"] == "CounterpartDown")
    pattern = re.search(r'job=~"([^"]+)"', alerts["expr"]).group(1)
    assert all(re.fullmatch(pattern, job["job_name"]) for job in jobs)
