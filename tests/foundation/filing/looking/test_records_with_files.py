"""Programmes and courses take files as needs do: chosen in their forms, open to who sees them, taken off again."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from app.foundation.filing.files import Attachment
from tests.documents import docx, pdf

KINDS = {"programme": ("donor", "programmes"), "course": ("centre", "courses")}


@pytest.fixture(params=KINDS)
def record(request, world, client, sign_in):
    kind, folder = KINDS[request.param]
    owner = world.organisation(kind)
    made = getattr(world, request.param)(owner, disclosure="members", themes=["prisons"], countries=["SN"])
    sign_in(client, world.account(owner))
    return made, f"/{folder}/{made.ref}", f"{request.param}-form"


def test_files_are_chosen_given_to_who_sees_the_record_and_taken_off(record, client, new_client, sign_in, world, tx):
    _made, address, form = record
    chosen = {"files": [(BytesIO(pdf("terms")), "../Terms.pdf")]}
    assert client.submit(f"{address}/amend", chosen, form_id=form).status_code == 303
    (file,) = tx.scalars(select(Attachment))
    path, ref = f"{address}/files/{file.ref}", file.ref
    assert "Terms.pdf" in client.get(address).text
    member = new_client()
    sign_in(member, world.account(world.organisation("ngo")))
    got = member.get(path)
    assert (got.data, got.mimetype) == (pdf("terms"), "application/octet-stream")
    assert got.headers["Content-Disposition"].startswith("attachment; filename=Terms.pdf")
    assert new_client().get(path).status_code == 404
    assert client.submit(f"{address}/amend", {"unwanted_files": ref}, form_id=form).status_code == 303
    assert member.get(path).status_code == 404


def test_each_file_that_is_not_taken_is_named_and_nothing_typed_is_lost(record, client, tx):
    _made, address, form = record
    wrong = [
        (BytesIO(docx(more={"word/vbaProject.bin": b"x"})), "plan.docx"), (BytesIO(b"MZ"), "run.exe"),
        (BytesIO(pdf()), "sound.pdf"),
    ]  # fmt: skip
    page = client.submit(f"{address}/amend", {"files": wrong, "title": "Another title"}, form_id=form)
    assert page.status_code == 422
    assert "“plan.docx” cannot be taken: it holds macros. Save it without them" in page.text
    assert "“run.exe” cannot be taken" in page.text
    assert "sound.pdf" not in page.text
    assert "Another title" in page.text
    assert "Choose them again below" in page.text
    assert tx.scalars(select(Attachment)).all() == []
