"""Every hostile file that people collected is sent to a need's form: each is answered in words and does no harm."""

from __future__ import annotations

import re
import resource
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from sqlalchemy import select

from app.config import Settings
from app.foundation.filing.files import Attachment
from app.foundation.filing.looking.child import LONGEST_TEXT
from app.foundation.filing.looking.kinds import ENDINGS, FileRefused, check_file, ending_of
from app.foundation.filing.looking.reading import CannotRead, look_inside

pytestmark = pytest.mark.one_engine

HOSTILE = Settings.from_environment({}).shared_dir / "hostile"
FOLDERS = ("office", "pdf", "zip", "csv", "strings")
REFUSED = re.compile(r"“(hostile-[^”]+)” (?:is empty|cannot be taken|cannot be read as text|is larger than)")
TOGETHER = 20
"""So many are sent at once; the form names each that it does not take."""


def hostile() -> list:
    """All of these folders, and of the many XML files those that claim to be of a kind that is taken, and a few."""
    if not HOSTILE.is_dir():
        pytest.skip("the hostile files are not here")
    files = [path for folder in FOLDERS for path in sorted((HOSTILE / folder).rglob("*")) if path.is_file()]
    others = [path for path in sorted((HOSTILE / "xml").rglob("*")) if path.is_file()]
    return [*files, *(path for path in others if ending_of(path.name) in ENDINGS), *others[::90]]


def is_taken(path) -> bool:
    try:
        check_file(path.name, path.read_bytes())
    except FileRefused:
        return False
    return True


@pytest.fixture
def form(client, sign_in, world):
    """The form of a need that is there already, as somebody who may amend it has it before them."""
    state = world.organisation()
    need = world.need(state, themes=["prisons"], lines=[{"kind": "training"}])
    sign_in(client, world.account(state))
    return need, client.form(f"/needs/{need.ref}/amend", "need-form")


def test_each_is_refused_in_words_and_nothing_is_written(form, client, settings, tx):
    """The title is left out, so that what is taken is not kept either: the answer is the same page, with words."""
    need, fields = form
    path, files = f"/needs/{need.ref}/amend", hostile()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for first in range(0, len(files), TOGETHER):
        named = {f"hostile-{first + n}{one.suffix}": one for n, one in enumerate(files[first : first + TOGETHER])}
        chosen = [(BytesIO(one.read_bytes()), name) for name, one in named.items()]
        sent = {**fields, "title": "", "files": chosen}
        answer = client.post(path, data=sent, content_type="multipart/form-data", check=False)
        assert answer.status_code == 422
        refused = set(REFUSED.findall(answer.text))
        assert refused == {name for name, one in named.items() if not is_taken(one)}
    assert client.get("/health/live").status_code == 200
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory < 150_000
    assert tx.scalars(select(Attachment)).all() == []
    assert not (settings.data_dir / "files").exists()


def test_those_that_are_taken_are_read_within_bounds():
    """What is sound enough to be kept is read by children that end by themselves, with or without a text."""
    taken = [path for path in hostile() if is_taken(path) and path.suffix != ".csv"][::5]
    assert taken

    def read(path):
        try:
            return len(look_inside(path.name, path.read_bytes()).text)
        except CannotRead:
            return None

    # That they keep to their memory is the bound's own doing: test_reading.py. What a process was forked from counts
    # as the child's in what the system says of it, so it is not asked here.
    with ThreadPoolExecutor(2) as pool:
        lengths = list(pool.map(read, taken))
    assert all(length is None or length <= LONGEST_TEXT for length in lengths)
    assert any(lengths)
