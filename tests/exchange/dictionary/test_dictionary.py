"""The dictionary says of every column what it is, and of no column that is not there."""

from __future__ import annotations

import csv
import io

from lxml import etree

from app.exchange.dictionary.rules import CODE
from app.exchange.dictionary.tables import FEED_ELEMENTS, IATI_MARKS, TABLES
from app.exchange.iati.own import OWN
from tests.exchange.feeds.test_views import ATOM


def test_every_column_is_told_whole():
    for table in TABLES:
        names = [column.name for column in table.columns]
        assert len(names) == len(set(names)), table.name
        for column in table.columns:
            assert column.meaning.text.endswith((".", ":")), column
            if column.type == CODE and table.name == "3w" and "id" not in column.tag:
                assert column.code_list, column


def test_the_file_has_the_columns_of_the_data(client, world):
    world.programme(world.organisation("donor"))
    data = client.get("/open-data/3w.csv").data.decode("utf-8-sig").splitlines()
    told = list(csv.DictReader(io.StringIO(client.get("/open-data/dictionary.csv").data.decode("utf-8-sig"))))
    of_data = [row for row in told if row["Address"] == "/open-data/3w.csv"]
    assert [row["Column"] for row in of_data] == data[0].split(",")
    assert [row["HXL hashtag"] for row in of_data] == data[1].split(",")
    page = client.get("/open-data/dictionary").text
    assert all(column.tag in page for table in TABLES for column in table.columns)


def test_the_feeds_have_the_elements_that_are_told(client, world, index):
    world.programme(world.organisation("donor"))
    index()
    entry = etree.fromstring(client.get("/search.atom").data).find(f"{ATOM}entry")
    assert {each.tag.removeprefix(ATOM) for each in entry} == {column.name for column in FEED_ELEMENTS}


def test_our_marks_in_iati_files_are_told(client, world):
    world.programme(world.organisation("donor"), themes=["maritime_interdiction"], starts_on=None)
    tree = etree.fromstring(client.get("/iati/activities.xml").data)
    names = {name for each in tree.iter() for name in (each.tag, *each.attrib) if str(name).startswith(f"{{{OWN}}}")}
    told = {column.name.removeprefix("counterpart:") for column in IATI_MARKS}
    assert {"added", "oda"} <= {name.rpartition("}")[2] for name in names}
    elements = {each.tag.rpartition("}")[2] for each in tree.iter() if str(each.tag).startswith(f"{{{OWN}}}")}
    assert elements <= told
