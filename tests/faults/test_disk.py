"""A disk that is full or read-only: what is written is refused in words, nothing is half there, and it goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.foundation.audit import AuditEvent
from app.foundation.filing.files import Attachment
from app.needs.models import Need
from tests.benchmarks.visitor import Unexpected
from tests.faults.conftest import Place
from tests.faults.disks import NO_ROOT, View, fill_up, may_mount, view
from tests.faults.hosts import wait_for
from tests.faults.sending import Answered, send
from tests.faults.writers import Entry, Writer

pytestmark = [pytest.mark.slow, pytest.mark.one_engine, pytest.mark.skipif(not may_mount(), reason=NO_ROOT)]

MOST_POSTS = 400
PLAN = b"Terms of reference of the training.\n" * 40_000


@pytest.fixture
def disk() -> Iterator[View]:
    with view() as made:
        yield made


def try_need(writer: Writer, marker: str, **file: bytes) -> Answered:
    """Post a need once, with whatever comes of it."""
    form, to, typed = writer.needs(marker)
    typed |= {"form_key": f"key-{marker}"}
    answered = send(writer.visitor, to, writer.fields(form), typed, **file)
    if answered.status == 303:
        writer.account.note(Entry("needs", marker, answered.location, 1), 0)
    return answered


def refused_in_words(answered: Answered, marker: str) -> None:
    """A page that says to try again, with a reference and what was typed, and nothing of how the site is made."""
    assert answered.status == 503, answered.text[:2000]
    assert "Please try again in a moment" in answered.text
    assert 'class="reference"' in answered.text
    assert f"Training of judges {marker}" in answered.text
    assert "Traceback" not in answered.text
    assert "sqlite" not in answered.text.lower()


def there(place: Place, marker: str) -> tuple[int, int]:
    """How many needs bear the marker, and how many events and files there are in all that belong to none."""
    with place.database.reading() as tx:
        # disclosure: the test looks at its own world.
        needs = select(func.count()).select_from(Need).where(Need.title.contains(marker))
        refs = select(Need.ref)
        stray = (
            select(func.count())
            .select_from(AuditEvent)
            .where(AuditEvent.action == "need.posted", AuditEvent.record_ref.not_in(refs))
        )
        files = select(func.count()).select_from(Attachment).where(Attachment.record_ref.not_in(refs))
        return tx.scalar(needs) or 0, (tx.scalar(stray) or 0) + (tx.scalar(files) or 0)


def goes_on(place: Place, writer: Writer, marker: str) -> None:
    """Writing works again by itself: the same processes, no restart."""
    before = [part.number for part in place.site.web]
    wait_for(lambda: try_need(writer, marker).status == 303, "writing does not go on")
    assert [part.number for part in place.site.web] == before
    assert all(part.is_alive() for part in place.site.web)


def test_a_full_disk_refuses_in_words_and_goes_on(disk: View, place_on: Callable[..., Place]) -> None:
    seen = folder = disk.memory(disk.folder / "data", 48)
    place = place_on("sqlite", folder, namespace=disk.number, writes=40)
    writer = place.person("needs")
    assert try_need(writer, "zq00x00000x00000000").status == 303
    filler = fill_up(seen)
    refused = []
    for number in range(1, MOST_POSTS):
        marker = f"zq00x{number:05d}x00000000"
        answered = try_need(writer, marker)
        if answered.status != 303:
            refused_in_words(answered, marker)
            refused.append(marker)
        # The database may have room left in its own files for a while.
        if len(refused) == 3:
            break
    assert len(refused) == 3
    # Reading goes on meanwhile, also for whoever has signed in.
    for path in ("/needs", "/search?q=judges", "/desk"):
        writer.visitor.get(path)
    assert [there(place, marker) for marker in refused] == [(0, 0)] * 3
    filler.unlink()
    goes_on(place, writer, "zq00x90000x00000000")
    # What was refused may be sent again as it stands, and is there once.
    assert try_need(writer, refused[0]).status == 303
    if place.site.worker and not place.site.worker.is_alive():
        # The supervisor would have done that (tests/faults/test_supervisor.py).
        place.site.worker.start()
    place.settle()
    place.check()
    with sqlite3.connect(f"{seen}/counterpart.sqlite") as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def upload_place(disk: View, place_on: Callable[..., Place]) -> tuple[Place, Path]:
    """A site whose folder of files is a small disk of its own."""
    folder = disk.memory(disk.folder / "data", 96)
    files = disk.memory(folder / "files", 8)
    return place_on("sqlite", folder, namespace=disk.number, writes=40), files


def test_files_for_which_there_is_no_room_leave_nothing_behind(disk: View, place_on: Callable[..., Place]) -> None:
    place, files = upload_place(disk, place_on)
    writer = place.person("needs")
    filler = fill_up(files, left=300_000)
    marker = "zq00x00001x00000000"
    answered = try_need(writer, marker, files=PLAN)
    refused_in_words(answered, marker)
    assert "Your files did not arrive" in answered.text
    assert there(place, marker) == (0, 0)
    assert [path for path in files.rglob("*") if path.is_file()] == [filler]
    filler.unlink()
    assert try_need(writer, marker, files=PLAN).status == 303
    # The same disk, read-only: as when it is worn out.
    disk.run("mount", "-o", "remount,ro", str(files))
    other = "zq00x00002x00000000"
    refused_in_words(try_need(writer, other, files=PLAN + b"2"), other)
    assert there(place, other) == (0, 0)
    disk.run("mount", "-o", "remount,rw", str(files))
    assert try_need(writer, other, files=PLAN + b"2").status == 303
    place.settle()
    place.check()


def test_a_disk_that_turns_read_only_is_still_read_from(disk: View, place_on: Callable[..., Place]) -> None:
    """As the kernel does it to a disk that fails: from one moment to the next, under a running site."""
    image, folder = disk.folder / "disk.img", disk.folder / "data"
    disk.blank(image, 96)
    disk.loop(image, folder)
    place = place_on("sqlite", folder, namespace=disk.number, writes=40)
    writer = place.person("needs")
    assert try_need(writer, "zq00x00000x00000000").status == 303
    place.settle()
    disk.run("mount", "-o", "remount,abort", str(folder), check=False)
    marker = "zq00x00001x00000000"
    refused_in_words(try_need(writer, marker), marker)
    for path in ("/needs", "/search?q=judges"):
        writer.visitor.get(path)
    place.site.stop()
    place.database.close()
    # A disk that the kernel gave up is mended and mounted anew; the site comes back with all that it acknowledged.
    disk.unmount(folder)
    disk.run("fsck.ext4", "-fy", str(image), check=False)
    disk.loop(image, folder)
    place.site.start()
    try:
        assert try_need(writer, marker).status == 303
    except Unexpected:
        pytest.fail("writing does not go on")
    place.settle()
    place.check()
