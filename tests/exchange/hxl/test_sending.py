"""A donor sends a table: it sees what becomes of each row, and saves all of it or nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from app.foundation.audit import AuditEvent
from tests.exchange.hxl.sheets import HEAD, NEW, looked_at, programmes, save, send

HOSTILE = Path("/work/shared/data/hostile")
PORTS = "A-1,Ports,Courses for officers,port_control,SN,Dakar,Implementation,2027-01-01,31/12/2028,training"


def test_rows_of_one_activity_become_one_programme(client, editor, tx, donor):
    address = looked_at(client, PORTS, "A-1,Ports,,prisons,Ghana,,2,2027-01-01,,equipment")
    page = client.get(address).text
    assert "One programme can be saved" in page
    assert programmes(tx) == []
    assert save(client, address).status_code == 303
    (made,) = programmes(tx)
    assert (made.organisation_id, made.title, made.status, made.accepting) == (donor.id, "Ports", "2", "unknown")
    assert made.codes("theme") == ["port_control", "prisons"]
    assert made.codes("country") == ["GH", "SN"]
    assert made.codes("adm1") == ["SN:Dakar:"]
    assert made.codes("kind") == ["equipment", "training"]
    assert made.ends_on.isoformat() == "2028-12-31"
    assert "Dakar" in client.get(f"/programmes/{made.ref}").text
    actions = list(tx.scalars(select(AuditEvent.action).where(AuditEvent.record_ref == made.ref)))
    assert actions == ["programme.posted"]


def test_the_same_again_is_unchanged_and_another_title_a_change(client, editor, tx):
    save(client, looked_at(client, PORTS))
    again = client.get(looked_at(client, PORTS)).text
    assert "One programme is unchanged" in again
    assert "Save th" not in again
    changed = looked_at(client, PORTS.replace("Ports", "Sea ports"))
    assert "Changed" in client.get(changed).text
    save(client, changed)
    (one,) = programmes(tx)
    assert (one.title, one.version) == ("Sea ports", 2)


def test_rows_of_one_programme_without_its_reference_are_not_read_one_instead_of_the_other(client, editor, tx):
    save(client, looked_at(client, PORTS, "A-1,Ports,,prisons,GH,,2,2027-01-01,,equipment"))
    (there,) = programmes(tx)
    rows = [",Ports,,prisons,SN,,2,,,training", ",Ports,,prisons,GH,,2,,,training"]
    page = client.get(looked_at(client, *rows)).text
    assert "Row 2, Reference of the activity: Other rows are of this programme too" in page
    assert "Row 3, Reference of the activity: Other rows are of this programme too" in page
    assert "Save th" not in page
    whole = client.get(looked_at(client, *(f"{there.ref}{row}" for row in rows))).text
    assert "One programme can be saved" in whole


def test_our_own_file_comes_back_unchanged(client, editor, world, donor, tx):
    world.programme(donor, themes=["prisons", "port_control"], countries=["SN", "GH"], groupings=["ECOWAS"])
    world.programme(world.organisation("donor"), countries=["SN"])
    before = [(one.ref, one.version) for one in programmes(tx)]
    table = client.get("/open-data/3w.csv").data.decode("utf-8-sig").splitlines()
    mine = [line for line in table if not line.startswith("Organisme") and (donor.ref in line or line in table[:2])]
    page = client.get(send(client, "\n".join(mine)).headers["Location"]).text
    assert "One programme is unchanged" in page
    assert "#value" in client.get("/open-data/dictionary").text
    assert [(one.ref, one.version) for one in programmes(tx)] == before


def test_each_fault_says_where_it_is_and_how_to_mend_it(client, editor, tx, donor):
    rows = [
        "B-1,Ports,Text,port controll,SN,,2,2027-01-01,,training",
        "B-2,Sea,Text,prisons,SN,,2,03/04/2027,,training",
        "B-3,Air,,prisons,SN,,2,,,training",
        "B-4,Land,Text,prisons,SN,,4,,,training",
        "B-5,Rail,Text,prisons,,Dakar,2,,,training",
        "B-6,Road,Text,prisons,SN,,2,2027-05-01,2027-01-01,training",
        "B-7,Lake,Text,prisons,SN,,2,,,",
        "B-8,One,Text,prisons,SN,,2,,,training",
        "B-8,Two,Text,prisons,GH,,2,,,training",
    ]
    page = client.get(looked_at(client, *rows)).text
    for words in (
        "Row 2, Theme: “port controll” is not on the list. Near it:",
        "Row 3, Starts on: “03/04/2027” can be read in two ways",
        "Row 4, Description: A new programme needs a description",
        "Row 5, Status: A sheet cannot give this status",
        "Row 6, Country: An area needs its country",
        "Row 7, Ends on: This is before the start",
        "Row 8, Kinds of assistance: Say at least one kind",
        "Row 10, Activity: Row 9 says something else",
    ):
        assert words in page, words
    assert "Save th" not in page
    assert programmes(tx) == []


def test_rows_of_others_are_refused_and_sound_ones_saved(client, editor, tx, world):
    other = world.organisation("donor", name="Southland Aid")
    head = f"#org+name,#org+id,{HEAD}"
    rows = [
        f"Northland Aid,,{PORTS}",
        f"Southland Aid,{other.ref},{PORTS.replace('A-1', 'A-2')}",
        f"Southland Aid,,{PORTS.replace('A-1', 'A-3')}",
    ]
    address = looked_at(client, *rows, head=head)
    assert client.get(address).text.count("This row is of another organisation. Send the rows of Northland Aid") == 2
    save(client, address)
    assert [one.title for one in programmes(tx)] == ["Ports"]


def test_a_table_is_saved_once_and_columns_that_are_not_read_are_named(client, editor, tx):
    address = looked_at(client, f"{PORTS},77", head=f"{HEAD},#beneficiary+number")
    page = client.get(address).text
    assert "#beneficiary+number" in page
    key = re.search(r'name="form_key"[^>]*value="([^"]*)"', page)[1]
    for _ in range(2):
        answer = client.post("/open-data/3w/rows", data={"form_key": key, "confirm": "1"})
        assert answer.status_code == 303
    assert len(programmes(tx)) == 1
    assert client.post("/open-data/3w/rows", data={"form_key": "none", "confirm": "1"}).status_code == 303


def test_only_who_may_post_programmes_may_send_and_only_for_their_own(client, new_client, editor, sign_in, world, tx):
    address = looked_at(client, PORTS)
    other = new_client()
    sign_in(other, world.account(world.organisation("donor")))
    assert other.get(address).status_code == 302 or "not kept any more" in other.get(NEW).text
    state = new_client()
    sign_in(state, world.account(world.organisation("state")))
    assert state.get(NEW).status_code == 403
    assert new_client().get(NEW).status_code == 302


@pytest.mark.one_engine
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_the_template_is_taken_as_it_comes(client, editor, name):
    body = client.get(f"/open-data/3w/template.{name[2:]}").data
    answer = send(client, body, name)
    assert answer.status_code == 303
    assert "One programme can be saved" in client.get(answer.headers["Location"]).text


@pytest.mark.one_engine
@pytest.mark.skipif(not HOSTILE.exists(), reason="the hostile files are not here")
def test_hostile_files_are_refused_in_words(client, editor, tx):
    files = [
        one for folder in ("csv", "office", "zip") for one in sorted((HOSTILE / folder).rglob("*")) if one.is_file()
    ]
    assert len(files) > 30
    for file in files[::9]:
        answer = send(client, file.read_bytes()[: 3 * 1024 * 1024], file.name)
        assert answer.status_code == 422, file
        assert "field-error" in answer.text
    assert programmes(tx) == []
