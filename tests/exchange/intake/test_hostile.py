"""Files that are meant to do harm, sent by page: a refusal in words, nothing written, and the memory stays small."""

from __future__ import annotations

import os
import resource
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.exchange.intake.models import FileImport, ImportProblem
from app.programmes.models import Programme

SHARED = Path(os.environ.get("COUNTERPART_SHARED") or Path(__file__).parents[4] / "shared" / "data")
HOSTILE = SHARED / "hostile"
TWENTY = 20


def hostile_files():
    return sorted(path for folder in ("xml", "zip") for path in (HOSTILE / folder).rglob("*") if path.is_file())


# The test client writes a large body into a temporary file of its own, and leaves that to be collected.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.one_engine
@pytest.mark.skipif(not HOSTILE.exists(), reason="by design: the hostile files are not here")
def test_no_hostile_file_gets_through_the_page(tx, client, sign_in, editor, upload):
    sign_in(client, editor)
    files = [(path, path.read_bytes()) for path in hostile_files() if path.stat().st_size]
    assert len(files) > TWENTY
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for start in range(0, len(files), TWENTY):
        sent = [
            (f"{start + number}-{path.name}", content)
            for number, (path, content) in enumerate(files[start : start + TWENTY])
        ]
        made = upload(client, *sent)
        assert isinstance(made, FileImport)
        assert made.state in {"read", "refused"}, "the work broke off"
        page = client.get(f"/imports/{made.ref}").get_data(as_text=True)
        assert "Traceback" not in page
        assert "root:" not in page
    # What a bomb would unfold to is gigabytes; a page and a reader of a few kilobytes are not.
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 150, f"{grown:.0f} MB more"
    assert tx.scalar(select(func.count(Programme.id))) == 0
    told = set(tx.scalars(select(ImportProblem.code)))
    assert {"doctype", "not_xml"} <= told
