"""Files lie in a folder; or in the database, where every host finds what another one has kept."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import delete, func, select, update

from app.exchange.intake.uploading import UploadRefused, take_in
from app.foundation.filing import store as file_store
from app.foundation.filing.files import file_name, store_file
from app.foundation.filing.store import PART, FileStore, StoredFile, StoredPart

LETTER = b"%PDF a letter" * 1000
LONG = os.urandom(PART * 2 + 17)
WALL = datetime.now(UTC)


@pytest.fixture
def hosts(database, tmp_path) -> tuple[FileStore, FileStore]:
    """Two machines, each with a folder of its own, on one database."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    return FileStore(first, shared=database), FileStore(second, shared=database)


def test_what_one_host_keeps_another_finds(hosts) -> None:
    one, other = hosts
    name = file_name(store_file(one, LONG))
    assert other.read(name) == LONG
    assert (other.folder / name).read_bytes() == LONG
    assert other.read("files/00/none") is None


def test_a_file_is_kept_in_pieces_and_once(hosts, database) -> None:
    one, other = hosts
    assert store_file(one, LONG) == store_file(other, LONG)
    with database.reading() as tx:
        sizes = tx.scalars(select(func.length(StoredPart.content)).order_by(StoredPart.number)).all()
        kept = tx.scalars(select(StoredFile)).one()
    assert (sizes, kept.size) == ([PART, PART, 17], len(LONG))


def test_it_is_there_for_others_with_the_row_that_names_it_or_not_at_all(hosts, database) -> None:
    one, other = hosts
    with pytest.raises(RuntimeError), database.transaction() as tx:
        name = file_name(store_file(one, LETTER, tx))
        raise RuntimeError
    assert other.find(name) is None
    with database.transaction() as tx:
        store_file(one, LETTER, tx)
    assert other.read(name) == LETTER


def test_an_upload_goes_from_the_disk_to_the_others(hosts) -> None:
    one, other = hosts
    (taken,) = take_in(one, [("a.xml", BytesIO(LONG))])
    assert other.read(f"incoming/{taken['sha256']}") == LONG
    with pytest.raises(UploadRefused):
        take_in(one, [("b.xml", BytesIO())])
    assert [path.name for path in (one.folder / "incoming").iterdir()] == [taken["sha256"]]


def test_what_is_removed_is_gone_and_copies_go_after_it(hosts) -> None:
    one, other = hosts
    name = file_name(store_file(one, LETTER))
    assert other.find(name)
    one.remove([name])
    assert one.find(name) is None
    assert other.forget_copies() == 0, "a copy of this very hour may be one that is just coming in"
    long_ago(other, name, hours=2)
    assert other.forget_copies() == 1
    assert other.find(name) is None


def test_a_copy_that_nobody_asks_for_goes_and_comes_back(hosts) -> None:
    one, other = hosts
    name = file_name(store_file(one, LETTER))
    long_ago(one, name, hours=24 * 6)
    assert one.forget_copies() == 0
    long_ago(one, name, hours=24 * 8)
    assert one.find(name), "whoever asks for it makes it stay"
    assert one.forget_copies() == 0
    long_ago(one, name, hours=24 * 8)
    assert one.forget_copies() == 1
    assert one.read(name) == LETTER == other.read(name)


def test_what_is_damaged_in_the_database_is_not_given_out(hosts, database) -> None:
    one, other = hosts
    name = file_name(store_file(one, LONG))
    with database.transaction() as tx:
        tx.execute(update(StoredPart).where(StoredPart.number == 1).values(content=b"rotten"))
    assert other.find(name) is None
    assert not [path for path in other.folder.rglob("*") if path.is_file()]
    assert one.read(name) == LONG


def test_a_full_disk_is_no_missing_file(hosts, monkeypatch) -> None:
    one, other = hosts
    name = file_name(store_file(one, LETTER))

    def full(*_anything: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(file_store, "write_whole", full)
    with pytest.raises(OSError, match="No space"):
        other.find(name)


def test_what_nobody_wants_is_forgotten_on_all_hosts(hosts, database) -> None:
    one, other = hosts
    wanted, unwanted, fresh = (store_file(one, text, below="jobs/") for text in (b"1", b"2", b"3"))
    names = [f"jobs/{file_name(digest)}" for digest in (wanted, unwanted, fresh)]
    for name in names[:2]:
        long_ago(one, name, hours=2)
        with database.transaction() as tx:
            old = WALL - timedelta(hours=2)
            tx.execute(update(StoredFile).where(StoredFile.name == name).values(kept_at=old))
    assert other.forget("jobs/files", {names[0]}, WALL) == 1
    assert [other.find(name) is not None for name in names] == [True, False, True]


def test_a_small_note_is_the_last_one_of_any_host(hosts, tmp_path) -> None:
    one, other = hosts
    one.keep_note("last.json", b"1")
    other.keep_note("last.json", b"2")
    assert one.note("last.json") == b"2"
    alone = FileStore(tmp_path / "alone")
    assert alone.note("last.json") is None
    alone.keep_note("last.json", b"3")
    assert alone.note("last.json") == b"3"


def test_a_folder_alone_does_the_same(tmp_path) -> None:
    store = FileStore(tmp_path)
    name = file_name(store_file(store, LETTER))
    assert store.read(name) == LETTER
    assert store.forget("files", set(), WALL) == 0
    long_ago(store, name, hours=2)
    assert store.forget_copies() == 0
    assert store.forget("files", set(), WALL) == 1
    assert store.find(name) is None


@pytest.mark.parametrize("is_shared", [False, True])
def test_half_of_a_broken_upload_goes_after_an_hour(hosts, tmp_path, is_shared) -> None:
    store = hosts[0] if is_shared else FileStore(tmp_path)
    for name, hours in (("incoming/fresh.part", 0), ("incoming/old.part", 2)):
        (store.folder / name).parent.mkdir(exist_ok=True)
        (store.folder / name).write_bytes(b"<iati-act")
        long_ago(store, name, hours)
    assert (store.forget_copies() if is_shared else store.forget("incoming", set(), WALL)) == 1
    assert [path.name for path in (store.folder / "incoming").iterdir()] == ["fresh.part"]


def test_two_hosts_that_keep_the_same_at_once_keep_it_once(hosts, database) -> None:
    one, other = hosts
    with database.transaction() as tx:
        store_file(one, LETTER, tx)
        store_file(other, LETTER, tx)
    with database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(StoredPart)) == 1
    with database.transaction() as tx:
        tx.execute(delete(StoredFile))
    with database.reading() as tx:
        assert tx.scalar(select(func.count()).select_from(StoredPart)) == 0


def long_ago(store: FileStore, name: str, hours: int) -> None:
    then = time.time() - hours * 3600
    os.utime(store.folder / name, (then, then))
