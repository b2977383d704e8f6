"""A record is found by the words of its public files, after what says it itself; of other files nothing comes out."""

from __future__ import annotations

from typing import Any

import pytest

from app.foundation.db import Tx
from app.foundation.filing.files import Attachment, FileText
from app.search.documents import documents
from app.search.explaining import why_found
from app.search.in_files import FileFound, file_with, language_of
from app.search.query import offers_alike
from app.search.records import load_records
from app.search.terms import groups_of
from tests.factories import World
from tests.search.conftest import Searching, titles

SHORT: dict[str, Any] = {"problem": "", "summary": "", "objectives": ""}
TEXT = "Les termes de référence prévoient la formation de douze chromatographistes au laboratoire de Mindelo."


def attach(tx: Tx, record: Any, text: str = TEXT, **values: Any) -> Attachment:
    file = Attachment(
        **{
            "record_kind": record.record_kind, "record_ref": record.ref, "organisation_id": record.organisation_id,
            "name": "Termes.pdf", "size": 10, "sha256": "0" * 64, "uploaded_by": None, "uploaded_at": record.posted_at,
            "state": "clean", "text_state": "read", **values,
        }
    )  # fmt: skip
    tx.add(file)
    tx.flush()
    tx.add(FileText(attachment_id=file.id, text=text))
    tx.flush()
    return file


def test_a_record_is_found_by_its_file_and_told_why(world: World, searching: Searching, tx: Tx) -> None:
    by_file = world.need(world.organisation(), title="Laboratory", **SHORT)
    attach(tx, by_file)
    world.need(world.organisation(), title="Chromatographistes", **SHORT)
    results = searching("chromatographiste")
    # What says it itself stands first.
    assert titles(results) == ["Chromatographistes", "Laboratory"]
    why = why_found(results.page.items[1], results.groups)
    assert (why.files, why.missing) == ({"Termes.pdf": ("chromatographiste",)}, ())


def test_why_is_said_on_the_page(world: World, index: Any, tx: Tx, client: Any) -> None:
    attach(tx, world.need(world.organisation(), title="Laboratory", **SHORT))
    index()
    assert "In the file “Termes.pdf”:" in client.get("/search?q=laboratory+chromatographistes").text


@pytest.mark.parametrize(
    ("need", "file"),
    [
        ({"disclosure": "members"}, {}),
        ({"field_disclosure": {"files": "members"}}, {}),
        ({"field_disclosure": {"files": "own"}}, {}),
        ({"is_published": False}, {}),
        ({}, {"state": "waiting"}),
        ({}, {"state": "refused"}),
    ],
)
def test_nothing_of_other_files_is_found_by_anybody(
    world: World, searching: Searching, tx: Tx, need: dict[str, Any], file: dict[str, Any]
) -> None:
    record = world.need(world.organisation(), title="Laboratory", **SHORT, **need)
    attach(tx, record, **file)
    for reader in (world.somebody("state"), world.somebody("secretariat")):
        results = searching("chromatographistes", reader)
        assert (titles(results), results.correction) == ([], "")
    assert not any(document.files for document in documents(tx, "need", [record.id]))
    assert [found.files for found in load_records(tx, world.somebody("secretariat"), [("need", record.id)])] in (
        [()],
        [],
    )


def test_comparing_records_takes_no_notice_of_files(world: World, index: Any, tx: Tx) -> None:
    attach(tx, world.programme(world.organisation("donor"), title="Laboratory", description=""))
    engine = index()
    assert offers_alike(engine, "chromatographistes mindelo", frozenset(), frozenset({"programme"}), 5).total == 0


def test_words_of_files_are_no_suggestions(world: World, index: Any, tx: Tx) -> None:
    attach(tx, world.need(world.organisation(), title="Laboratory", **SHORT))
    assert index().suggest("chromatographist") is None


@pytest.mark.one_engine
def test_a_text_tells_its_language_and_which_file_has_a_word() -> None:
    assert language_of(TEXT) == "fr"
    assert language_of("The terms of reference are about the training of the officers") == "en"
    assert language_of("XX 12 QQ") == ""
    (group,) = groups_of("formations")
    files = [FileFound("a.pdf", "Nothing of it"), FileFound("b.pdf", TEXT)]
    assert file_with(group, files) == "b.pdf"
    assert file_with(groups_of("zzqq")[0], files) is None
