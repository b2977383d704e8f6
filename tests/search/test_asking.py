"""What a question finds: prefixes, phrases, days, near me, words that nobody has, and what helps then."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from app.foundation.db import Tx
from app.search.explaining import why_found
from app.search.request import SearchRequest
from app.search.spelling import distance
from tests.factories import World
from tests.search.conftest import Searching, titles

SHORT: dict[str, Any] = {"problem": "", "summary": "", "objectives": ""}


def test_a_prefix_is_the_same_as_a_tick(world: World, searching: Searching) -> None:
    for country in ("SN", "GH"):
        world.need(world.organisation(country=country), title=f"Judges of {country}", countries=[country], **SHORT)
    by_prefix = searching('judges country:"Sénégal"')
    assert titles(by_prefix) == ["Judges of SN"]
    assert by_prefix.request == searching("judges", filters={"country": ["SN"]}).request
    assert by_prefix.request.text == "judges"
    assert by_prefix.counts["country"] == {"SN": 1, "GH": 1}


@pytest.mark.parametrize(
    ("clause", "facet", "codes"),
    [
        ("country:SEN", "country", ("SN",)),
        ("pays:السنغال", "country", ("SN",)),
        ("theme:prisons", "theme", ("prisons",)),
        ("thème:précurseurs", "theme", ("precursor_control",)),
        ("kind:formación", "kind", ("training",)),
        ("type:besoins", "type", ("need",)),
        ("grouping:CEDEAO", "grouping", ("ECOWAS",)),
        ("language:Français", "language", ("fr",)),
        ("status:open", "status", ("open",)),
        ("year:2027", "year", ("2027",)),
    ],
)
def test_names_in_any_language_are_understood(searching: Searching, clause: str, facet: str, codes: Any) -> None:
    results = searching(clause)
    assert results.request.filters == {facet: codes}
    assert not results.remarks


def test_a_donor_is_named_by_reference_name_or_acronym(world: World, searching: Searching) -> None:
    donor = world.organisation("donor", name="Agency for Safe Harbours", acronym="ASH")
    world.programme(donor, title="Safe ports")
    world.programme(world.organisation("donor"), title="Other ports")
    hidden = world.organisation("donor", "refused", name="Never Told", acronym="NEVER")
    for name in (donor.ref, "ASH", '"agency for safe harbours"', "harbours"):
        assert titles(searching(f"donor:{name}")) == ["Safe ports"], name
    assert str(searching("donor:NEVER").remarks[0].message) == "No organisation here is called “NEVER”."
    assert hidden.ref not in str(searching(f"donor:{hidden.ref}").request.filters)


def test_an_unknown_value_is_said_and_loses_nothing(world: World, searching: Searching) -> None:
    world.need(world.organisation(), title="Judges", **SHORT)
    results = searching("judges country:Wakanda theme:prisons")
    (remark,) = results.remarks
    assert str(remark.message) == "No country is called “Wakanda”."
    assert remark.near == "Rwanda"
    assert SearchRequest.from_query(remark.near_address).question.clauses[0].value == "Rwanda"
    assert SearchRequest.from_query(remark.words_address).text == "judges Wakanda"
    assert results.request.text == "judges country:Wakanda"
    assert results.request.filters == {"theme": ("prisons",)}
    assert titles(searching("judges country:Wakanda")) == ["Judges"]


def test_a_sentence_with_a_colon_is_no_prefix(world: World, searching: Searching) -> None:
    world.need(world.organisation(), title="Mutual assistance: treaties", **SHORT)
    results = searching("Mutual assistance: treaties")
    assert titles(results) == ["Mutual assistance: treaties"]
    assert not results.remarks
    assert searching("kind: training").request.filters == {"kind": ("training",)}


def test_a_phrase_counts_what_has_it_word_for_word(world: World, searching: Searching) -> None:
    state = world.organisation()
    world.need(state, title="The chain of custody in Dakar", **SHORT)
    world.need(state, title="Custody of a chain", **SHORT)
    world.lesson(state, title="Nobody kept the CHAIN of Custody", status="validated")
    results = searching('"chain of custody"')
    assert sorted(titles(results)) == ["Nobody kept the CHAIN of Custody", "The chain of custody in Dakar"]
    assert results.page.total == 2
    assert results.counts["type"] == {"need": 1, "lesson": 1}
    assert searching("chain of custody").page.total == 3
    assert titles(searching("« chain of custody » Dakar")) == ["The chain of custody in Dakar"]


def test_a_phrase_of_a_hidden_record_is_counted_for_its_own_people_alone(world: World, searching: Searching) -> None:
    state = world.organisation()
    account = world.account(state)
    world.need(state, title="The chain of custody", disclosure="own", **SHORT)
    assert searching('"chain of custody"').page.total == 0
    assert searching('"chain of custody"').counts["type"] == {}
    assert searching('"chain of custody"', world.actor(account)).page.total == 1


def test_very_many_candidates_are_said(world: World, searching: Searching, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.search.asking.MOST_CANDIDATES", 2)
    state = world.organisation()
    for country in ("SN", "SN", "GH"):
        world.need(state, title="Chain of custody", countries=[country], **SHORT)
    assert searching('"chain of custody"').is_bounded
    assert not searching('"chain of custody"', filters={"country": ["GH"]}).is_bounded
    assert searching('"chain of custody"', filters={"country": ["GH"]}).page.total == 1


def test_days_are_those_on_which_a_record_runs(world: World, searching: Searching) -> None:
    state, centre = world.organisation(), world.organisation("centre")
    world.need(state, title="Early", starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30), **SHORT)
    world.need(state, title="Late", starts_on=date(2028, 1, 1), ends_on=date(2028, 6, 30), **SHORT)
    world.course(centre, title="Course", sessions=[{"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 5)}])
    assert sorted(titles(searching("before:2027"))) == ["Course", "Early"]
    assert titles(searching("after:2026-06-30 before:2027")) == ["Early"]
    results = searching("", since="2028")
    assert titles(results) == ["Late"]
    assert results.request.since == "2028-01-01"
    assert results.counts["type"] == {"need": 1}
    assert str(searching("", until="soon").remarks[0].message).startswith("“soon” is no date")


def test_near_me_is_the_groupings_of_ones_own_country(world: World, searching: Searching) -> None:
    reader = world.somebody("state", country="SN")
    world.need(world.organisation(country="GH"), title="Neighbours", countries=["GH"], **SHORT)
    world.need(world.organisation(country="LC"), title="Shares a language", countries=["LC"], **SHORT)
    world.need(world.organisation(country="PE"), title="Far away", countries=["PE"], **SHORT)
    assert titles(searching("", reader, filters={"grouping": ["near"]})) == ["Neighbours"]
    stranger = searching("", filters={"grouping": ["near"]})
    assert len(stranger.page.items) == 3
    assert "sign in" in str(stranger.remarks[0].message)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("reintegracion excombatinetes", "reintegración excombatientes"),
        ("capacitacion jueces fiscales", "capacitación jueces fiscales"),
        ("traffic de stupefiants", "trafic de stupéfiants"),
        ("laboratoires forensiques", "laboratoires forensiques"),
        ("estupefasientes", "estupefacientes"),
    ],
)
def test_slips_and_missing_accents_find_the_same(world: World, searching: Searching, typed: str, clean: str) -> None:
    state = world.organisation()
    for language, title in [
        ("es", "Reintegración de excombatientes"), ("es", "Capacitación de jueces y fiscales"),
        ("fr", "Trafic de stupéfiants au port"), ("fr", "Des laboratoires forensiques"),
        ("es", "Control de estupefacientes"), ("en", "Boats"),
    ]:  # fmt: skip
        world.need(state, title=title, language=language, **SHORT)
    wanted = titles(searching(clean))
    assert wanted
    assert set(titles(searching(typed))) == set(wanted)


def test_a_near_word_is_said_and_can_be_refused(world: World, searching: Searching) -> None:
    world.need(world.organisation(), title="Interpreters for judges", **SHORT)
    results = searching("interpretars for judges")
    assert [(one.typed, one.near) for one in results.respelt] == [("interpretars", "interpreters")]
    assert results.correction == "interpreters for judges"
    assert results.as_typed == '"interpretars" for judges'
    assert searching(results.as_typed).page.total == 0
    assert not searching("interpreters").respelt


def test_no_word_of_a_hidden_record_is_offered(world: World, searching: Searching) -> None:
    state = world.organisation()
    account = world.account(state)
    world.need(state, title="Zorvaquin for judges", disclosure="own", **SHORT)
    world.need(state, title="Judges", **SHORT)
    assert not searching("zorvaquim judges").respelt
    # Whoever may see the record finds it by its word; no other is put in its place.
    assert titles(searching("zorvaquin judges", world.actor(account))) == ["Zorvaquin for judges"]


def test_what_to_leave_out_gives_what_it_says(world: World, searching: Searching) -> None:
    state = world.organisation()
    world.need(state, title="Judges and ports", countries=["SN"], themes=["prisons"], **SHORT)
    world.need(state, title="Judges and prisons", countries=["SN"], themes=["prisons"], **SHORT)
    results = searching("judges zzqqa zzqqb", filters={"country": ["SN"], "theme": ["customs"]})
    assert results.page.total == 0
    results = searching("judges", filters={"country": ["SN"], "theme": ["customs"]})
    assert [(one.facet, one.value, one.count) for one in results.lighter] == [("theme", "customs", 2)]
    for one in results.lighter:
        request = SearchRequest.from_query(one.address)
        assert searching(request.text, filters=dict(request.filters)).page.total == one.count


def test_a_word_that_nobody_has_is_let_go_and_named(world: World, searching: Searching) -> None:
    world.need(world.organisation(), title="Judges", **SHORT)
    results = searching("judges zzqqxx")
    assert results.relaxed
    assert results.let_go == ("zzqqxx",)


def test_why_a_record_was_found_is_true_of_it(world: World, searching: Searching) -> None:
    world.need(
        world.organisation(name="Harbour Office"), title="Judges in Praia", themes=["prisons"],
        **{**SHORT, "problem": "Interpreters are lacking."},
    )  # fmt: skip
    results = searching("judges interpreters harbour prisons juges zzqq wwqq", language="fr")
    (found,) = results.page.items
    why = why_found(found, results.groups)
    assert why.places == {
        "title": ("judges",), "text": ("interpreters",), "organisation": ("harbour",), "theme": ("prisons",),
    }  # fmt: skip
    assert list(why.concepts.values()) == [("juges",)]
    assert why.missing == ("zzqq", "wwqq")
    quoted = searching('"judges in praia"')
    assert why_found(quoted.page.items[0], quoted.groups, ("judges in praia",)).places == {
        "title": ("“judges in praia”",)
    }


def test_restricted_fields_never_explain(world: World, searching: Searching, tx: Tx) -> None:
    world.need(world.organisation(), title="Judges", place="Tarrafal", contact="Zenaida", **SHORT)
    results = searching("judges Tarrafal Zenaida")
    assert results.page.total == 0
    assert searching("judges Tarrafal").let_go == ("tarrafal",)


@pytest.mark.parametrize(
    ("one", "other", "slips"), [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("", "ab", 2)]
)
def test_slips_are_counted(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == slips


def test_the_address_of_a_question_leads_back_to_it() -> None:
    request = SearchRequest.from_query('?q="a b" c&country=SN&country=GH&from=2027&sort=newest&size=50&page=3&x=1')
    assert SearchRequest.from_query(request.address()) == SearchRequest.from_query(request.address(page="1"))
    assert re.fullmatch(r"\?q=.*&from=2027&country=SN&country=GH&sort=newest&size=50", request.address())
