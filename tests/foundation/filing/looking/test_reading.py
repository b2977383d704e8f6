"""The text of a file is read by a child that may take so much and no more; whatever becomes of it, the site goes on."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.foundation.filing.looking import child
from app.foundation.filing.looking.kinds import FileRefused
from app.foundation.filing.looking.reading import CHILD, CannotRead, check_picture, look_inside
from tests import documents as make

pytestmark = pytest.mark.one_engine

WORDS = "Conteneurs de Praia"


def test_the_text_of_every_kind_is_read():
    files = {
        "a.pdf": make.pdf(WORDS), "a.docx": make.docx(WORDS), "a.xlsx": make.xlsx(WORDS),
        "a.odt": make.odf("odt", WORDS),
        "a.ods": make.odf("ods", WORDS), "a.txt": b"\xef\xbb\xbf" + WORDS.encode(), "a.csv": WORDS.encode("cp1252"),
    }  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(files, pool.map(lambda pair: look_inside(*pair), files.items()), strict=True))
    assert {name: WORDS in inside.text for name, inside in found.items()} == dict.fromkeys(files, True)
    assert {name: inside.pages for name, inside in found.items() if inside.pages} == {
        "a.pdf": 1,
        "a.xlsx": 1,
        "a.ods": 1,
    }


def test_only_so_much_text_is_kept():
    assert len(look_inside("a.txt", b"palavra " * 100_000).text) <= child.LONGEST_TEXT


PROGRAMS = {
    "takes too much memory": "x = bytearray(700 * 1024 * 1024)",
    "writes": "open('/tmp/counterpart-child-wrote', 'w').write('x' * 100)",
    "calls": "import socket; socket.socket()",
    "opens": "open('/etc/hostname')",
    "dies": "import os; os.kill(os.getpid(), 11)",
    "answers nonsense": "print('{'); sys.exit(0)",
    "answers without end": "\nwhile True: sys.stdout.write('x' * 100000)",
}


@pytest.mark.parametrize("what", PROGRAMS)
def test_a_child_that_goes_wrong_is_no_more_than_a_file_that_cannot_be_read(what, tmp_path):
    """The bounds are those of the real child; what it does within them stands here in the place of its reading."""
    program = tmp_path / "child.py"
    program.write_text(
        f"{CHILD.read_text().partition('if __name__')[0]}\nbound()\nshut()\n{PROGRAMS[what]}\nprint('{{}}')"
    )
    with pytest.raises(CannotRead):
        look_inside("a.txt", b"text", 10, program)


def test_the_bounds_are_what_stops_them(tmp_path):
    """Otherwise the test above would prove nothing: a child that keeps within them answers."""
    program = tmp_path / "child.py"
    program.write_text(f"{CHILD.read_text().partition('if __name__')[0]}\nbound()\nshut()\nprint('{{}}')")
    assert look_inside("a.txt", b"text", 10, program).text == ""


def test_a_child_that_sleeps_is_stopped(tmp_path):
    program = tmp_path / "child.py"
    program.write_text("import time; time.sleep(30)")
    began = time.monotonic()
    with pytest.raises(CannotRead):
        look_inside("a.txt", b"x" * 1_000_000, 0.5, program)
    assert time.monotonic() - began < 10


def test_a_child_is_told_nothing_of_the_site(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "not-for-children")
    program = tmp_path / "child.py"
    program.write_text("import json, os; print(json.dumps({'text': ' '.join(os.environ)}))")
    assert "SECRET_KEY" not in look_inside("a.txt", b"text", 10, program).text
    assert "app" not in {name for name in sys.modules if name == CHILD.stem}


@pytest.mark.parametrize(
    ("content", "reason"),
    [(make.png(20_000, 20_000), "pixels"), (make.png()[:30], "broken"), (b"\xff\xd8\xff", "broken")],
)
def test_a_picture_is_opened_before_it_is_taken(content, reason):
    with pytest.raises(FileRefused) as caught:
        check_picture("a.png", content)
    assert caught.value.reason == reason


def test_a_sound_picture_is_taken_and_others_are_not_opened():
    check_picture("a.png", make.png())
    check_picture("a.pdf", b"")
